from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Placement
from accounts.models.person import current_q
from catalogue import load
from intervision import clock
from programs.actions import guides
from programs.actions.joining import Newcomer
from programs.models import JoinRequest


class AddressForm(forms.Form):
    """Where the link goes. Known or unknown, the answer is the same."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("You get a link by mail. There is no password to remember."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class InterestForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class NewcomerForm(forms.Form):
    """Asked once, of somebody whose mailbox has vouched for them: only what we do not know yet."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        help_text=_("Your group and its guide see it, nobody else who takes part does."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("Department"),
        empty_label=_("Choose…"),
        help_text=_("So that nobody who assesses you is ever in your group."),
    )
    training_year = forms.TypedChoiceField(
        label=_("Training year"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", _("Choose…")), *((n, n) for n in range(1, 13))],
        help_text=_("A group is best with people from different years."),
    )

    def __init__(self, *args: Any, request: JoinRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        house = request.program.institution
        person = guides.known_person(request.email)
        departments = house.departments.all()
        here = current_q(house.on_day(clock.now()))
        placed = Placement.objects.filter(here, user=person, department__institution=house)
        asks = load().formats[request.program.format].asks
        if person:
            del self.fields["name"]
        if not departments or (person and placed.exists()):
            del self.fields["department"], self.fields["training_year"]
            return
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]
        if "training_year" not in asks:
            del self.fields["training_year"]

    def newcomer(self, language: str) -> Newcomer:
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return Newcomer(language=language, **given)
