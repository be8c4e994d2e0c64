"""A group's series of sessions: dates at a cadence, what stands in their way, and who is free.

Pure: days are local days of the institution, moments are aware UTC. Nothing here raises for what a
person can type; every remark is a Note.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from planning.days_off import DaysOff
from planning.half_days import touched
from planning.notes import Id, Note
from planning.wall_time import WallTimeError, moment

MOST_SESSIONS = 60
MOST_WEEKS = 52
FIRST_YEAR, LAST_YEAR = 2000, 2100
# A session that is moved by less than 14 days keeps its number.
MOST_DAYS_MOVED = 13


@dataclass(frozen=True, slots=True)
class Series:
    """What is wanted: ``count`` sessions of ``minutes``, every ``every_weeks`` weeks from ``first_on``.

    ``half_days`` are those that suit the whole group, None when not known. ``today``, ``period_from`` and
    ``period_to`` are local days; dates outside them are remarked on, not moved.
    """

    first_on: date
    at: time
    minutes: int
    every_weeks: int
    count: int
    zone: ZoneInfo
    half_days: int | None = None
    today: date | None = None
    period_from: date | None = None
    period_to: date | None = None

    @property
    def spans(self) -> tuple[date, date]:
        """The first and last day that any date can fall on, for asking public holidays."""
        weeks = min(self.count * self.every_weeks, MOST_SESSIONS * MOST_WEEKS)
        return self.first_on, self.first_on + timedelta(weeks=weeks, days=MOST_DAYS_MOVED)


@dataclass(frozen=True, slots=True)
class PlannedDate:
    """One session. ``on`` differs from ``wanted_on`` when it was moved.

    ``starts_at`` and ``ends_at`` are None when no date could be given; a note that blocks says why.
    """

    number: int
    wanted_on: date
    on: date
    starts_at: datetime | None
    ends_at: datetime | None
    notes: tuple[Note, ...] = ()

    @property
    def was_moved(self) -> bool:
        return self.on != self.wanted_on

    @property
    def is_possible(self) -> bool:
        return self.starts_at is not None and not any(note.blocks for note in self.notes)


@dataclass(frozen=True, slots=True)
class Plan:
    """The dates, or ``problems`` with the series itself and then no dates."""

    dates: tuple[PlannedDate, ...]
    problems: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Busy:
    """A period in which a person or room cannot be had, up to but not including its end."""

    who: Id
    starts_at: datetime
    ends_at: datetime

    def meets(self, starts_at: datetime, ends_at: datetime) -> bool:
        return self.starts_at < ends_at and starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Roster:
    """What is known of a member's duties and leave: everything until ``known_until``, or nothing."""

    member: Id
    known_until: datetime | None = None
    busy: tuple[Busy, ...] = ()


@dataclass(frozen=True, slots=True)
class Duties:
    """Members at one date: who can come, who has a duty or leave, of whom it is not known."""

    free: tuple[Id, ...]
    clash: tuple[Id, ...]
    not_known: tuple[Id, ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        notes = []
        if self.clash:
            notes.append(Note("duties_clash", {"count": len(self.clash)}, self.clash))
        if self.not_known:
            notes.append(Note("duties_not_known", {"count": len(self.not_known)}, self.not_known))
        return tuple(notes)


@dataclass(frozen=True, slots=True)
class FinishBefore:
    """``count`` of ``of`` members finish training before session ``number``."""

    count: int
    of: int
    number: int

    @property
    def note(self) -> Note:
        return Note("finish_before", {"count": self.count, "of": self.of, "number": self.number})


def plan_series(series: Series, days_off: DaysOff) -> Plan:
    """Give every session of ``series`` its date.

    A day that is off is replaced by the nearest day that is not, the earlier one of two, on a half-day that
    suits the group if one is near; never before today, before the first date or past half the way to the
    next session. Later dates keep the cadence of the first one.
    """
    problems = _problems(series, days_off)
    if problems:
        return Plan((), tuple(problems))
    wanted = [series.first_on + timedelta(weeks=series.every_weeks * n) for n in range(series.count)]
    return Plan(tuple(_plan_one(series, days_off, number, on) for number, on in enumerate(wanted, start=1)))


def date_of(series: Series, days_off: DaysOff, number: int, on: date) -> PlannedDate:
    """The remarks on a date chosen by hand: ``on`` is kept, also when it is a day off."""
    notes = _day_notes(series, on)
    reason = days_off.reason(on)
    if reason:
        notes.append(_off("day_is_off", on, reason))
    return _at_time(series, days_off, number, on, on, notes)


def conflicts(planned: PlannedDate, *, people: Iterable[Busy] = (), room: Iterable[Busy] = ()) -> list[Note]:
    """Who has another appointment at that time, and whether the room is taken; both block."""
    if planned.starts_at is None or planned.ends_at is None:
        return []
    starts_at, ends_at = planned.starts_at, planned.ends_at
    busy = tuple(dict.fromkeys(one.who for one in people if one.meets(starts_at, ends_at)))
    notes = [Note("person_busy", {"count": len(busy)}, busy, blocks=True)] if busy else []
    if any(one.meets(starts_at, ends_at) for one in room):
        notes.append(Note("room_busy", blocks=True))
    return notes


def duties_at(planned: PlannedDate, rosters: Sequence[Roster]) -> Duties:
    """Sort members by what is known of their duties at that time; a known clash wins over not knowing."""
    free, clash, not_known = [], [], []
    for roster in rosters:
        if planned.starts_at is None or planned.ends_at is None:
            not_known.append(roster.member)
        elif any(busy.meets(planned.starts_at, planned.ends_at) for busy in roster.busy):
            clash.append(roster.member)
        elif roster.known_until is None or roster.known_until < planned.ends_at:
            not_known.append(roster.member)
        else:
            free.append(roster.member)
    return Duties(tuple(free), tuple(clash), tuple(not_known))


def finish_before(ends_on: Mapping[Id, date | None], sessions_on: Sequence[date]) -> list[FinishBefore]:
    """How many members finish training before which session, one line for each session where it grows.

    ``ends_on`` is the last local day of training of each member, None for not known, which counts as staying.
    """
    lines: list[FinishBefore] = []
    for number, on in enumerate(sessions_on, start=1):
        gone = sum(1 for last in ends_on.values() if last is not None and last < on)
        if gone > (lines[-1].count if lines else 0):
            lines.append(FinishBefore(gone, len(ends_on), number))
    return lines


def count_per_month(dates: Iterable[PlannedDate], zone: ZoneInfo) -> dict[date, int]:
    """Sessions per local month; the key is the first day of the month, months without any are left out."""
    counts: dict[date, int] = {}
    for starts_at in sorted(one.starts_at for one in dates if one.starts_at):
        month = starts_at.astimezone(zone).date().replace(day=1)
        counts[month] = counts.get(month, 0) + 1
    return counts


def count_per_half_year(dates: Iterable[PlannedDate], zone: ZoneInfo) -> dict[date, int]:
    """Sessions per half-year; the key is 1 January or 1 July. Release letters go out per half-year."""
    counts: dict[date, int] = {}
    for month, count in count_per_month(dates, zone).items():
        half_year = month.replace(month=1 if month.month < 7 else 7)
        counts[half_year] = counts.get(half_year, 0) + count
    return counts


def _problems(series: Series, days_off: DaysOff) -> list[Note]:
    problems = []
    if not 1 <= series.count <= MOST_SESSIONS:
        problems.append(Note("too_many_sessions", {"most": MOST_SESSIONS}, blocks=True))
    if not 1 <= series.every_weeks <= MOST_WEEKS:
        problems.append(Note("bad_interval", {"most": MOST_WEEKS}, blocks=True))
    if not 15 <= series.minutes <= 600:
        problems.append(Note("bad_length", blocks=True))
    if not days_off.working.weekdays:
        problems.append(Note("no_working_days", blocks=True))
    if not FIRST_YEAR <= series.first_on.year <= LAST_YEAR:
        problems.append(Note("bad_first_date", {"day": series.first_on}, blocks=True))
    return problems


def _plan_one(series: Series, days_off: DaysOff, number: int, wanted: date) -> PlannedDate:
    reason = days_off.reason(wanted)
    if reason is None:
        return _at_time(series, days_off, number, wanted, wanted, _day_notes(series, wanted))
    near = [day for day in _nearest_first(series, wanted) if days_off.reason(day) is None]
    if not near:
        note = _off("no_day_near", wanted, reason, blocks=True)
        return PlannedDate(number, wanted, wanted, None, None, (note,))
    on = next((day for day in near if _suits(series, day)), near[0])
    notes = [_off("moved", wanted, reason), *_day_notes(series, on)]
    return _at_time(series, days_off, number, wanted, on, notes)


def _off(code: str, day: date, reason: str, *, blocks: bool = False) -> Note:
    return Note(f"{code}_{reason}", {"day": day}, blocks=blocks)


def _nearest_first(series: Series, wanted: date) -> list[date]:
    furthest = min(MOST_DAYS_MOVED, (series.every_weeks * 7 - 1) // 2)
    earliest = max(series.first_on, series.today or date.min)
    near = [wanted + timedelta(days=sign * days) for days in range(1, furthest + 1) for sign in (-1, 1)]
    return [day for day in near if day >= earliest]


def _suits(series: Series, on: date) -> bool:
    if series.half_days is None:
        return True
    starts = datetime.combine(on, series.at)
    needed = touched(starts, starts + timedelta(minutes=series.minutes))
    return needed & series.half_days == needed


def _day_notes(series: Series, on: date) -> list[Note]:
    day = {"day": on}
    notes = []
    if series.today and on < series.today:
        notes.append(Note("in_the_past", day, blocks=True))
    if series.period_from and on < series.period_from:
        notes.append(Note("before_period", day, blocks=True))
    if series.period_to and on > series.period_to:
        notes.append(Note("after_period", day, blocks=True))
    if not _suits(series, on):
        notes.append(Note("half_day_does_not_suit"))
    return notes


def _at_time(
    series: Series, days_off: DaysOff, number: int, wanted: date, on: date, notes: list[Note]
) -> PlannedDate:
    try:
        starts_at = moment(on, series.at, series.zone)
    except WallTimeError as error:
        refused = Note(error.code, {"time": f"{series.at:%H:%M}", "day": on}, blocks=True)
        return PlannedDate(number, wanted, on, None, None, (*notes, refused))
    ends_at = starts_at + timedelta(minutes=series.minutes)
    working = days_off.working
    if not working.contain(starts_at.astimezone(series.zone), ends_at.astimezone(series.zone)):
        window = {"from": f"{working.starts:%H:%M}", "to": f"{working.ends:%H:%M}"}
        notes.append(Note("outside_working_hours", window))
    return PlannedDate(number, wanted, on, starts_at, ends_at, tuple(notes))
