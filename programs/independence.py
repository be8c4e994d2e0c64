"""Who may not be over whom: the independence guard, as questions.

The database enforces it (migration ``independence_guard``); this module asks the same views,
so a page never offers what the database would refuse. Missing data is "not yet known", never
"independent".
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from accounts.models import Placement, User
from programs.models import DepartmentRule, EvaluativeRelation, Group, Guide, Program


class Independence(StrEnum):
    CONFLICT = "conflict"
    INDEPENDENT = "independent"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True)
class Suspended:
    """An assignment that an evaluation has put out of force: resolve it, replace the person, or pause."""

    kind: str  # guide, member or coordinator
    assignment_id: UUID
    person_id: UUID
    group_id: UUID | None
    from_on: dt.date | None


def evaluations(people: Iterable[UUID], on: dt.date) -> set[tuple[UUID, UUID]]:
    """Pairs (evaluator, resident) that hold on or after the day ``on``, either of them among ``people``.

    Those that begin later count: an assignment without an end would meet them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """select evaluator_id, resident_id from programs_evaluation
                where (evaluator_id = any(%(people)s) or resident_id = any(%(people)s))
                  and not isempty(period * daterange(%(on)s, null, '[]'))""",
            {"people": list(people), "on": on},
        )
        return {(evaluator, resident) for evaluator, resident in cursor.fetchall()}


@dataclass(frozen=True)
class Knowledge:
    """What is known of who evaluates whom, read once for many pairs. People are ids, all of one type."""

    rows: frozenset[tuple[UUID | None, UUID, bool]]
    ruled: frozenset[UUID]

    def status(self, guide: UUID, member: UUID) -> Independence:
        if (guide, member, True) in self.rows:
            return Independence.CONFLICT
        known = member in self.ruled or (guide, member, False) in self.rows
        return Independence.INDEPENDENT if known else Independence.NOT_KNOWN


def knowledge(guides: Iterable[UUID], members: Iterable[UUID], on: dt.date) -> Knowledge:
    """What is known of each pair (guide, member), in one query.

    Independent means known to be: the guide has declared it of this member, or the member's
    department keeps its assessing staff up to date and the guide is not among them.
    """
    known = _known(list(guides), list(members), on)
    ruled = frozenset(member for guide, member, _conflict in known if guide is None)
    return Knowledge(frozenset(known), ruled)


def statuses(
    guides: Iterable[UUID], members: Iterable[UUID], on: dt.date
) -> dict[tuple[UUID, UUID], Independence]:
    """The status of each pair (guide, member), in one query."""
    guide_ids, member_ids = list(guides), list(members)
    known = knowledge(guide_ids, member_ids, on)
    return {(guide, member): known.status(guide, member) for guide in guide_ids for member in member_ids}


def _known(guides: list[UUID], members: list[UUID], on: dt.date) -> set[tuple[UUID | None, UUID, bool]]:
    """(guide, member, whether it is a conflict); a guide of None stands for everybody not named."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select evaluator_id, resident_id, true from programs_evaluation
                where evaluator_id = any(%(guides)s) and resident_id = any(%(members)s)
                  and not isempty(period * daterange(%(on)s, null, '[]'))
               union
               select guide.user_id, named.user_id, false
                 from programs_independencedeclaration declaration
                 join programs_guide guide on guide.id = declaration.guide_id
                 join programs_independencedeclaration_members named
                   on named.independencedeclaration_id = declaration.id
                where guide.user_id = any(%(guides)s) and named.user_id = any(%(members)s)
               union
               select null, placement.user_id, false
                 from accounts_placement placement
                 join programs_departmentrule rule using (department_id)
                where placement.user_id = any(%(members)s)
                  and daterange(placement.from_on, placement.until_on, '[]') @> %(on)s::date
                  and daterange(rule.from_on, rule.until_on, '[]') @> %(on)s::date""",
            {"guides": guides, "members": members, "on": on},
        )
        return set(cursor.fetchall())


def evaluated_with(user: User, on: dt.date) -> Q:
    """Groups (as a filter on Group) that ``user`` cannot join: an evaluation meets somebody there, either way.

    A suspended guide, member or coordinator stands in nobody's way: their rights have ended.
    """
    met = RawSQL(
        """select assignment.group_id
             from programs_assignment assignment
             join programs_evaluation evaluation
               on evaluation.evaluator_id = assignment.person_id and evaluation.resident_id = %s
            where not isempty(assignment.effective * evaluation.period * daterange(%s, null, '[]'))
           union
           select member.group_id
             from programs_membership member
             join programs_evaluation evaluation
               on evaluation.resident_id = member.user_id and evaluation.evaluator_id = %s
            where member.group_id is not null
              and not isempty(evaluation.period * daterange(member.joined_on, member.left_on, '[]')
                              * daterange(%s, null, '[]'))""",
        (user.pk, on, user.pk, on),
    )
    return Q(pk__in=met)


def barred_from(group: Group, on: dt.date) -> set[UUID]:
    """Who cannot join ``group``: the other side of ``evaluated_with``, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select evaluation.resident_id
                 from programs_assignment assignment
                 join programs_evaluation evaluation on evaluation.evaluator_id = assignment.person_id
                where assignment.group_id = %(group)s
                  and not isempty(assignment.effective * evaluation.period * daterange(%(on)s, null, '[]'))
               union
               select evaluation.evaluator_id
                 from programs_membership member
                 join programs_evaluation evaluation on evaluation.resident_id = member.user_id
                where member.group_id = %(group)s
                  and not isempty(evaluation.period * daterange(member.joined_on, member.left_on, '[]')
                                  * daterange(%(on)s, null, '[]'))""",
            {"group": group.pk, "on": on},
        )
        return {person for (person,) in cursor.fetchall()}


def evaluates_in(group: Group, on: dt.date) -> RawSQL:
    """For a query of people: whether each evaluates a member of ``group`` on or after the day ``on``."""
    return RawSQL(
        """exists(select from programs_evaluation evaluation
                    join programs_membership member on member.user_id = evaluation.resident_id
                   where evaluation.evaluator_id = accounts_user.id and member.group_id = %s
                     and member.state not in ('left', 'declined')
                     and not isempty(evaluation.period * daterange(%s, null, '[]')))""",
        (group.pk, on),
        output_field=BooleanField(),
    )


def groups_offered_to(user: User, program: Program, on: dt.date) -> "list[Group]":
    """Groups of ``program`` with a free place that ``user`` may join; the guard runs before the offer."""
    led = Group.objects.filter(program=program, pk__in=Guide.objects.led_groups())
    groups = led.with_free_places().exclude(evaluated_with(user, on))
    return list(groups.prefetch_related("guides__user"))


def evaluators_of(members: Iterable[UUID], on: dt.date) -> dict[UUID, set[UUID]]:
    """For each member, who evaluates them on or after the day ``on``."""
    wanted = set(members)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for evaluator, resident in evaluations(wanted, on):
        if resident in wanted:
            found[resident].add(evaluator)
    return found


def _suspended(program: Program, on: dt.date) -> tuple[Any, Any, Any]:
    """Guides, members and coordinators of ``program`` whose assignment is suspended on the day ``on``."""
    guides = Guide.objects.filter(group__program=program, suspended_from__lte=on).filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on)
    )
    members = program.memberships.live().filter(suspended_from__lte=on)
    return guides, members, program.coordinators.current(on).filter(suspended_from__lte=on)


def count_suspended(program: Program, on: dt.date) -> int:
    """How many ``suspended_in`` finds, in one query."""
    guides, members, coordinators = (rows.order_by().values("pk") for rows in _suspended(program, on))
    counted: int = guides.union(members, coordinators, all=True).count()
    return counted


def suspended_in(program: Program, on: dt.date) -> list[Suspended]:
    """Every suspended assignment of ``program`` that is still somebody's on the day ``on``."""
    guides, members, coordinators = _suspended(program, on)
    return [
        *(Suspended("guide", row.pk, row.user_id, row.group_id, row.suspended_from) for row in guides),
        *(Suspended("member", row.pk, row.user_id, row.group_id, row.suspended_from) for row in members),
        *(Suspended("coordinator", row.pk, row.user_id, None, row.suspended_from) for row in coordinators),
    ]


def relation_reasons(
    evaluator: User, resident: User, on: dt.date
) -> "list[EvaluativeRelation | DepartmentRule]":
    """Why ``evaluator`` evaluates ``resident``: the single relations and the department rules behind it."""
    relations = EvaluativeRelation.objects.filter(evaluator=evaluator, resident=resident).filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on)
    )
    placed = Placement.objects.filter(user=resident).filter(Q(until_on__isnull=True) | Q(until_on__gte=on))
    rules = DepartmentRule.objects.filter(
        evaluator=evaluator, department__in=placed.values("department")
    ).filter(Q(until_on__isnull=True) | Q(until_on__gte=on))
    return [*relations, *rules.select_related("department")]
