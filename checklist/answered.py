"""From the words that were released to the answers a score counts. It counts nothing that was not shown.

A word stands for a place on the scale, because with a few people a mean would tell more than the word does
(docs/decisions/surveys.md).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import catalogue
from checklist.inputs import Answers
from surveys.models import HalfYearResult

#: Where each word stands from 1 to 5; as a score 0.8, 0.5 and 0.2.
WORTH: Mapping[str, Fraction] = {"good": Fraction(21, 5), "mixed": Fraction(3), "attention": Fraction(9, 5)}
#: Answers older than this still count, and a page says how old they are (domain notes, 8.4; ours).
FRESH_FOR = dt.timedelta(days=183)
#: Answers older than this say nothing of today.
COUNTS_FOR = dt.timedelta(days=365)
#: One bad day must not swing the score: the pulse counts over the last two pairs of sessions that were shown.
PAIRS = 2


@dataclass(frozen=True, slots=True)
class Released:
    """One result as it was shown to a group or, without ``group``, to the coordinator or the director."""

    group: Hashable | None
    kind: str
    slot: int
    words: Mapping[str, str]
    people_at_least: int
    at: dt.datetime


def of_house(results: Iterable[HalfYearResult]) -> list[Released]:
    """What the director was shown, oldest first, as what a pool's results are; of one format each call."""
    return [
        Released(None, one.kind, one.slot, one.words, one.people_at_least, one.released_at) for one in results
    ]


def counted(released: Iterable[Released], group: Hashable | None, at: dt.datetime) -> dict[str, Answers]:
    """The answers that count at ``at``, of one group or of what was pooled; ``released`` comes oldest first."""
    return {item: _answers(item, told) for item, told in _counted(released, group, at).items()}


def oldest(released: Iterable[Released], group: Hashable | None, at: dt.datetime) -> dt.datetime | None:
    """When the oldest of what ``counted`` counts was shown."""
    moments = (one.at for told in _counted(released, group, at).values() for one in told)
    return min(moments, default=None)


def _counted(
    released: Iterable[Released], group: Hashable | None, at: dt.datetime
) -> dict[str, list[Released]]:
    mine = [one for one in released if one.group == group and at - COUNTS_FOR < one.at <= at]
    pulses = [one for one in mine if one.kind == "pulse"]
    last = set(sorted({one.slot for one in pulses})[-PAIRS:])
    latest = {item: [one] for one in mine if one.kind != "pulse" for item in one.words}
    found: dict[str, list[Released]] = defaultdict(list, latest)
    for one in pulses:
        for item in one.words if one.slot in last else ():
            found[item].append(one)
    items = catalogue.load().items
    return {item: told for item, told in found.items() if item in items}


def climate(released: Iterable[Released], at: dt.datetime) -> dict[str, dict[str, Answers]]:
    """By item and stratum, the last that was shown of each department; else of small departments together.

    ``released`` comes oldest first, with the department for its group and the stratum for its kind.
    """
    last: dict[str, dict[Hashable | None, Released]] = defaultdict(dict)
    for one in released:
        if at - COUNTS_FOR < one.at <= at:
            last[one.kind][one.group] = one
    found: dict[str, dict[str, Answers]] = defaultdict(dict)
    for who, places in last.items():
        near = [one for place, one in places.items() if place is not None] or list(places.values())
        for item in {item for one in near for item in one.words} & set(catalogue.load().items):
            found[item][who] = _answers(item, [one for one in near if item in one.words])
    return dict(found)


def _answers(item: str, told: list[Released]) -> Answers:
    """The plain mean of the words; a question where agreeing is bad counts the other way round."""
    mean = sum((WORTH[one.words[item]] for one in told), Fraction(0)) / len(told)
    reverse = catalogue.load().items[item].measure.reverse
    return Answers(6 - mean if reverse else mean, min(one.people_at_least for one in told))
