"""Which days count: working hours, public holidays and closed days of an institution."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

import holidays

from planning.notes import Note

MONDAY_TO_FRIDAY = frozenset(range(1, 6))


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The window in which sessions are planned; ISO weekdays, Monday is 1; local times."""

    starts: time = time(8)
    ends: time = time(18)
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY

    def contain(self, starts: datetime, ends: datetime) -> bool:
        """Whether a period in local time lies inside the window on a working day."""
        return (
            starts.isoweekday() in self.weekdays
            and starts.date() == ends.date()
            and self.starts <= starts.time()
            and ends.time() <= self.ends
        )


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Why no session can be on a day. ``closed`` are the institution's own days."""

    working: WorkingHours = WorkingHours()
    holidays: Mapping[date, str] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()

    def reason(self, day: date) -> str | None:
        """Why ``day`` is off: holiday, closed or not_working; None for a day on which one can plan."""
        if day in self.holidays:
            return "holiday"
        if day in self.closed:
            return "closed"
        return None if day.isoweekday() in self.working.weekdays else "not_working"


def knows_country(country: str, subdivision: str = "") -> bool:
    """Whether the public holidays of an ISO 3166 country (and its subdivision) are known."""
    subdivisions = holidays.list_supported_countries().get(country.upper())
    return subdivisions is not None and (not subdivision or subdivision in subdivisions)


def holidays_not_known(country: str, subdivision: str = "") -> Note | None:
    """The remark that nothing can be skipped because the country is not in our calendar."""
    if knows_country(country, subdivision):
        return None
    return Note("unknown_country", {"country": f"{country} {subdivision}".strip()})


def public_holidays(country: str, first: date, last: date, *, subdivision: str = "") -> dict[date, str]:
    """The public holidays from ``first`` to ``last``, with their English names; empty if not known."""
    if not knows_country(country, subdivision):
        return {}
    years = range(first.year, last.year + 1)
    known = holidays.country_holidays(country.upper(), subdiv=subdivision or None, years=years)
    return {day: str(name) for day, name in sorted(known.items()) if first <= day <= last}
