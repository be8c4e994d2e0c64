"""The groups of a program as the page shows them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from planning import composing
from planning.compose import ProposedGroup
from planning.forms.groups import half_day_label
from planning.notes import Note
from programs.models import Group, Guide, Membership

#: More names than this make a remark unreadable.
FEW = 4


@dataclass(frozen=True)
class Seat:
    membership: Membership
    training_year: int | None
    specialty: str
    #: Where this person cannot go, because somebody there evaluates or is evaluated by them.
    refused: frozenset[UUID]


@dataclass(frozen=True)
class Remark:
    text: str
    names: list[str]
    blocks: bool


@dataclass(frozen=True)
class ShownGroup:
    group: Group
    guides: list[Guide]
    seats: list[Seat]
    years: str
    half_day: str
    remarks: list[Remark]

    @property
    def blocked(self) -> bool:
        return any(remark.blocks for remark in self.remarks)


@dataclass(frozen=True)
class Board:
    groups: list[ShownGroup]
    waiting: list[Seat]
    #: How many people there are, seated or not.
    people: int
    led: int

    @property
    def seated(self) -> int:
        return self.people - len(self.waiting)


def build(picture: composing.Picture) -> Board:
    asked = composing.request(picture)
    said = composing.explained(picture, asked)
    names = picture.names()
    groups = [_group(picture, group, said[group.pk], names) for group in picture.groups]
    return Board(
        groups=groups,
        waiting=[_seat(picture, row) for row in picture.members_of(None)],
        people=len(picture.memberships),
        led=sum(bool(group.guides) for group in groups),
    )


def _group(
    picture: composing.Picture, group: Group, said: ProposedGroup, names: dict[UUID, str]
) -> ShownGroup:
    remarks = [_remark(notes, names) for notes in _by_code(said.notes)]
    seats = [_seat(picture, row) for row in picture.members_of(group)]
    return ShownGroup(
        group=group,
        guides=picture.guides[group.pk],
        seats=seats,
        years=_years(seats),
        half_day="" if group.half_day is None else half_day_label(group.half_day),
        remarks=remarks,
    )


def _by_code(notes: Iterable[Note]) -> list[list[Note]]:
    """Notes that say the same of several people come together, in the order they first came."""
    together: dict[str, list[Note]] = {}
    for note in notes:
        together.setdefault(note.code, []).append(note)
    return list(together.values())


def _remark(notes: list[Note], names: dict[UUID, str]) -> Remark:
    """One line for one or more notes of a code; names only as long as they are few."""
    people = dict.fromkeys(person for note in notes for person in note.people if person in names)
    text = _("Not yet known whether the guide is independent of %(count)s members.") % {"count": len(notes)}
    several = notes[0].code == "independence_unknown" and len(notes) > 1
    shown = [] if len(people) > FEW else [names[person] for person in people]
    return Remark(text if several else notes[0].message, shown, notes[0].blocks)


def _years(seats: list[Seat]) -> str:
    """Training years with how often they occur: "2 in year 1, 4 in year 3"; empty where none is known."""
    counted = Counter(seat.training_year for seat in seats if seat.training_year)
    said = _("%(count)s in year %(year)s")
    return ", ".join(said % {"count": count, "year": year} for year, count in sorted(counted.items()))


def _seat(picture: composing.Picture, row: Membership) -> Seat:
    placement = picture.placements.get(row.user_id)
    return Seat(
        membership=row,
        training_year=placement.training_year if placement else None,
        specialty=placement.specialty or placement.discipline if placement else "",
        refused=frozenset(_refusing(picture, row.user_id)),
    )


def _refusing(picture: composing.Picture, person: UUID) -> Iterator[UUID]:
    """The groups led by somebody who evaluates ``person``, or with such a member either way."""
    for leader in picture.refused_by.get(person, ()):
        yield from picture.led_by.get(leader, ())
    for other in picture.met_by.get(person, ()):
        if group := picture.seats.get(other):
            yield group
