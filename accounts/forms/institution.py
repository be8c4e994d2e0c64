import re
import zoneinfo
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.actions.institutions import EDITED
from accounts.models import Appointment, ClosedDay, Department, HelpContact, Institution, User
from accounts.models.institution import WEEKDAYS
from intervision import clock, versions
from intervision.days import DayField

COUNTRIES = [
    ("NL", _("Netherlands")),
    ("BE", _("Belgium")),
    ("DE", _("Germany")),
    ("FR", _("France")),
    ("LU", _("Luxembourg")),
    ("DK", _("Denmark")),
    ("SE", _("Sweden")),
    ("NO", _("Norway")),
    ("GB", _("United Kingdom")),
    ("IE", _("Ireland")),
    ("US", _("United States")),
    ("CA", _("Canada")),
]
DAYS = [
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
]
PHONE = re.compile(r"[0-9+()/. -]*")


def zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The time zones by part of the world, Europe first."""
    names = sorted(name for name in zoneinfo.available_timezones() if re.match(r"[A-Z][a-z]+/", name))
    parts = groupby(
        (name for name in names if not name.startswith("Etc/")), key=lambda name: name.split("/")[0]
    )
    listed = [(part, [(name, name) for name in inside]) for part, inside in parts]
    return sorted(listed, key=lambda group: group[0] != "Europe")


class InstitutionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Saving is ``actions.institutions``; ``seen`` says what the editor saw."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    country = forms.ChoiceField(
        label=_("Country"), choices=COUNTRIES, help_text=_("Nothing is planned on its public holidays.")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("For people who have not chosen one.")
    )
    working_days = forms.TypedMultipleChoiceField(
        label=_("Working days"), choices=DAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Institution
        fields = EDITED
        labels = {"name": _("Name")}
        widgets = {
            "working_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "working_until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = versions.fingerprint(self.instance, EDITED)
        known = {code for code, _name in COUNTRIES}
        if self.instance.country not in known:
            self.fields["country"].choices = [*COUNTRIES, (self.instance.country, self.instance.country)]  # type: ignore[attr-defined]

    def clean_working_days(self) -> list[int]:
        return sorted(self.cleaned_data["working_days"]) or WEEKDAYS


class HelpContactForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = HelpContact
        fields = ("kind", "label_en", "label_nl", "phone", "hours_en", "hours_nl")
        labels = {
            "kind": _("What for"),
            "label_en": _("Who, in English"),
            "label_nl": _("Who, in Dutch"),
            "phone": _("Telephone"),
            "hours_en": _("When, in English"),
            "hours_nl": _("When, in Dutch"),
        }
        help_texts = {
            "hours_en": _("For example: workdays 9:00-17:00."),
            "label_en": _("A role or a service."),
        }
        widgets = {"kind": forms.RadioSelect, "phone": forms.TextInput(attrs={"inputmode": "tel"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = HelpContact.Kind.choices  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if not PHONE.fullmatch(phone) or sum(mark.isdigit() for mark in phone) < 3:
            raise ValidationError(_("Write a telephone number: digits, spaces and + ( ) - only."))
        return phone


class ClosedDayForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ClosedDay
        fields = ("on", "label")
        labels = {"on": _("Date"), "label": _("What it is")}
        field_classes = {"on": DayField}

    def clean_on(self) -> Any:
        on = self.cleaned_data["on"]
        if on < self.instance.institution.on_day(clock.now()):
            raise ValidationError(_("This day is past. Choose one that is still to come."))
        others = ClosedDay.objects.filter(institution=self.instance.institution, on=on)
        if others.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("This day is there already."))
        return on


class DepartmentForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Department
        fields = ("name", "specialty", "training_years")
        labels = {"name": _("Name"), "specialty": _("Specialty"), "training_years": _("Training years")}
        help_texts = {"training_years": _("How many years the training here takes, if there are any.")}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Department.objects.filter(institution=self.instance.institution, name__iexact=name)
        if others.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("This department is there already."))
        return name


class InviteForm(forms.Form):
    """Who gets which role. Inviting is ``actions.invitations.invite``."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, by: User, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        means = {
            Appointment.Role.COORDINATOR: _("Plans programs, groups and dates"),
            Appointment.Role.INTERVISOR: _("Guides groups"),
            Appointment.Role.DIRECTOR: _("Sees whether the conditions are met; never a group or a person"),
            Appointment.Role.ADMINISTRATOR: _("Sees to the institution and to who has a role"),
            Appointment.Role.INDEPENDENT: _("Looks into reports that something left a group"),
            Appointment.Role.PRIVACY: _("Reads who opened which text, and when; never a text"),
        }
        choices = [
            (role.value, f"{role.label.capitalize()}\n{means[role]}")
            for role in rules.roles_to_give(by, institution)
        ]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]
