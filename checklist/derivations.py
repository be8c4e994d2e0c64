"""From raw data to facts. Pure; None means unknown: nothing to count, or something is missing."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from catalogue.kinds import AvoidedWord
from checklist.inputs import Range, exact

DAYS_PER_MONTH = Fraction("30.44")

Person = Hashable
Span = tuple[dt.datetime, dt.datetime]


def trajectory_months(dates: Collection[dt.date]) -> Fraction | None:
    """From the first to the last date; needs two."""
    return Fraction((max(dates) - min(dates)).days) / DAYS_PER_MONTH if len(dates) > 1 else None


def interval_weeks(dates: Iterable[dt.date], *, at_least: int = 2) -> Fraction | None:
    """The median gap, which forgives one holiday; ``at_least``: how many dates it takes, 3 when planned."""
    ordered = sorted(dates)
    gaps = [(later - earlier).days for earlier, later in pairwise(ordered)]
    middle = median(gaps) if len(ordered) >= at_least else None
    return None if middle is None else middle / 7


def median(values: Iterable[Fraction | int | float]) -> Fraction | None:
    ordered = sorted(exact(value) if isinstance(value, float) else value for value in values)
    if not ordered:
        return None
    half = len(ordered) // 2
    return exact(ordered[half]) if len(ordered) % 2 else exact(ordered[half - 1] + ordered[half]) / 2


def share(part: int, whole: int) -> Fraction | None:
    """Raises ValueError for a negative number."""
    if part < 0 or whole < 0:
        raise ValueError(f"{part} of {whole} is no share")
    return Fraction(part, whole) if whole else None


def share_with_unknown(part: int, whole: int, unknown: int) -> Fraction | Range | None:
    """A share of which ``unknown`` out of ``whole`` may turn out either way: perhaps only its limits."""
    if not 0 <= part <= whole - unknown or unknown < 0:
        raise ValueError(f"{part} and {unknown} unknown do not fit in {whole}")
    if whole == 0 or unknown == whole:
        return None
    if unknown == 0:
        return Fraction(part, whole)
    return Range(Fraction(part, whole), Fraction(part + unknown, whole))


def roster_continuity(first: Collection[Person], last: Collection[Person]) -> Fraction | None:
    """Who was there first and still is, of everybody there at either: a swap costs more than a departure."""
    return share(len(set(first) & set(last)), len(set(first) | set(last)))


def same_phase_peer_share(years: Sequence[int | None]) -> Fraction | None:
    """Members with another in the same training year; unknown while one year is."""
    if None in years:
        return None
    return share(sum(size for size in Counter(years).values() if size > 1), len(years))


def training_years_distinct(years: Sequence[int | None]) -> int | Range | None:
    """How many training years a group holds; members without a known year leave a range."""
    known = {year for year in years if year is not None}
    missing = sum(year is None for year in years)
    if not known:
        return None
    return Range(len(known), len(known) + missing) if missing else len(known)


def training_years_share(years: Sequence[int | None], program_years: int) -> Fraction | None:
    """Raises ValueError when the group holds a year that the program does not have."""
    if None in years or not years:
        return None
    if len(set(years)) > program_years:
        raise ValueError(f"{len(set(years))} training years in a program of {program_years}")
    return share(len(set(years)), program_years)


def working_hours_share(
    sessions: Collection[Span], *, days: Collection[int], start: dt.time, end: dt.time
) -> Fraction | None:
    """Sessions entirely inside the window, in local time; ``days`` are ISO weekdays, Monday is 1."""
    return share(sum(_inside(span, days, start, end) for span in sessions), len(sessions))


def _inside(span: Span, days: Collection[int], start: dt.time, end: dt.time) -> bool:
    begins, ends = span
    same_day = begins.date() == ends.date() and begins.isoweekday() in days
    return same_day and begins.time() >= start and ends.time() <= end


def evaluator_guides(
    guides: Collection[Person], members: Collection[Person], relations: Iterable[tuple[Person, Person]]
) -> int:
    """Guides who evaluate at least one member; a relation with somebody outside the group does not count."""
    return len(
        {evaluator for evaluator, resident in relations if evaluator in guides and resident in members}
    )


def evaluator_members(members: Collection[Person], relations: Iterable[tuple[Person, Person]]) -> int:
    """Members who evaluate another member."""
    return evaluator_guides(members, members, relations)


def room_comfort_share(rooms: Collection[tuple[bool, bool]]) -> Fraction | None:
    """Half for daylight and half for a comfortable temperature, as a mean over the sessions with a room."""
    return share(sum(daylight + temperature for daylight, temperature in rooms), 2 * len(rooms))


def words_to_avoid(text: str, avoided: Iterable[AvoidedWord]) -> tuple[AvoidedWord, ...]:
    """The words of the catalogue that stand somewhere in ``text``, whatever their case."""
    folded = text.casefold()
    return tuple(word for word in avoided if word.stem in folded)


def title_mentions_resilience(title: str, opening: str, avoided: Iterable[AvoidedWord]) -> bool:
    """``opening`` is the first paragraph of the public text."""
    return any(word.resilience for word in words_to_avoid(f"{title}\n{opening}", avoided))
