"""Times for intake interviews: repeat them from one form, and reserve one for each resident.

Pure: days and hours are local to the institution, moments are aware UTC. A time occupies its guide
from ``occupied_from`` to ``occupied_until``: the interview with the minutes before and after it.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from planning.dates import Busy
from planning.days_off import DaysOff
from planning.half_days import touched
from planning.notes import Id, Note
from planning.wall_time import WallTimeError, moment

MOST_DAYS = 366
MOST_TIMES = 500
# After another appointment, the next interview starts at a multiple of this.
ROUND_TO_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Repeat:
    """What the form asks. ``weekdays`` are ISO, Monday is 1; the interviews lie between ``opens`` and ``closes``.

    ``before`` and ``after`` are minutes around each interview in which the guide takes no other.
    ``per_day`` is the most interviews on one day, None for no limit.
    """

    from_on: date
    to_on: date
    weekdays: frozenset[int]
    opens: time
    closes: time
    zone: ZoneInfo
    minutes: int = 45
    before: int = 0
    after: int = 0
    per_day: int | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Time:
    """One interview."""

    starts_at: datetime
    ends_at: datetime
    occupied_from: datetime
    occupied_until: datetime


@dataclass(frozen=True, slots=True)
class Times:
    """All interviews of a Repeat in order, or none and a note that blocks.

    ``days_off`` are the chosen weekdays that were skipped, with holiday, closed or not_working.
    """

    times: tuple[Time, ...]
    days_off: tuple[tuple[date, str], ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A stored interview time that can be reserved."""

    id: Id
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """A resident to reserve for. Masks as in ``half_days``; None when no grid was filled in."""

    id: Id
    free: int | None = None
    fine: int | None = None
    busy: tuple[Busy, ...] = ()


@dataclass(frozen=True, slots=True)
class Reservations:
    """Who gets which time. ``moved`` had another one before; ``without`` got none, with the reason."""

    by_person: Mapping[Id, Id]
    moved: tuple[Id, ...]
    without: tuple[tuple[Id, Note], ...]


def repeat(wanted: Repeat, days_off: DaysOff, *, busy: Sequence[Busy] = ()) -> Times:
    """Lay out interviews on each chosen day from ``opens`` on, around what the guide already has.

    The first interview of a day starts at ``opens``; each next one when the buffers of both have passed.
    Interviews that start before ``not_before`` are left out without a remark.
    """
    problems = _problems(wanted)
    if problems:
        return Times((), notes=tuple(problems))
    days = [wanted.from_on + timedelta(days=n) for n in range((wanted.to_on - wanted.from_on).days + 1)]
    days = [day for day in days if day.isoweekday() in wanted.weekdays]
    off = [(day, reason) for day in days if (reason := days_off.reason(day)) and reason != "not_working"]
    skipped = {day for day, _ in off}
    laid_out = [_Day(wanted, day, busy) for day in days if day not in skipped]
    times = [one for day in laid_out for one in day.times]
    if len(times) > MOST_TIMES:
        return Times((), tuple(off), (Note("too_many_times", {"most": MOST_TIMES}, blocks=True),))
    return Times(tuple(times), tuple(off), tuple(_remarks(off, laid_out, times)))


class _Day:
    """The interviews of one day, and how many could not be."""

    def __init__(self, wanted: Repeat, on: date, busy: Sequence[Busy]) -> None:
        self.times: list[Time] = []
        self.clock_changes = False
        self.met_busy = False
        opens, closes = _minutes(wanted.opens), _minutes(wanted.closes)
        at = opens
        while at + wanted.minutes <= closes and len(self.times) < (wanted.per_day or MOST_TIMES + 1):
            at = self._try(wanted, on, at, busy)

    def _try(self, wanted: Repeat, on: date, at: int, busy: Sequence[Busy]) -> int:
        """Add the interview at minute ``at`` of the day if it can be; return the next minute to try."""
        try:
            starts_at = moment(on, time(at // 60, at % 60), wanted.zone)
        except WallTimeError:
            self.clock_changes = True
            return at + ROUND_TO_MINUTES
        one = _time(wanted, starts_at)
        in_the_way = [b for b in busy if b.meets(one.occupied_from, one.occupied_until)]
        if in_the_way:
            self.met_busy = True
            free_at = max(b.ends_at for b in in_the_way) + timedelta(minutes=wanted.before)
            wait = -(-(free_at - starts_at) // timedelta(minutes=1))
            return -(-(at + max(1, wait)) // ROUND_TO_MINUTES) * ROUND_TO_MINUTES
        if wanted.not_before is None or starts_at >= wanted.not_before:
            self.times.append(one)
        return at + wanted.minutes + wanted.after + wanted.before


def suggest_reservations(
    offers: Sequence[Offer],
    people: Sequence[Person],
    *,
    zone: ZoneInfo,
    reserved: Mapping[Id, Id] | None = None,
) -> Reservations:
    """Reserve one time for as many people as possible, none on a never mark or a duty.

    ``reserved`` (person to offer) is kept where it still suits; people are moved only when that gives a
    time to a person who would have none, along the shortest chain. Fine half-days are given out
    before others, early times before late ones. The same input gives the same answer.
    """
    offers = sorted(offers, key=lambda offer: (offer.starts_at, str(offer.id)))
    matching = _Matching(offers, people, zone, reserved or {})
    for only_fine, may_move in ((True, False), (False, False), (False, True)):
        for person in matching.fewest_choices_first():
            matching.give(person, only_fine=only_fine, may_move=may_move)
    given = matching.given
    return Reservations(
        by_person={people[p].id: offers[o].id for p, o in sorted(given.items())},
        moved=tuple(people[p].id for p, o in sorted(matching.kept.items()) if given.get(p) != o),
        without=tuple(
            (person.id, Note("no_free_time" if matching.possible[number] else "no_suitable_time"))
            for number, person in enumerate(people)
            if number not in given
        ),
    )


class _Matching:
    """A growing matching of people and offers by place in their lists, extended by shortest paths."""

    def __init__(
        self, offers: Sequence[Offer], people: Sequence[Person], zone: ZoneInfo, reserved: Mapping[Id, Id]
    ) -> None:
        self.possible = [[o for o, offer in enumerate(offers) if _can(p, offer, zone)] for p in people]
        self.fine = [
            {o for o in possible if _is_fine(person, offers[o], zone)}
            for person, possible in zip(people, self.possible, strict=True)
        ]
        place = {offer.id: number for number, offer in enumerate(offers)}
        self.kept: dict[int, int] = {}
        self.holder: dict[int, int] = {}
        for number, person in enumerate(people):
            offer = place.get(reserved.get(person.id))
            if offer is not None and offer in self.possible[number] and offer not in self.holder:
                self.kept[number] = offer
                self.holder[offer] = number

    @property
    def given(self) -> dict[int, int]:
        return {person: offer for offer, person in self.holder.items()}

    def fewest_choices_first(self) -> list[int]:
        given = self.given
        waiting = [person for person in range(len(self.possible)) if person not in given]
        return sorted(waiting, key=lambda person: (len(self.possible[person]), person))

    def give(self, person: int, *, only_fine: bool, may_move: bool) -> None:
        """Find ``person`` an offer by the shortest chain of moves; a free one is a chain of none."""
        came_from: dict[int, int] = {}
        queue = deque([person])
        given = self.given
        while queue:
            asking = queue.popleft()
            choices = self.possible[asking]
            choices = [o for o in choices if o in self.fine[asking]] if only_fine else choices
            for offer in choices:
                if offer in came_from:
                    continue
                came_from[offer] = asking
                if offer not in self.holder:
                    self._hand_over(offer, came_from, given, person)
                    return
            holders = [self.holder[o] for o in choices if came_from.get(o) == asking]
            queue.extend(h for h in holders if may_move or self.kept.get(h) != given[h])

    def _hand_over(self, offer: int, came_from: dict[int, int], given: dict[int, int], first: int) -> None:
        while True:
            person = came_from[offer]
            self.holder[offer] = person
            if person == first:
                return
            offer = given[person]


def _can(person: Person, offer: Offer, zone: ZoneInfo) -> bool:
    needed = _needed(offer, zone)
    if person.free is not None and needed & person.free != needed:
        return False
    return not any(busy.meets(offer.starts_at, offer.ends_at) for busy in person.busy)


def _is_fine(person: Person, offer: Offer, zone: ZoneInfo) -> bool:
    needed = _needed(offer, zone)
    return person.fine is None or needed & person.fine == needed


def _needed(offer: Offer, zone: ZoneInfo) -> int:
    return touched(offer.starts_at.astimezone(zone), offer.ends_at.astimezone(zone))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(wanted: Repeat, starts_at: datetime) -> Time:
    ends_at = starts_at + timedelta(minutes=wanted.minutes)
    before, after = timedelta(minutes=wanted.before), timedelta(minutes=wanted.after)
    return Time(starts_at, ends_at, starts_at - before, ends_at + after)


def _problems(wanted: Repeat) -> list[Note]:
    wrong = {
        "period_backwards": wanted.to_on < wanted.from_on,
        "no_weekday": not wanted.weekdays,
        "hours_backwards": wanted.closes <= wanted.opens,
        "bad_minutes": not 5 <= wanted.minutes <= 240,
        "bad_buffer": not (0 <= wanted.before <= 120 and 0 <= wanted.after <= 120),
        "bad_cap": wanted.per_day is not None and wanted.per_day < 1,
    }
    problems = [Note(code, blocks=True) for code, is_wrong in wrong.items() if is_wrong]
    if (wanted.to_on - wanted.from_on).days >= MOST_DAYS:
        problems.append(Note("period_too_long", {"most": MOST_DAYS}, blocks=True))
    return problems


def _remarks(off: Sequence[tuple[date, str]], days: Sequence[_Day], times: Sequence[Time]) -> list[Note]:
    notes = []
    if not times:
        notes.append(Note("no_times", blocks=True))
    if off:
        notes.append(Note("skipped_days", {"count": len(off)}))
    if any(day.met_busy for day in days):
        notes.append(Note("around_busy", {"count": sum(day.met_busy for day in days)}))
    if any(day.clock_changes for day in days):
        notes.append(Note("time_changes"))
    return notes
