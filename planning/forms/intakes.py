"""Repeating intake times from one form."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ClosedDay
from intervision import clock
from intervision.days import DayField
from planning.days_off import DaysOff, WorkingHours, public_holidays
from planning.intake_times import Repeat, Times, repeat
from programs.actions.intake_times import OfferedTime, Place
from programs.models import IntakeSlot, Program, Room

MOST_AHEAD = dt.timedelta(days=731)
TOMORROW = dt.timedelta(days=1)
#: Before the start the first time is proposed so late that whoever gets it has days to change it.
NOTICE = dt.timedelta(days=7)
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class OfferTimesForm(forms.Form):
    """From a period and its hours to single times. Publishing is ``publish_times``, not ``save()``."""

    from_on = DayField(label=gettext_lazy("From"))
    to_on = DayField(label=gettext_lazy("Until and including"))
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one day.")},
    )
    opens = forms.TimeField(label=gettext_lazy("First time starts at"), widget=TIME)
    closes = forms.TimeField(label=gettext_lazy("Last time ends before"), widget=TIME)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes each"), min_value=5, max_value=240)
    before = forms.IntegerField(
        label=gettext_lazy("Minutes kept free before each"), min_value=0, max_value=120, initial=0
    )
    after = forms.IntegerField(
        label=gettext_lazy("Minutes kept free after each"), min_value=0, max_value=120, initial=15
    )
    per_day = forms.IntegerField(
        label=gettext_lazy("At most on one day"), min_value=1, max_value=50, required=False
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Where"),
        choices=IntakeSlot.Channel.choices,
        initial=IntakeSlot.Channel.ROOM,
        widget=forms.RadioSelect,
    )
    room = forms.ModelChoiceField(
        label=gettext_lazy("Room"),
        queryset=Room.objects.none(),
        required=False,
        empty_label=gettext_lazy("No room"),
    )
    video_link = forms.URLField(
        label=gettext_lazy("Link of the video call"), required=False, assume_scheme="https"
    )

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.program, self.house = program, program.institution
        self.times: tuple[OfferedTime, ...] = ()
        self.remarks: list[str] = []
        days = [(day, capfirst(str(WEEKDAYS[day - 1]))) for day in sorted(self.house.working_days)]
        self.fields["weekdays"].choices = days  # type: ignore[attr-defined]
        self.fields["room"].queryset = self.house.rooms.filter(retired_at=None)  # type: ignore[attr-defined]
        self.today = today = clock.now().astimezone(self.house.zone).date()
        proposed = {
            "from_on": today + (TOMORROW if program.started_at else NOTICE),
            "to_on": today + dt.timedelta(days=28),
            "opens": max(self.house.working_from, dt.time(9)),
            "closes": min(self.house.working_until, dt.time(17)),
            "minutes": program.intake_minutes,
        }
        self.initial = {**proposed, **self.initial}

    def clean_from_on(self) -> dt.date:
        return self._soon("from_on")

    def clean_to_on(self) -> dt.date:
        return self._soon("to_on")

    def _soon(self, name: str) -> dt.date:
        """A day that one can plan on; the calendar's far ends would not survive a time zone."""
        day: dt.date = self.cleaned_data[name]
        if not self.today <= day <= self.today + MOST_AHEAD:
            raise forms.ValidationError(_("Choose a day from today on, within two years."))
        return day

    def clean(self) -> None:
        self._place_is_known(
            "room", IntakeSlot.Channel.ROOM, _("Choose a room, or say it is by phone or video.")
        )
        self._place_is_known("video_link", IntakeSlot.Channel.VIDEO, _("Give the link that opens the call."))
        if not self.errors:
            self._lay_out()

    def _place_is_known(self, name: str, channel: str, problem: str) -> None:
        data = self.cleaned_data
        if data.get("channel") == channel and not data.get(name) and name not in self.errors:
            self.add_error(name, problem)

    def _lay_out(self) -> None:
        found = self.laid_out()
        for note in found.notes:
            if note.blocks:
                self.add_error(None, note.message)
            else:
                self.remarks.append(note.message)
        self.times = tuple(
            OfferedTime(t.starts_at, t.ends_at, t.occupied_from, t.occupied_until) for t in found.times
        )

    def laid_out(self) -> Times:
        data = self.cleaned_data
        wanted = Repeat(
            from_on=data["from_on"],
            to_on=data["to_on"],
            weekdays=frozenset(data["weekdays"]),
            opens=data["opens"],
            closes=data["closes"],
            zone=self.house.zone,
            minutes=data["minutes"],
            before=data["before"],
            after=data["after"],
            per_day=data["per_day"],
            not_before=clock.now(),
        )
        return repeat(wanted, self._days_off(wanted))

    def _days_off(self, wanted: Repeat) -> DaysOff:
        house = self.house
        span = (wanted.from_on, min(wanted.to_on, wanted.from_on + dt.timedelta(days=366)))
        closed = ClosedDay.objects.filter(institution=house, on__range=span).values_list("on", flat=True)
        hours = WorkingHours(house.working_from, house.working_until, frozenset(house.working_days))
        holidays = public_holidays(house.country, *span, subdivision=house.subdivision)
        return DaysOff(hours, holidays, frozenset(closed))

    @property
    def place(self) -> Place:
        data = self.cleaned_data
        channel = data["channel"]
        return Place(
            channel,
            data["room"] if channel == IntakeSlot.Channel.ROOM else None,
            data["video_link"] if channel == IntakeSlot.Channel.VIDEO else "",
        )
