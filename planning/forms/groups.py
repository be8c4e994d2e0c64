from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from intervision import versions
from planning.composing import NOBODY, Common
from programs.actions.groups import EDITED, places_of
from programs.forms.choosing import choose
from programs.models import Group, Guide

DAYS = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]


def half_day_label(half_day: int) -> str:
    """0 is Monday morning, 13 Sunday afternoon."""
    part = _("afternoon") if half_day % 2 else _("morning")
    return _("%(day)s %(part)s") % {"day": DAYS[half_day // 2], "part": part}


class AddForm(forms.Form):
    """Which group a press of the button adds, so that pressing twice adds one."""

    new_id = forms.UUIDField()


class GroupForm(forms.ModelForm):  # type: ignore[type-arg]
    """Saving is ``programs.actions.groups``; ``seen`` says what the editor saw."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    half_day = forms.TypedChoiceField(
        label=_("Meets on"), required=False, coerce=int, empty_value=None, choices=[]
    )

    class Meta:
        model = Group
        fields = EDITED
        labels = {
            "name": _("Name"),
            "places": _("Places"),
            "places_reason": _("Why another size"),
            "room": _("Room"),
            "closed": _("Closed: nobody joins any more"),
        }
        help_texts = {
            "places_reason": _("Only if it is more than this format prefers."),
            "closed": _("The same people from the first session to the last make it safer."),
        }

    def __init__(self, *args: Any, common: Common = NOBODY, **kwargs: Any) -> None:
        """``common``: the half-days that suit whoever of the group answered."""
        super().__init__(*args, **kwargs)
        self.initial["seen"] = versions.fingerprint(self.instance, EDITED)
        institution = self.instance.program.institution
        self.fields["room"].queryset = institution.rooms.filter(retired_at__isnull=True)  # type: ignore[attr-defined]
        days = [2 * (day - 1) + part for day in institution.working_days for part in (0, 1)]
        self.fields["half_day"].choices = [  # type: ignore[attr-defined]
            ("", _("not chosen yet")),
            *((half, _suits(half, common)) for half in days),
        ]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if self.instance.program.groups.exclude(pk=self.instance.pk).filter(name=name).exists():
            raise forms.ValidationError(_("There is already a group with this name."))
        return name

    def clean_places(self) -> int:
        places: int = self.cleaned_data["places"]
        if places < self.instance.taken:
            raise forms.ValidationError(
                _("%(taken)s people sit in this group. Move somebody first, or keep at least so many places.")
                % {"taken": self.instance.taken}
            )
        return places

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        places = data.get("places")
        if places and places > places_of(self.instance.program) and not data.get("places_reason", "").strip():
            self.add_error("places_reason", _("Say why this group is larger than the format prefers."))
        return data


def _suits(half: int, common: Common) -> str:
    label = half_day_label(half)
    if not common.half_days >> half & 1:
        return label
    if common.answered == common.people:
        return _("%(half_day)s (suits everybody)") % {"half_day": label}
    return _("%(half_day)s (suits the %(answered)s of %(people)s who answered)") % {
        "half_day": label,
        "answered": common.answered,
        "people": common.people,
    }


class AssignForm(forms.Form):
    """Who guides a group. People who evaluate a member are not among the choices."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Guide"), empty_label=_("Choose…"))
    role = forms.ChoiceField(label=_("Role"), choices=Guide.Role.choices)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["user"], people, load_label)


def load_label(person: Any) -> str:
    """Who it is and how full their hands are: nobody is refused for it, and nobody should be overlooked for it."""
    words = {"name": person.name, "load": person.load, "capacity": person.capacity}
    if person.load >= person.capacity:
        full = ngettext(
            "%(name)s (%(load)s of %(capacity)s group: full)",
            "%(name)s (%(load)s of %(capacity)s groups: full)",
            person.capacity,
        )
        return full % words
    free = ngettext(
        "%(name)s (%(load)s of %(capacity)s group)",
        "%(name)s (%(load)s of %(capacity)s groups)",
        person.capacity,
    )
    return free % words


class MoveForm(forms.Form):
    """Where somebody goes; empty is "no group yet"."""

    group = forms.ModelChoiceField(Group.objects.none(), required=False)

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]
