import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from intervision import clock
from intervision.days import DayField
from programs.models import Group, Room
from sessions.models import GroupSession

FIRST_YEAR, LAST_YEAR = 2000, 2100


class ChangeForm(forms.Form):
    """A change of one session; ``seen`` is the session's sequence when the page was made."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, session: GroupSession, **kwargs: Any) -> None:
        self.session = session
        kwargs["initial"] = {**kwargs.get("initial", {}), "seen": session.sequence}
        super().__init__(*args, **kwargs)


class MomentForm(forms.Form):
    """A date, a time and a length, in the clocks of the house."""

    on = DayField(label=_("Date"))
    at = forms.TimeField(label=_("Starts at"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=15, max_value=600)
    starts_at: dt.datetime | None = None

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        self.zone = zone
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "on" in data and "at" in data:
            self.starts_at = self._moment(data["on"], data["at"])
        return data

    def _moment(self, on: dt.date, at: dt.time) -> dt.datetime | None:
        """The moment the wall shows, or an error at the field where there is none or are two."""
        if not FIRST_YEAR <= on.year <= LAST_YEAR:
            self.add_error("on", _("Choose a year from 2000 to 2100."))
            return None
        first = dt.datetime.combine(on, at, self.zone)
        if first.astimezone(dt.UTC).astimezone(self.zone).time() != at:
            self.add_error(
                "at", _("This time does not exist on that day: the clock goes forward. Choose another.")
            )
        elif first.utcoffset() != first.replace(fold=1).utcoffset():
            self.add_error("at", _("This time comes twice on that day: the clock goes back. Choose another."))
        elif first <= clock.now():
            self.add_error("on", _("This is in the past. Choose a later time."))
        return first.astimezone(dt.UTC)

    @property
    def period(self) -> tuple[dt.datetime, dt.datetime]:
        """Start and end, of a valid form."""
        if self.starts_at is None:
            raise ValueError("the form is not valid")
        return self.starts_at, self.starts_at + dt.timedelta(minutes=self.cleaned_data["minutes"])


class MoveForm(MomentForm, ChangeForm):
    """Another time. The length stays unless it is typed over."""

    def __init__(self, *args: Any, session: GroupSession, **kwargs: Any) -> None:
        zone = session.group.program.institution.zone
        local = timezone.localtime(session.starts_at, zone)
        length = int((session.ends_at - session.starts_at).total_seconds() // 60)
        kwargs["initial"] = {"on": local.date(), "at": local.time(), "minutes": length}
        super().__init__(*args, zone=zone, session=session, **kwargs)


class AddForm(MomentForm):
    """One more session, as long as the others and in the group's room unless told."""

    room = forms.ModelChoiceField(
        Room.objects.none(), label=_("Room"), required=False, empty_label=_("No room")
    )

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        kwargs["initial"] = {"minutes": group.program.session_minutes, "room": group.room_id}
        super().__init__(*args, zone=group.program.institution.zone, **kwargs)
        rooms = group.program.institution.rooms.filter(retired_at__isnull=True)
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]


class RoomForm(ChangeForm):
    room = forms.ModelChoiceField(
        Room.objects.none(), label=_("Room"), required=False, empty_label=_("No room")
    )
    outside_reference = forms.CharField(
        label=_("Reference of the booking"),
        required=False,
        max_length=80,
        help_text=_("Only if another system books this room."),
    )

    def __init__(self, *args: Any, session: GroupSession, **kwargs: Any) -> None:
        kwargs["initial"] = {"room": session.room_id, "outside_reference": session.outside_reference}
        super().__init__(*args, session=session, **kwargs)
        rooms = session.group.program.institution.rooms.filter(retired_at__isnull=True)
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]


class CancelForm(ChangeForm):
    reason = forms.ChoiceField(
        label=_("Why"),
        choices=GroupSession.CancelReason.choices,
        widget=forms.RadioSelect,
        help_text=_("Counted, never shown with a name."),
    )


class SubstituteForm(ChangeForm):
    """Who stands in. People who evaluate a member are not among the choices."""

    user = forms.ModelChoiceField(
        User.objects.none(), label=_("Who stands in"), required=False, empty_label=_("The guide comes")
    )

    def __init__(self, *args: Any, people: Any, session: GroupSession, **kwargs: Any) -> None:
        kwargs["initial"] = {"user": session.substitute_id}
        super().__init__(*args, session=session, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]


class DayOffForm(forms.Form):
    on = DayField(label=_("Date"))
