"""What the resident's pages ask."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Institution
from accounts.models.time import HALF_DAYS, Availability, BusyTime
from intervision import clock
from intervision.days import DayField
from intervision.templatetags.times import spoken_day
from programs.actions.taking_part import OwnWeek
from programs.errors import SlotTaken
from programs.models import IntakeSlot

PARTS = (gettext_lazy("morning"), gettext_lazy("afternoon"))
#: Periods away that can be given at once.
PERIODS_AWAY = 2


class WeekForm(forms.Form):
    """One week in half-days, fixed days off, and weeks away. Everything starts as fine."""

    days_off = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Fixed days off"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, institution: Institution, week: OwnWeek, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.week = week
        today = clock.now().astimezone(institution.zone).date()
        self.earliest, self.latest = today - dt.timedelta(days=366), today + dt.timedelta(days=3 * 366)
        self.weekdays = [day - 1 for day in sorted(institution.working_days)]
        self.fields["days_off"].choices = [  # type: ignore[attr-defined]
            (day, capfirst(str(WEEKDAYS[day]))) for day in self.weekdays
        ]
        self.fields["days_off"].initial = list(week.days_off)
        for half_day in self.half_days:
            self.fields[f"half_{half_day}"] = self._half_day(half_day)
        for number, (start, end) in enumerate(self._periods(), 1):
            self.fields[f"away_{number}_from"] = _day(_("Away from"), start)
            self.fields[f"away_{number}_until"] = _day(_("until and including"), end)

    def _periods(self) -> list[tuple[dt.date | None, dt.date | None]]:
        known: list[tuple[dt.date | None, dt.date | None]] = [*self.week.away]
        return known[:20] + [(None, None)] * (PERIODS_AWAY if not known else 1)

    def _half_day(self, half_day: int) -> forms.ChoiceField:
        label = f"{capfirst(str(WEEKDAYS[half_day // 2]))}, {PARTS[half_day % 2]}"
        given = self.week.answers[half_day]
        field = forms.ChoiceField(
            label=label, choices=Availability.Answer.choices, initial="f" if given == "-" else given
        )
        field.widget.attrs["aria-label"] = label
        return field

    @property
    def half_days(self) -> list[int]:
        return [2 * day + part for day in self.weekdays for part in (0, 1)]

    @property
    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """A weekday, short for a phone, with its morning and afternoon; the fields carry whole names."""
        return [
            (capfirst(str(WEEKDAYS_ABBR[day])), [self[f"half_{2 * day}"], self[f"half_{2 * day + 1}"]])
            for day in self.weekdays
        ]

    @property
    def away(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        numbers = [name.split("_")[1] for name in self.fields if name.endswith("_until")]
        return [(self[f"away_{n}_from"], self[f"away_{n}_until"]) for n in numbers]

    def clean(self) -> None:
        for start, end in self.away:
            first, last = self.cleaned_data.get(start.name), self.cleaned_data.get(end.name)
            if first and last is None and end.name not in self.errors:
                self.add_error(end.name, _("Say until when you are away, or leave both empty."))
            if last and first is None and start.name not in self.errors:
                self.add_error(start.name, _("Say from when you are away, or leave both empty."))
            if any(day and not self.earliest <= day <= self.latest for day in (first, last)):
                self.add_error(start.name, _("Choose days from the past year up to three years ahead."))
            if first and last and last < first:
                self.add_error(end.name, _("The last day must not be before the first."))

    @property
    def own_week(self) -> OwnWeek:
        data = self.cleaned_data
        answers = list(self.week.answers)
        for half_day in self.half_days:
            answers[half_day] = data[f"half_{half_day}"]
        pairs = [(data.get(start.name), data.get(end.name)) for start, end in self.away]
        return OwnWeek("".join(answers), data["days_off"], [(a, b) for a, b in pairs if a and b])


def _day(label: str, initial: dt.date | None) -> DayField:
    return DayField(label=label, required=False, initial=initial)


def week_said(user_id: Any, institution: Institution) -> OwnWeek:
    """What the person answered before. Two queries."""
    grid = Availability.objects.filter(user=user_id).first()
    now, zone = clock.now(), institution.zone
    busy = BusyTime.objects.filter(user=user_id, source=BusyTime.Source.OWN, until_at__gt=now)
    days_off, away = set(), []
    for row in busy:
        first = row.from_at.astimezone(zone).date()
        if row.kind == BusyTime.Kind.DAY_OFF:
            days_off.add(first.weekday())
        elif row.kind == BusyTime.Kind.LEAVE:
            away.append((first, (row.until_at.astimezone(zone) - dt.timedelta(seconds=1)).date()))
    return OwnWeek(grid.answers if grid else "-" * HALF_DAYS, days_off, away)


class ChooseTimeForm(forms.Form):
    """Picks a time. Booking is ``book_intake``; a time that is not free any more is refused here in its words."""

    slot = forms.ChoiceField(
        label=gettext_lazy("Free times"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a time, or say that none of these suits you."),
            "invalid_choice": SlotTaken.message,
        },
    )

    def __init__(self, *args: Any, free: Sequence[IntakeSlot], shown: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.free = {str(slot.pk): slot for slot in free}
        field = self.fields["slot"]
        field.choices = [(key, key) for key in self.free]  # type: ignore[attr-defined]
        field.widget.choices = by_day(free[:shown])

    @property
    def chosen(self) -> IntakeSlot:
        return self.free[self.cleaned_data["slot"]]


def by_day(slots: Iterable[IntakeSlot]) -> list[tuple[str, list[tuple[str, str]]]]:
    days = groupby(slots, key=lambda slot: timezone.localtime(slot.starts_at).date())
    return [(spoken_day(day), [(str(slot.pk), in_words(slot)) for slot in of_day]) for day, of_day in days]


def in_words(slot: IntakeSlot) -> str:
    start, end = timezone.localtime(slot.starts_at), timezone.localtime(slot.ends_at)
    place = str(slot.room) if slot.room else capfirst(str(IntakeSlot.Channel(slot.channel).label))
    return f"{start:%H:%M}–{end:%H:%M}\n{place}, {slot.guide}"
