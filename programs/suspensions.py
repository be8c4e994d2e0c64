"""Assignments that an evaluation has put out of force: whom it is about, why, and who has to choose."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import outbox
from accounts.models import User
from programs import independence
from programs.models import DepartmentRule, EvaluativeRelation, Group, Program

SUSPENDED = "suspended"


@dataclass(frozen=True)
class Shown:
    """A suspended assignment as the coordinator sees it; ``because`` names each evaluation behind it."""

    found: independence.Suspended
    person: User
    group: Group | None
    because: list[EvaluativeRelation | DepartmentRule]

    @property
    def stands(self) -> bool:
        """Whether the evaluation still holds, so that the assignment cannot come back in force."""
        return bool(self.because)


def shown(program: Program, on: dt.date) -> list[Shown]:
    found = independence.suspended_in(program, on)
    people = known_here(program, [row.person_id for row in found])
    groups = {group.pk: group for group in program.groups.all()}
    return [
        Shown(
            found=row,
            person=people[row.person_id],
            group=groups.get(row.group_id) if row.group_id else None,
            because=reasons(
                program, people[row.person_id], groups.get(row.group_id) if row.group_id else None, on
            ),
        )
        for row in found
    ]


def reasons(
    program: Program, person: User, group: Group | None, on: dt.date
) -> list[EvaluativeRelation | DepartmentRule]:
    """The evaluations by ``person`` of members of ``group``, or of the whole program for its coordinator."""
    members = program.memberships.live().filter(group=group) if group else program.memberships.live()
    residents = known_here(program, _evaluated_by(person, members.values_list("user", flat=True), on))
    return [row for resident in residents.values() for row in _why(person, resident, on)]


def _why(person: User, resident: User, on: dt.date) -> list[EvaluativeRelation | DepartmentRule]:
    found = independence.relation_reasons(person, resident, on)
    for row in found:
        row.evaluator = person
        if isinstance(row, EvaluativeRelation):
            row.resident = resident
    return found


def known_here(program: Program, people: Iterable[object]) -> dict[uuid.UUID, User]:
    """People under the names that are shown in this program; rows to read, never to save."""
    found: dict[uuid.UUID, User] = User.objects.in_bulk(people)
    for place in program.memberships.live().filter(user__in=found).select_related("user"):
        found[place.user_id].name = place.name
    return found


def _evaluated_by(person: User, members: Iterable[object], on: dt.date) -> list[object]:
    pairs = independence.evaluations([person.pk], on)
    wanted = set(members)
    return [resident for evaluator, resident in pairs if evaluator == person.pk and resident in wanted]


def tell_coordinators(*, at: dt.datetime) -> int:
    """One mail to each coordinator for each new suspension, without a name; how many are planned or sent."""
    going_on = Program.objects.exclude(stage__in=(Program.Stage.COMPLETED, Program.Stage.CANCELLED))
    told = 0
    for program in going_on.select_related("institution"):
        today = program.institution.on_day(at)
        found = independence.suspended_in(program, today)
        coordinators = program.coordinators.active(today).select_related("user") if found else []
        for row in coordinators:
            newest = max(found, key=lambda suspended: (suspended.from_on, str(suspended.assignment_id)))
            key = f"{SUSPENDED}:{newest.assignment_id}:{newest.from_on}:{row.user_id}"
            outbox.enqueue(SUSPENDED, about_id=program.pk, to=row.user, key=key, at=at)
            told += 1
    return told
