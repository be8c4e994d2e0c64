import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from intervision import clock
from intervision.days import DayField
from programs import independence
from programs.actions.running import Newcomer
from programs.forms.choosing import choose
from programs.models import Group, Guide, Membership


class PauseForm(forms.Form):
    """From when until when; no reason is asked, and none is stored."""

    from_on = DayField(label=_("Pauses from"))
    until_on = DayField(label=_("Until"), required=False, help_text=_("Leave empty if it is not known yet."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_on"].initial = clock.today

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        start, end = data.get("from_on"), data.get("until_on")
        if start and end and end < start:
            self.add_error("until_on", _("A pause must end after it starts."))
        if end and end < clock.today():
            self.add_error("until_on", _("This day is past already."))
        return data


class LeaveForm(forms.Form):
    on = DayField(label=_("Last day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today

    def clean_on(self) -> dt.date:
        on: dt.date = self.cleaned_data["on"]
        if on > clock.today():
            raise forms.ValidationError(_("Leaving is noted on the day itself, or afterwards. Choose today."))
        return on


class AddForm(forms.Form):
    """Somebody of this program without a seat, or somebody new. Who may not be in the group is not offered."""

    #: One of the two ways is filled in, so "optional" at each field would mislead.
    hide_optional = True

    membership = forms.ModelChoiceField(
        Membership.objects.none(),
        label=_("Somebody of this program without a group"),
        required=False,
        empty_label=_("Choose…"),
    )
    name = forms.CharField(label=_("Or somebody new: name"), max_length=150, required=False)
    email = forms.EmailField(label=_("E-mail address"), max_length=254, required=False)

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group
        seatless = Membership.objects.live().filter(program=group.program_id, group__isnull=True)
        possible = seatless.exclude(user__in=independence.barred_from(group, clock.today()))
        self.fields["membership"].queryset = possible.select_related("user")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        chosen, name, email = data.get("membership"), data.get("name"), data.get("email")
        if chosen and (name or email):
            self.add_error("membership", _("Choose somebody, or type somebody new: not both."))
        elif not chosen and not self.errors:
            if not name:
                self.add_error("name", _("Choose somebody above, or type a name here."))
            if not email:
                self.add_error("email", _("Somebody new needs an e-mail address."))
        return data

    def newcomer(self) -> Newcomer:
        return Newcomer(name=self.cleaned_data["name"], email=self.cleaned_data["email"])


class AnotherGuideForm(forms.Form):
    """Who guides from when, and whom they replace. People who evaluate a member are not among the choices."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Who"), empty_label=_("Choose…"))
    replacing = forms.ModelChoiceField(
        Guide.objects.none(),
        label=_("In the place of"),
        required=False,
        empty_label=_("nobody: beside whoever guides now"),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Guide.Role.choices)
    from_on = DayField(label=_("From"))

    def __init__(self, *args: Any, guides: list[Guide], people: list[User], **kwargs: Any) -> None:
        """``guides`` of now or later, and ``people`` who may guide."""
        super().__init__(*args, **kwargs)
        choose(self.fields["user"], people)
        choose(self.fields["replacing"], guides, lambda guide: guide.user.name)
        leads = (guide.pk for guide in guides if guide.role == Guide.Role.LEAD)
        self.fields["replacing"].initial = next(leads, None)
        self.fields["from_on"].initial = clock.today()

    def clean_from_on(self) -> dt.date:
        from_on: dt.date = self.cleaned_data["from_on"]
        if from_on < clock.today():
            raise forms.ValidationError(_("Choose today or a later day."))
        return from_on


class RulesForm(forms.Form):
    """The ground rules of one group, in both languages."""

    text_en = forms.CharField(
        label=_("In English"), max_length=4000, widget=forms.Textarea(attrs={"rows": 9, "lang": "en"})
    )
    text_nl = forms.CharField(
        label=_("In Dutch"), max_length=4000, widget=forms.Textarea(attrs={"rows": 9, "lang": "nl"})
    )
    #: The version the text was read from, so that the second of two editors sees the first one's.
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
