import uuid
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from concerns.models import LeakReport
from programs.models import Group


class ReportForm(forms.Form):
    """What left the group, from a closed list. Reporting is ``actions.report``; ``once`` makes it happen once."""

    once = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What happened?"), choices=LeakReport.Kind.choices, widget=forms.RadioSelect
    )
    named = forms.BooleanField(
        label=_("The independent person may know that it was me"),
        required=False,
        help_text=_("Without this tick nothing is stored that says who you are."),
    )

    def __init__(self, *args: Any, by: User, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signer = signing.Signer(salt=f"concerns.once.{by.pk}.{group.pk}")
        self.fields["once"].initial = self.signer.sign(str(uuid.uuid4()))

    def clean_once(self) -> uuid.UUID:
        try:
            return uuid.UUID(self.signer.unsign(self.cleaned_data["once"]))
        except (signing.BadSignature, ValueError) as error:
            raise ValidationError(_("This page was open too long. Please send it once more.")) from error


class FollowForm(forms.Form):
    code = forms.CharField(
        label=_("Your code"),
        max_length=40,
        help_text=_("Sixteen letters and digits, for example ABCD-EFGH-2345-WXYZ."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class StepForm(forms.Form):
    """The next step of a report. ``seen`` is the state the page showed."""

    #: Only the step to repaired asks what was done, and there it is needed.
    hide_optional = True

    seen = forms.ChoiceField(choices=LeakReport.State.choices, widget=forms.HiddenInput)
    to = forms.ChoiceField(choices=LeakReport.State.choices, widget=forms.HiddenInput)
    repairs = forms.MultipleChoiceField(
        label=_("What was done to repair it?"),
        choices=LeakReport.Repair.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
