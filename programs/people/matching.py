"""Which rows are people whom the institution knows: new, the same, changed, or a question.

Pure: the caller hands over the people whom the coordinator may see anyway, so nothing is learnt here
about anybody else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from programs.people.names import NameIndex
from programs.people.reading import Row


class Verdict(Enum):
    """``CONFLICT``: address and personnel number belong to two people, or two rows to one."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    ASK = "ask"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody the institution knows. ``values`` hold what is stored, by the field names of ``Values``."""

    id: Any
    name: str
    emails: Sequence[str] = ()
    personnel_number: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """What one row is. ``known`` is whose it is, or for ASK whose it may be; ``why`` as in SamePerson.

    ``changed`` are the fields that the row gives differently; an empty cell changes nothing.
    """

    row: Row
    verdict: Verdict
    known: Any = None
    changed: tuple[str, ...] = ()
    why: str = ""


def match(rows: Iterable[Row], people: Iterable[Known]) -> list[Match]:
    """Compare good rows with ``people``, by address first, then by personnel number, then by name.

    A row that was imported unchanged is SAME, so importing twice changes nothing.
    """
    people = list(people)
    by_email = {email.casefold(): person for person in people for email in person.emails}
    by_number = {person.personnel_number.casefold(): person for person in people if person.personnel_number}
    names = NameIndex()
    for person in people:
        names.add(person.id, person.name, person.personnel_number)
    taken: set[Any] = set()
    matches = []
    for row in rows:
        if row.is_good:
            found = _match_one(row, by_email, by_number, names)
            if found.verdict in (Verdict.SAME, Verdict.CHANGED) and found.known in taken:
                found = Match(row, Verdict.CONFLICT, found.known)
            taken.add(found.known)
            matches.append(found)
    return matches


def count(matches: Iterable[Match]) -> dict[Verdict, int]:
    """How many of each, for "will add 12, change 3, leave 25"."""
    counts = dict.fromkeys(Verdict, 0)
    for found in matches:
        counts[found.verdict] += 1
    return counts


def _match_one(
    row: Row, by_email: Mapping[str, Known], by_number: Mapping[str, Known], names: NameIndex
) -> Match:
    by_address = by_email.get(row.values.email.casefold())
    numbered = by_number.get(row.values.personnel_number.casefold())
    person = by_address or numbered
    if by_address and numbered and by_address.id != numbered.id:
        return Match(row, Verdict.CONFLICT, by_address.id)
    if person:
        changed = _changed(row, person)
        return Match(row, Verdict.CHANGED if changed else Verdict.SAME, person.id, changed)
    alike = names.like(row.values.name, row.values.personnel_number)
    return Match(row, Verdict.ASK, alike[0], why=alike[1]) if alike else Match(row, Verdict.NEW)


def _changed(row: Row, person: Known) -> tuple[str, ...]:
    given = row.values
    changed = []
    if given.name != person.name:
        changed.append("name")
    if given.email.casefold() not in {email.casefold() for email in person.emails}:
        changed.append("email")
    if given.personnel_number and given.personnel_number != person.personnel_number:
        changed.append("personnel_number")
    for name, stored in person.values.items():
        value = getattr(given, name)
        if value and value != stored:
            changed.append(name)
    return tuple(dict.fromkeys(changed))
