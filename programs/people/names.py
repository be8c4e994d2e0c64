"""Whether two names may belong to one person. Asks, never decides."""

import re
import unicodedata
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

MOST_PAIRS = 500
# Shorter names differ by one letter too often to ask about.
SHORTEST_FOR_TYPO = 10
MOST_OF_ONE_KEY = 3

_PARTICLES = frozenset(
    {"van", "de", "den", "der", "het", "in", "t", "op", "ten", "ter", "te", "la", "le", "du"}
)
_PARTICLES |= {"von", "zu", "al", "el", "bin", "dr", "drs", "prof", "mr", "mrs", "ms", "mw", "dhr", "ir"}


@dataclass(frozen=True, slots=True)
class SamePerson:
    """Two places of similar names; ``why`` is same_name, initial or typo."""

    one: Any
    other: Any
    why: str


def name_parts(name: str) -> tuple[str, ...]:
    """The parts of a name in small letters without accents, titles and particles, surname last.

    ``Vries, Anna de`` and ``Anna de Vries`` give the same.
    """
    surname, comma, first = name.partition(",")
    turned = f"{first} {surname}" if comma else name
    plain = unicodedata.normalize("NFKD", turned.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    parts = re.findall(r"[^\W\d_]+", plain.replace("ß", "ss").replace("ø", "o"))
    return tuple(part for part in parts if part not in _PARTICLES) or tuple(parts)


def pairs_of_similar_names(people: Iterable[tuple[Hashable, str, str]]) -> tuple[SamePerson, ...]:
    """Pairs among (place, name, personnel number), in order, at most MOST_PAIRS.

    Each person is paired with the first like them, so that ten of one name give nine pairs. Two
    different personnel numbers are two persons.
    """
    index = NameIndex()
    pairs = []
    for place, name, personnel_number in people:
        found = index.like(name, personnel_number)
        if found:
            pairs.append(SamePerson(found[0], place, found[1]))
            if len(pairs) == MOST_PAIRS:
                break
        index.add(place, name, personnel_number)
    return tuple(pairs)


class NameIndex:
    """Finds somebody of a similar name without comparing with everybody."""

    def __init__(self) -> None:
        self._people: list[tuple[Hashable, str, str]] = []
        self._by_key: dict[str, list[int]] = {}

    def add(self, place: Hashable, name: str, personnel_number: str = "") -> None:
        for key in _keys(name):
            entries = self._by_key.setdefault(key, [])
            if len(entries) < MOST_OF_ONE_KEY:
                entries.append(len(self._people))
        self._people.append((place, name, personnel_number))

    def like(self, name: str, personnel_number: str = "") -> tuple[Any, str] | None:
        """The first added person whose name is like ``name``, with why; the surest likeness first."""
        for key in _keys(name):
            for entry in self._by_key.get(key, ()):
                place, other, number = self._people[entry]
                why = likeness(name, other)
                if why and not (number and personnel_number and number != personnel_number):
                    return place, why
        return None


def likeness(one: str, other: str) -> str | None:
    """same_name, initial (``A. Vries`` and ``Anna Vries``), typo (one letter differs), or None."""
    left, right = name_parts(one), name_parts(other)
    if not left or not right:
        return None
    if sorted(left) == sorted(right):
        return "same_name"
    if left[-1] == right[-1] and len(left) > 1 and len(right) > 1 and _abbreviates(left[0], right[0]):
        return "initial"
    joined, other_joined = " ".join(left), " ".join(right)
    is_long = min(len(joined), len(other_joined)) >= SHORTEST_FOR_TYPO
    return "typo" if is_long and _one_letter_apart(joined, other_joined) else None


def _abbreviates(one: str, other: str) -> bool:
    return one[0] == other[0] and 1 in (len(one), len(other)) and len(one) != len(other)


def _one_letter_apart(one: str, other: str) -> bool:
    """Whether one insertion, deletion, substitution or swap of neighbours turns one into the other."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, other_rest = one[start:], other[start:]
    return (
        rest[1:] == other_rest[1:]
        or rest[1:] == other_rest
        or rest == other_rest[1:]
        or (rest[:2] == other_rest[:2][::-1] and rest[2:] == other_rest[2:])
    )


def _keys(name: str) -> list[str]:
    """Names that are alike share one of these: sorted parts, initial and surname, or all but one letter."""
    parts = name_parts(name)
    if not parts:
        return []
    joined = " ".join(parts)
    keys = ["=" + " ".join(sorted(parts)), f"{parts[0][0]}. {parts[-1]}"]
    if len(joined) >= SHORTEST_FOR_TYPO - 1:
        keys += dict.fromkeys([joined, *(joined[:at] + joined[at + 1 :] for at in range(len(joined)))])
    return keys
