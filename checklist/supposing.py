"""A program as it might be: what is known of it, with some of its arrangements put otherwise. Nothing is stored.

The same scoring as everywhere looks at the result, so that a coordinator sees what a change would do before deciding.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

import catalogue
from catalogue.kinds import facts_of
from checklist.derivations import DAYS_PER_MONTH
from checklist.inputs import Fact, Inputs, Number, exact
from checklist.outcomes import ItemScore
from checklist.rows import FrameRow
from checklist.scoring import Score, score

#: What a number that is tried stands for: the plan, and what took place. Both, so that the plan is seen to its end.
NUMBERS: Mapping[str, tuple[str, str]] = {
    "size": ("group_size_planned", "group_size_actual"),
    "weeks": ("interval_weeks_planned", "interval_weeks_actual"),
    "minutes": ("duration_minutes_planned", "duration_minutes_actual"),
}
#: Tried together with the weeks: how long it is from the first session to the last.
TRAJECTORY = "trajectory_months_planned"
#: What each choice stands for.
CHOICES: Mapping[str, Mapping[str, Mapping[str, Fact]]] = {
    "mix": {
        "pairs": {"training_years_distinct": 2, "training_years_share": 1, "same_phase_peer_share": 1},
        "alone": {"training_years_distinct": 2, "training_years_share": 1, "same_phase_peer_share": 0},
        "one": {"training_years_distinct": 1, "training_years_share": 0, "same_phase_peer_share": 1},
    },
    "room": {
        "good": {"onsite_share": 1, "room_comfort_share": 1},
        "plain": {"onsite_share": 1, "room_comfort_share": 0},
        "away": {"onsite_share": 0, "room_comfort_share": 1},
    },
    "hours": {
        "within": {"working_hours_share_planned": 1, "working_hours_share_actual": 1},
        "outside": {"working_hours_share_planned": 0, "working_hours_share_actual": 0},
    },
    "release": {
        "covered": {"duty_clash_share": 0, "cover_confirmed_share": 1},
        "free": {"duty_clash_share": 0, "cover_confirmed_share": 0},
        "none": {"duty_clash_share": 1, "cover_confirmed_share": 0},
    },
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A condition that would stand otherwise."""

    now: ItemScore
    then: ItemScore

    @property
    def better(self) -> bool:
        return (self.then.score or 0) > (self.now.score or 0)


def asked(format_key: str) -> list[str]:
    """What can be tried in this format: whatever a condition of it is scored from."""
    items = catalogue.load().items_of(format_key)
    scored = {fact for item in items for fact in facts_of(item, format_key)}
    numbers = [name for name, facts in NUMBERS.items() if scored.intersection(facts)]
    sessions = ["sessions"] if TRAJECTORY in scored else []
    choices = [name for name, of in CHOICES.items() if scored.intersection(*of.values())]
    return [*numbers, *sessions, *choices]


def present(found: Score, frame: FrameRow) -> dict[str, int]:
    """The numbers as they are, whole; what is not known exactly is left out."""
    values = {item.fact: item.value for item in found.items.values() if item.fact}
    known = {
        name: _whole(next((values[fact] for fact in facts if fact in values), None))
        for name, facts in NUMBERS.items()
    } | {"sessions": frame.sessions_total}
    return {name: value for name, value in known.items() if value is not None}


def supposed(inputs: Inputs, frame: FrameRow, tried: Mapping[str, int | str]) -> Inputs:
    """A copy of ``inputs`` in which the arrangements in ``tried`` are as they are tried."""
    changed = {fact: value for name in tried for fact, value in _facts(name, tried, frame)}
    return replace(inputs, facts={**inputs.facts, **changed})


def score_supposed(inputs: Inputs, frame: FrameRow, tried: Mapping[str, int | str]) -> Score:
    return score(catalogue.load(), frame.format, supposed(inputs, frame, tried))


def differences(now: Score, then: Score) -> list[Difference]:
    """What would change, what gains first."""
    changed = [
        Difference(item, then.items[key])
        for key, item in now.items.items()
        if (item.status, item.score) != (then.items[key].status, then.items[key].score)
    ]
    return sorted(changed, key=lambda one: not one.better)


def _facts(name: str, tried: Mapping[str, int | str], frame: FrameRow) -> Iterator[tuple[str, Fact]]:
    value = tried[name]
    if name in CHOICES:
        yield from CHOICES[name][str(value)].items()
    elif name in NUMBERS:
        yield from ((fact, int(value)) for fact in NUMBERS[name])
    if name in ("weeks", "sessions"):
        yield TRAJECTORY, _months(tried, frame)


def _months(tried: Mapping[str, int | str], frame: FrameRow) -> Number | None:
    weeks = int(tried.get("weeks") or frame.interval_weeks or 0)
    total = int(tried.get("sessions") or frame.sessions_total or 0)
    return Fraction(7 * weeks * (total - 1)) / DAYS_PER_MONTH if weeks and total > 1 else None


def _whole(value: Fact) -> int | None:
    """The nearest whole number, halves up."""
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        return None
    return floor(exact(value) + Fraction(1, 2))
