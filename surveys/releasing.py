"""What is released, to whom, and when: plain values in, plain values out.

Everything that anybody is ever shown of answers goes through ``word``, ``fate`` and ``poolable``. The rules are
those of docs/decisions/surveys.md; tests/surveys/test_releasing.py counts out what two people who put together
what they know could conclude.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal, TypeVar

Word = Literal["good", "mixed", "attention"]
#: How many answered 1, 2, 3, 4 and 5.
Counts = tuple[int, int, int, int, int]
K = TypeVar("K", bound=Hashable)

NOBODY: Counts = (0, 0, 0, 0, 0)
VALUES = range(1, 6)
GOOD_FROM, ATTENTION_UNTIL = Fraction(7, 2), Fraction(5, 2)
#: Fewer answers than this are never shown, whatever an institution chooses.
FEWEST = 4
#: From here the median is safe; below it, and where one person may have answered twice, only a majority counts.
MEDIAN_FROM = 5
GUIDES_AT_LEAST = 3
DIRECTOR_PEOPLE, DIRECTOR_GROUPS = 10, 3


def word(counts: Counts, *, people: int, reverse: bool = False) -> Word:
    """What a question's answers come to, given by ``people`` different persons.

    By the median where everybody answered once. Otherwise two insiders could know half of the answers, and a median
    between two numbers would give the others away; a majority of one side never does.
    """
    told = tuple(reversed(counts)) if reverse else counts
    if sum(told) == people and people >= MEDIAN_FROM:
        middle = median(told)
        return "good" if middle >= GOOD_FROM else "attention" if middle <= ATTENTION_UNTIL else "mixed"
    half = sum(told) // 2
    return "good" if told[3] + told[4] > half else "attention" if told[0] + told[1] > half else "mixed"


def median(counts: Iterable[int]) -> Fraction:
    answers = [value for value, count in zip(VALUES, counts, strict=True) for _ in range(count)]
    middle = len(answers) // 2
    return Fraction(answers[middle] + answers[middle - 1 + len(answers) % 2], 2)


def add(one: Counts, other: Counts) -> Counts:
    a, b, c, d, e = (mine + theirs for mine, theirs in zip(one, other, strict=True))
    return a, b, c, d, e


def one(value: int) -> Counts:
    """What one answer adds."""
    a, b, c, d, e = (int(value == each) for each in VALUES)
    return a, b, c, d, e


class Partner(StrEnum):
    """How it stands with the other window of a pair."""

    NONE = "none"
    TO_COME = "to_come"
    WAITING = "waiting"
    RELEASED = "released"
    DESTROYED = "destroyed"


class Fate(StrEnum):
    RELEASE = "release"
    WAIT = "wait"
    RELEASE_PAIR = "release_pair"
    DESTROY = "destroy"


def fate(people: int, least: int, partner: Partner, together: int = 0) -> Fate:
    """What happens to a window that closes with the answers of ``people``.

    ``together`` counts the different persons over both windows of the pair. A window with too few is shown with its
    partner only if the partner was not shown either: otherwise the two could be subtracted.
    """
    least = max(least, FEWEST)
    if people >= least:
        return Fate.RELEASE
    if partner is Partner.TO_COME:
        return Fate.WAIT
    if partner is Partner.WAITING and together >= least:
        return Fate.RELEASE_PAIR
    return Fate.DESTROY


def apart(people: Mapping[K, int], least: int) -> list[list[K]]:
    """What is shown of departments with the answers of so many: each that has enough, then small ones together.

    No two share an answer, so that all of it can be read by the same person.
    """
    alone = [key for key, count in people.items() if fate(count, least, Partner.NONE) is Fate.RELEASE]
    small = [key for key, count in people.items() if count and key not in alone]
    together = fate(sum(people[key] for key in small), least, Partner.NONE)
    return [[key] for key in alone] + ([small] if together is Fate.RELEASE else [])


@dataclass(frozen=True, slots=True)
class Pooled:
    """Which answers a pool may use; ``people`` is how many gave them."""

    with_told: bool
    with_rest: bool
    people: int


def poolable(told: int, rest: int, least: int) -> Pooled | None:
    """What may be pooled of answers that were shown elsewhere (of ``told`` people) and that were not (of ``rest``).

    Whoever subtracts all that was shown before is left with ``rest`` people, so these are used only if they are
    enough by themselves. None if too few remain.
    """
    least = max(least, FEWEST)
    with_rest = rest >= least
    people = told + (rest if with_rest else 0)
    return Pooled(told > 0, with_rest, people) if people >= least else None


def rest_was_shown(pooled: Pooled | None) -> bool:
    """Whether what was not shown before is in what a pool now shows; else it goes on as what nobody has seen."""
    return pooled is not None and pooled.with_rest


def to_director(told: int, rest: int, groups: int, least: int) -> Pooled | None:
    """The same over programs, for ten people from three groups or more."""
    found = poolable(told, rest, least)
    enough = found is not None and found.people >= DIRECTOR_PEOPLE and groups >= DIRECTOR_GROUPS
    return found if enough else None


def about_guides_may_be_told(guides: Collection[object]) -> bool:
    """Whether questions about the guide may be pooled: over three different guides or more."""
    return len(set(guides)) >= GUIDES_AT_LEAST
