"""Whatever is added and removed, in whatever order, no evaluator is ever over or beside their resident.

The oracle is plain Python over plain rows; it shares nothing with the views and triggers it judges.
"""

import datetime as dt
from collections import Counter
from functools import partial
from itertools import permutations, product

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.models import Placement
from programs import independence
from programs.models import DepartmentRule, EvaluativeRelation, Group, Guide, Membership, ProgramCoordinator
from programs.refusals import broken_rule
from tests.factories.accounts import DepartmentFactory, PlacementFactory, UserFactory
from tests.factories.programs import (
    DepartmentRuleFactory,
    EvaluativeRelationFactory,
    GroupFactory,
    GuideFactory,
    MembershipFactory,
    ProgramFactory,
)

FIRST = dt.date(2026, 9, 1)
FOREVER = dt.date(9999, 12, 31)
REFUSED_BY = {
    "no_evaluator_in_group",
    "coordinator_does_not_guide",
    "programs_guide_once",
    "programs_membership_one_live",
    "programs_coordinator_once",
}
Span = tuple[dt.date, dt.date]

people = st.integers(0, 3)
groups = st.integers(0, 1)
days = st.integers(0, 9).map(lambda day: FIRST + dt.timedelta(days=day))
lengths = st.none() | st.integers(0, 4)


def overlap(*spans: Span) -> dt.date | None:
    """The first day that lies in every span (both ends inclusive), or None."""
    start, end = max(span[0] for span in spans), min(span[1] for span in spans)
    return start if start <= end else None


def span(from_on: dt.date, until_on: dt.date | None) -> Span:
    return from_on, until_on or FOREVER


def evaluations() -> list[tuple[object, object, Span]]:
    found = [
        (row.evaluator_id, row.resident_id, span(row.from_on, row.until_on))
        for row in EvaluativeRelation.objects.all()
    ]
    for row, placement in product(DepartmentRule.objects.all(), Placement.objects.all()):
        both = overlap(span(row.from_on, row.until_on), span(placement.from_on, placement.until_on))
        if row.department_id == placement.department_id and row.evaluator_id != placement.user_id and both:
            until = min(row.until_on or FOREVER, placement.until_on or FOREVER)
            found.append((row.evaluator_id, placement.user_id, (both, until)))
    return found


def assignments() -> list[tuple[object, object, Span]]:
    """(person, group, the part of the assignment that is in force)"""

    def in_force(start: dt.date, end: dt.date | None, suspended: dt.date | None) -> Span:
        last = end or FOREVER
        return start, min(last, suspended - dt.timedelta(days=1)) if suspended else last

    rows = [
        (g.user_id, g.group_id, in_force(g.from_on, g.until_on, g.suspended_from))
        for g in Guide.objects.all()
    ]
    rows += [
        (m.user_id, m.group_id, in_force(m.joined_on, m.left_on, m.suspended_from))
        for m in Membership.objects.filter(group__isnull=False)
    ]
    for row in ProgramCoordinator.objects.all():
        time = in_force(row.from_on, row.until_on, row.suspended_from)
        rows += [(row.user_id, group.pk, time) for group in row.program.groups.all()]
    return rows


def forbidden() -> list[tuple[object, object]]:
    members = Membership.objects.filter(group__isnull=False)
    return [
        (person, member.user_id)
        for person, group, time in assignments()
        for member in members
        if member.group_id == group and member.user_id != person
        for evaluator, resident, lasts in evaluations()
        if (evaluator, resident) == (person, member.user_id)
        and overlap(time, lasts, span(member.joined_on, member.left_on))
    ]


def meeting(day: dt.date) -> set[tuple[str, object]]:
    """(kind, person) of whoever is over or beside a resident they evaluate on ``day``, were nobody suspended."""
    rows = [("guide", g.user_id, {g.group_id}, span(g.from_on, g.until_on)) for g in Guide.objects.all()]
    seats = Membership.objects.filter(group__isnull=False)
    rows += [("member", m.user_id, {m.group_id}, span(m.joined_on, m.left_on)) for m in seats]
    for row in ProgramCoordinator.objects.all():
        groups = set(row.program.groups.values_list("pk", flat=True))
        rows.append(("coordinator", row.user_id, groups, span(row.from_on, row.until_on)))
    today = (day, day)
    return {
        (kind, person)
        for kind, person, groups, time in rows
        for member in seats
        for evaluator, resident, lasts in evaluations()
        if (evaluator, resident) == (person, member.user_id) and member.group_id in groups
        if person != member.user_id and overlap(today, time, lasts, span(member.joined_on, member.left_on))
    }


class Hospital(RuleBasedStateMachine):
    """Two groups of one program, one of another, four people who may be anything to each other."""

    #: What the database refused or suspended, in all runs: what was never met was never tried.
    met: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        program = ProgramFactory()
        self.groups = [GroupFactory(program=program), GroupFactory(program=program)]
        self.department = DepartmentFactory(institution=program.institution)
        self.people = [UserFactory() for _ in range(4)]

    def teardown(self) -> None:
        """However it went: the first evaluates the second, one sits, the other is over or beside, in every order."""
        try:
            self.pages_offer_what_the_database_takes()
            self.the_night_finds_whoever_is_out_of_force(FIRST + dt.timedelta(days=4))
            for over in (self.first_leads, self.first_joins, self.first_coordinates):
                for steps in permutations((over, self.second_joins, self.first_evaluates)):
                    self.tried(*steps)
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def tried(self, *steps) -> None:
        """On what came of it, without what the two were; undone afterwards."""
        before = transaction.savepoint()
        for kind in (Guide, Membership, ProgramCoordinator):
            kind.objects.filter(user__in=self.people[:2]).delete()
        EvaluativeRelation.objects.all().delete()
        DepartmentRule.objects.all().delete()
        for step in steps:
            step()
            self.no_evaluator_is_over_or_beside_their_resident()
        if steps[-1] == self.first_evaluates:
            self.the_night_finds_whoever_is_out_of_force(FIRST)
        transaction.savepoint_rollback(before)

    def pages_offer_what_the_database_takes(self) -> None:
        for (who, person), (number, group) in product(enumerate(self.people), enumerate(self.groups)):
            before = transaction.savepoint()
            Membership.objects.filter(user=person).delete()
            barred = person.pk in independence.barred_from(group, FIRST)
            kept_back = Group.objects.filter(independence.evaluated_with(person, FIRST), pk=group.pk).exists()
            self.join(who, number, FIRST)
            refused = not Membership.objects.filter(user=person).exists()
            assert barred == kept_back == refused
            self.met[f"barred: {barred}"] += 1
            transaction.savepoint_rollback(before)

    def the_night_finds_whoever_is_out_of_force(self, day: dt.date) -> None:
        lasting = {(evaluator, resident) for evaluator, resident, time in evaluations() if time[1] >= day}
        assert independence.evaluations([person.pk for person in self.people], day) == lasting
        found = independence.suspended_in(self.groups[0].program, day)
        assert meeting(day) <= {(row.kind, row.person_id) for row in found}
        assert all(row.from_on <= day for row in found)
        assert independence.count_suspended(self.groups[0].program, day) == len(found)
        self.met.update(f"{kind} out of force" for kind, _person in meeting(day))

    def first_leads(self) -> None:
        self.lead(0, 0, FIRST, None)

    def first_joins(self) -> None:
        self.join(0, 0, FIRST)

    def first_coordinates(self) -> None:
        self.coordinate(0, FIRST)

    def second_joins(self) -> None:
        self.join(1, 0, FIRST)

    def first_evaluates(self) -> None:
        self.evaluate(0, 1, FIRST, None)

    def assign(self, make, what: str, who: int) -> None:
        """Make an assignment; the guard may refuse it, and only for a forbidden state."""
        try:
            with transaction.atomic():
                make()
        except IntegrityError as error:
            if broken_rule(error) not in REFUSED_BY:
                raise
            if broken_rule(error) == "no_evaluator_in_group":
                evaluates = f"{self.people[who].pk} evaluates" in str(error)
                self.met[f"{what} refused as {'evaluator' if evaluates else 'evaluated'}"] += 1

    def note_suspended(self) -> None:
        for kind in (Guide, Membership, ProgramCoordinator):
            if kind.objects.filter(suspended_from__isnull=False).exists():
                self.met[f"{kind.__name__.lower()} suspended"] += 1

    @rule(who=people, group=groups, day=days, length=lengths)
    def lead(self, who, group, day, length):
        until = None if length is None else day + dt.timedelta(days=length)
        self.assign(
            lambda: GuideFactory(
                group=self.groups[group], user=self.people[who], from_on=day, until_on=until, role="co"
            ),
            "guide",
            who,
        )

    @rule(who=people, group=groups, day=days)
    def join(self, who, group, day):
        seat = {"group": self.groups[group], "user": self.people[who], "joined_on": day}
        self.assign(lambda: MembershipFactory(**seat), "member", who)

    @rule(who=people, day=days)
    def coordinate(self, who, day):
        program = self.groups[0].program
        self.assign(
            lambda: ProgramCoordinator.objects.create(program=program, user=self.people[who], from_on=day),
            "coordinator",
            who,
        )

    @rule(who=people, whom=people, day=days, length=lengths)
    def evaluate(self, who, whom, day, length):
        if who == whom:
            return
        until = None if length is None else day + dt.timedelta(days=length)
        EvaluativeRelation.objects.filter(
            evaluator=self.people[who], resident=self.people[whom], from_on=day
        ).delete()
        EvaluativeRelationFactory(
            institution=self.department.institution,
            evaluator=self.people[who],
            resident=self.people[whom],
            from_on=day,
            until_on=until,
        )
        self.note_suspended()

    @rule(who=people, day=days)
    def assess_department(self, who, day):
        if not DepartmentRule.objects.filter(evaluator=self.people[who], from_on=day).exists():
            DepartmentRuleFactory(department=self.department, evaluator=self.people[who], from_on=day)
            self.note_suspended()

    @rule(who=people, day=days, length=lengths)
    def rotate(self, who, day, length):
        until = None if length is None else day + dt.timedelta(days=length)
        if not Placement.objects.filter(user=self.people[who], from_on=day).exists():
            PlacementFactory(user=self.people[who], department=self.department, from_on=day, until_on=until)
            self.note_suspended()

    @rule(who=people, group=groups)
    def move(self, who, group):
        rows = Membership.objects.filter(user=self.people[who])
        self.assign(lambda: rows.update(group=self.groups[group]), "member", who)

    @rule(who=people)
    def lift_suspension(self, who):
        for kind, what in ((Guide, "guide"), (Membership, "member"), (ProgramCoordinator, "coordinator")):
            rows = kind.objects.filter(user=self.people[who])
            self.assign(partial(rows.update, suspended_from=None), what, who)

    @rule(who=people)
    def relations_end(self, who):
        EvaluativeRelation.objects.filter(evaluator=self.people[who]).delete()
        DepartmentRule.objects.filter(evaluator=self.people[who]).delete()

    @rule(who=people)
    def leave(self, who):
        Membership.objects.filter(user=self.people[who]).delete()

    @rule(who=people)
    def stop_leading(self, who):
        Guide.objects.filter(user=self.people[who]).delete()

    @invariant()
    def no_evaluator_is_over_or_beside_their_resident(self):
        assert forbidden() == []


@pytest.mark.django_db
def test_no_order_of_steps_reaches_an_unsuspended_conflict():
    Hospital.met.clear()
    run_state_machine_as_test(
        Hospital,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=(Phase.generate,),  # to make a failure shorter takes longer than a test may
            suppress_health_check=list(HealthCheck),
        ),
    )
    refused = {"guide refused as evaluator", "coordinator refused as evaluator"}
    refused |= {"member refused as evaluator", "member refused as evaluated"}
    night = {f"{kind} out of force" for kind in ("guide", "member", "coordinator")}
    suspended = {"guide suspended", "membership suspended", "programcoordinator suspended"}
    assert set(Hospital.met) >= refused | suspended | night | {"barred: True", "barred: False"}


def every_order() -> list[tuple[str, ...]]:
    return list(permutations(("relation", "rule", "placement", "leaves", "guide")))


@pytest.mark.django_db
@pytest.mark.parametrize("order", every_order(), ids="-".join)
def test_every_order_of_allowed_steps_succeeds(order):
    """A guide who evaluates somebody outside the group may be assigned before or after any of it is known."""
    group, outsider = GroupFactory(residents=[UserFactory()]), UserFactory()
    member = MembershipFactory(group=group)
    guide, department = UserFactory(), DepartmentFactory()
    steps = {
        "relation": lambda: EvaluativeRelationFactory(evaluator=guide, resident=outsider),
        "rule": lambda: DepartmentRuleFactory(department=department, evaluator=guide),
        "placement": lambda: PlacementFactory(user=outsider, department=department),
        "leaves": lambda: Membership.objects.filter(pk=member.pk).update(
            state="left", left_on=dt.date(2026, 10, 1)
        ),
        "guide": lambda: GuideFactory(group=group, user=guide),
    }

    for step in order:
        steps[step]()

    assert not Guide.objects.filter(suspended_from__isnull=False).exists()
