"""Nobody who evaluates a member leads, joins or runs that member's group."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, connections, transaction

from programs import independence
from programs.actions import seats
from programs.errors import EvaluatorInGroup, GroupFull
from programs.models import Group, Guide, Membership
from programs.refusals import broken_rule
from tests.factories.accounts import DepartmentFactory, PlacementFactory, UserFactory
from tests.factories.programs import (
    DepartmentRuleFactory,
    EvaluativeRelationFactory,
    GroupFactory,
    GuideFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
)

TODAY = dt.date(2026, 11, 2)

pytestmark = pytest.mark.django_db


def forbidden() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from programs_conflict")
        return int(cursor.fetchone()[0])


@pytest.fixture
def pair():
    """An evaluator and the resident they evaluate."""
    relation = EvaluativeRelationFactory()
    return relation.evaluator, relation.resident


def test_an_evaluator_cannot_lead_the_group_of_their_resident(pair):
    evaluator, resident = pair
    group = GroupFactory(residents=[resident])

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        GuideFactory(group=group, user=evaluator)

    assert broken_rule(refused.value) == "no_evaluator_in_group"
    assert not group.guides.exists()


def test_a_resident_cannot_be_placed_in_the_group_their_evaluator_leads(pair):
    evaluator, resident = pair
    guide = GuideFactory(user=evaluator)
    waiting = MembershipFactory(
        group=None, program=guide.group.program, user=resident, state="invited", joined_on=None
    )

    with pytest.raises(EvaluatorInGroup):
        seats.place(waiting, guide.group, on=TODAY)

    waiting.refresh_from_db()
    assert waiting.group is None


def test_an_evaluator_cannot_sit_in_the_group_of_their_resident(pair):
    evaluator, resident = pair
    group = GroupFactory(residents=[resident])

    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipFactory(group=group, user=evaluator)


def test_an_evaluator_cannot_coordinate_the_program_of_their_resident(pair):
    evaluator, resident = pair
    group = GroupFactory(residents=[resident])

    with pytest.raises(IntegrityError), transaction.atomic():
        ProgramCoordinatorFactory(program=group.program, user=evaluator)


@pytest.mark.parametrize("role", ["guide", "member", "coordinator"])
def test_a_relation_is_never_refused_and_suspends_what_it_meets_in_the_same_statement(role):
    group = GroupFactory()
    resident = MembershipFactory(group=group).user
    assignment = {
        "guide": lambda: GuideFactory(group=group),
        "member": lambda: MembershipFactory(group=group),
        "coordinator": lambda: ProgramCoordinatorFactory(program=group.program),
    }[role]()

    EvaluativeRelationFactory(evaluator=assignment.user, resident=resident, from_on=TODAY)

    assignment.refresh_from_db()
    assert assignment.suspended_from == TODAY
    assert forbidden() == 0


def test_a_department_rule_suspends_its_staff_over_every_resident_placed_there():
    department = DepartmentFactory()
    guide = GuideFactory()
    resident = PlacementFactory(department=department).user
    MembershipFactory(group=guide.group, user=resident)

    DepartmentRuleFactory(department=department, evaluator=guide.user, from_on=TODAY)

    guide.refresh_from_db()
    assert guide.suspended_from == TODAY


def test_a_rotation_suspends_the_assessor_of_the_new_department():
    rule = DepartmentRuleFactory()
    guide = GuideFactory(user=rule.evaluator)
    resident = MembershipFactory(group=guide.group).user

    PlacementFactory(user=resident, department=rule.department, from_on=dt.date(2027, 1, 1))

    guide.refresh_from_db()
    assert guide.suspended_from == dt.date(2027, 1, 1)


def test_a_relation_dated_ahead_ends_the_rights_on_its_first_day_and_not_before():
    guide = GuideFactory()
    resident = MembershipFactory(group=guide.group).user

    EvaluativeRelationFactory(evaluator=guide.user, resident=resident, from_on=dt.date(2027, 3, 1))

    assert Guide.objects.active(dt.date(2027, 2, 28)).filter(pk=guide.pk).exists()
    assert not Guide.objects.active(dt.date(2027, 3, 1)).filter(pk=guide.pk).exists()


def test_a_suspension_cannot_be_lifted_while_the_relation_lasts(pair):
    resident = pair[1]
    guide = GuideFactory()
    MembershipFactory(group=guide.group, user=resident)
    other = EvaluativeRelationFactory(evaluator=guide.user, resident=resident)

    with pytest.raises(IntegrityError), transaction.atomic():
        Guide.objects.filter(pk=guide.pk).update(suspended_from=None)
    other.delete()

    assert Guide.objects.filter(pk=guide.pk).update(suspended_from=None) == 1


def test_raw_sql_is_refused_too(pair):
    evaluator, resident = pair
    guide = GuideFactory(user=evaluator)
    elsewhere = MembershipFactory(user=resident)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "update programs_membership set group_id = %s, program_id = %s where id = %s",
            [guide.group_id, guide.group.program_id, elsewhere.pk],
        )


def test_a_relation_that_ended_before_the_seat_was_given_hinders_nobody(pair):
    evaluator, resident = pair
    evaluator.evaluates.update(until_on=dt.date(2026, 10, 31))
    guide = GuideFactory(user=evaluator, from_on=TODAY)

    MembershipFactory(group=guide.group, user=resident, joined_on=TODAY)

    assert forbidden() == 0


def test_no_data_is_not_yet_known_and_a_ruled_department_makes_it_known():
    guide = GuideFactory()
    unknown = MembershipFactory(group=guide.group).user
    placement = PlacementFactory()
    DepartmentRuleFactory(department=placement.department)
    known = MembershipFactory(group=guide.group, user=placement.user).user

    status = independence.statuses([guide.user_id], [unknown.pk, known.pk], TODAY)

    assert status == {
        (guide.user_id, unknown.pk): independence.Independence.NOT_KNOWN,
        (guide.user_id, known.pk): independence.Independence.INDEPENDENT,
    }


def test_a_group_led_by_an_evaluator_is_not_offered(pair):
    evaluator, resident = pair
    led = GuideFactory(user=evaluator).group
    free = GuideFactory(group__program=led.program).group
    GuideFactory(group=GroupFactory(program=led.program, places=1, residents=[UserFactory()]))

    assert independence.groups_offered_to(resident, led.program, TODAY) == [free]


def test_the_last_place_goes_to_one_person():
    group = GroupFactory(places=1, residents=[UserFactory()])
    late = MembershipFactory(group=None, program=group.program, state="invited", joined_on=None)

    with pytest.raises(GroupFull):
        seats.place(late, group, on=TODAY)

    group.refresh_from_db()
    assert group.taken == 1


def test_saving_a_stale_group_does_not_miscount_its_seats():
    group = GroupFactory(places=3)
    stale = Group.objects.get(pk=group.pk)
    MembershipFactory(group=group)

    stale.name = "Renamed"
    stale.save()

    group.refresh_from_db()
    assert (group.name, group.taken) == ("Renamed", 1)


def at_once(*steps: Callable[[], object]) -> None:
    """Run each step in a thread of its own, on its own connection, from one barrier."""
    barrier = threading.Barrier(len(steps))

    def run(step: Callable[[], object]) -> None:
        try:
            with transaction.atomic():
                barrier.wait(5)
                step()
        except IntegrityError:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_of_a_relation_and_a_seat_given_at_the_same_moment_no_forbidden_state_comes():
    for _round in range(30):
        guide = GuideFactory()
        resident = UserFactory()
        waiting = MembershipFactory(
            group=None, program=guide.group.program, user=resident, state="invited", joined_on=None
        )
        relation = EvaluativeRelationFactory.build(
            institution=guide.group.program.institution, evaluator=guide.user, resident=resident
        )

        at_once(
            relation.save,
            lambda waiting=waiting, guide=guide: Membership.objects.filter(pk=waiting.pk).update(
                group=guide.group, joined_on=TODAY
            ),
        )

        assert forbidden() == 0
