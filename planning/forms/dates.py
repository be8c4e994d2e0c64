"""A series of dates: six fields, then each date can be typed over."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from intervision import clock
from intervision.days import DayField
from planning import dates, series
from planning.dates import MOST_SESSIONS, MOST_WEEKS
from planning.notes import Note
from programs.models import Group, Room
from sessions.actions.series import Moment, Place

AFTERNOON, MORNING = dt.time(13), dt.time(9)


class SeriesForm(forms.Form):
    """What is wanted. ``plan`` has the dates, once the form is valid, with what is to be said about each."""

    NEVER = dt.datetime.min

    first_on = DayField(label=_("First session on"))
    at = forms.TimeField(label=_("Starts at"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=15, max_value=600)
    count = forms.IntegerField(label=_("Number of sessions"), min_value=1, max_value=MOST_SESSIONS)
    every_weeks = forms.IntegerField(label=_("Weeks between sessions"), min_value=1, max_value=MOST_WEEKS)
    room = forms.ModelChoiceField(
        Room.objects.none(), label=_("Room"), required=False, empty_label=_("not chosen yet")
    )
    outside_reference = forms.CharField(
        label=_("Reference of the booking"),
        required=False,
        max_length=80,
        help_text=_("Only if another system books this room."),
    )

    def __init__(self, *args: Any, group: Group, today: dt.date, **kwargs: Any) -> None:
        self.group, self.today = group, today
        self.zone = group.program.institution.zone
        kwargs["initial"] = initial(group, today)
        super().__init__(*args, **kwargs)
        rooms = group.program.institution.rooms.filter(retired_at__isnull=True)
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]
        self.fields["room"].label_from_instance = described  # type: ignore[attr-defined]
        self.plan: list[Row] = []
        self.remarks: list[str] = []
        #: Dates the database refused although they looked free, and why.
        self.refused: dict[dt.datetime, str] = {}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self._read(data)
        return data

    def _read(self, data: dict[str, Any]) -> None:
        program = self.group.program
        wanted = dates.Series(
            first_on=data["first_on"],
            at=data["at"],
            minutes=data["minutes"],
            every_weeks=data["every_weeks"],
            count=data["count"],
            zone=self.zone,
            half_days=series.common_half_days(self.group, self.today),
            today=self.today,
            period_from=program.starts_on,
            period_to=program.ends_on,
        )
        typed = self._typed(data["count"])
        if not dates.FIRST_YEAR <= wanted.first_on.year <= dates.LAST_YEAR:
            self.add_error("first_on", Note("bad_first_date", {"day": wanted.first_on}).message)
            return
        days = [*wanted.spans, *typed.values()]
        situation = series.read(self.group, min(days), max(days), room=data["room"], at=clock.now())
        plan = dates.plan_series(wanted, situation.days_off)
        for problem in plan.problems:
            self.add_error(None, problem.message)
        for one in plan.dates:
            by_hand = typed.get(one.number, one.on)
            chosen = (
                one if by_hand == one.on else dates.date_of(wanted, situation.days_off, one.number, by_hand)
            )
            self.plan.append(Row(chosen, situation.notes(chosen), planned_on=one.on))
        self.remarks = series.finishing(situation.ends_on, [row.date.on for row in self.plan])

    def _typed(self, count: int) -> dict[int, dt.date]:
        """Dates typed over in the list, by number. What only repeats the date that was shown was not typed."""
        found = {}
        for number in range(1, count + 1):
            text = self.data.get(f"on_{number}")
            if text is None or text == self.data.get(f"planned_{number}"):
                continue
            try:
                day = dt.date.fromisoformat(text)
            except ValueError:
                day = dt.date.min
            if dates.FIRST_YEAR <= day.year <= dates.LAST_YEAR:
                found[number] = day
            else:
                said = _("Session %(number)s: choose a date.") % {"number": number}
                self.add_error(None, said)
        return found

    @property
    def signature(self) -> str:
        """What the list was made from, so that Save saves what was seen."""
        names = ("first_on", "at", "minutes", "count", "every_weeks", "room")
        return "|".join(self.data.get(name, "") for name in names)

    @property
    def was_seen(self) -> bool:
        return bool(self.data.get("shown") == self.signature)

    @property
    def rows(self) -> "list[tuple[Row, str]]":
        """Each date, with the words of the database's refusal where there was one."""
        return [(row, self.refused.get(row.date.starts_at or self.NEVER, "")) for row in self.plan]

    @property
    def blocked(self) -> bool:
        return any(row.blocks for row in self.plan)

    @property
    def moments(self) -> list[Moment]:
        """The dates to save, of a valid form without a date that blocks."""
        rows = [row.date for row in self.plan]
        return [Moment(one.starts_at, one.ends_at) for one in rows if one.starts_at and one.ends_at]

    @property
    def place(self) -> Place:
        return Place(self.cleaned_data["room"], self.cleaned_data["outside_reference"])


class Row:
    """One date of the list."""

    def __init__(self, date: dates.PlannedDate, notes: list[Note], *, planned_on: dt.date) -> None:
        self.date, self.notes, self.planned_on = date, notes, planned_on

    @property
    def blocks(self) -> bool:
        return any(note.blocks for note in self.notes)

    @property
    def is_free(self) -> bool:
        """Nothing known stands in its way; that duties are not known is said beside it."""
        return all(note.code == "duties_not_known" for note in self.notes)


def initial(group: Group, today: dt.date, *, half_day: int | None = None) -> dict[str, Any]:
    """The program's cadence, on ``half_day`` or the group's half-day, from its first day or two weeks from now."""
    program = group.program
    first = max(program.starts_on or today, today + dt.timedelta(days=14))
    at = MORNING
    chosen = group.half_day if half_day is None else half_day
    if chosen is not None:
        first += dt.timedelta(days=(chosen // 2 - first.weekday()) % 7)
        at = AFTERNOON if chosen % 2 else MORNING
    return {
        "first_on": first,
        "at": at,
        "minutes": program.session_minutes,
        "count": program.sessions_total,
        "every_weeks": program.interval_weeks or 1,
        "room": group.room_id,
    }


def described(room: Room) -> str:
    """A room with the qualities residents named."""
    said = [
        _("on site") if room.on_hospital_site else _("outside the hospital"),
        _("daylight") if room.daylight else "",
        _("%(count)s seats") % {"count": room.capacity} if room.capacity else "",
        _("booked in another system") if room.booked_outside else "",
    ]
    return f"{room} ({', '.join(str(one) for one in said if one)})"
