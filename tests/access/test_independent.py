"""Each condition of the questions about independence by itself: between whom, of which group, on which day."""

import datetime as dt

import pytest

from accounts.models import User
from intervision import clock
from programs import independence
from programs.independence import Independence
from programs.models import Group
from tests.access.test_conditions import but
from tests.access.world import House, taken_back
from tests.factories.accounts import PlacementFactory, UserFactory
from tests.factories.programs import (
    DepartmentRuleFactory,
    EvaluativeRelationFactory,
    GroupFactory,
    GuideFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def house() -> House:
    return House()


def relation(house, evaluator, resident, **days):
    made = {"institution": house.institution, "evaluator": evaluator, "resident": resident}
    return EvaluativeRelationFactory(**made, **days)


def test_evaluations_are_found_from_both_sides_until_their_last_day(house):
    today, evaluator, resident = clock.today(), house.stranger, UserFactory()
    row = relation(house, evaluator, resident)
    relation(house, UserFactory(), UserFactory())

    for person in (evaluator, resident):
        assert independence.evaluations([person.pk], today) == {(evaluator.pk, resident.pk)}
    with but(row, until_on=today):
        assert independence.evaluations([resident.pk], today)
    with but(row, until_on=today - DAY):
        assert not independence.evaluations([resident.pk], today)
    with but(row, from_on=today + DAY):
        assert independence.evaluations([resident.pk], today), "one that is to begin meets what has no end"
    assert independence.evaluators_of([resident.pk, evaluator.pk], today) == {resident.pk: {evaluator.pk}}
    assert independence.evaluators_of([evaluator.pk], today) == {}


def status(guide, member):
    return independence.statuses([guide.pk], [member.pk], clock.today())[guide.pk, member.pk]


def test_a_relation_is_a_conflict_until_its_last_day(house):
    guide, member = house.stranger, UserFactory()
    row = relation(house, guide, member)

    assert status(guide, member) is Independence.CONFLICT
    assert status(member, guide) is Independence.NOT_KNOWN
    with but(row, until_on=clock.today()):
        assert status(guide, member) is Independence.CONFLICT
    with but(row, until_on=clock.today() - DAY):
        assert status(guide, member) is Independence.NOT_KNOWN


def test_what_a_guide_declared_is_known_of_those_it_names(house):
    fellow = MembershipFactory(group=house.group).user
    declared = house.guide.declarations.create()
    declared.members.add(house.resident)

    assert status(house.intervisor, house.resident) is Independence.INDEPENDENT
    assert status(house.intervisor, fellow) is Independence.NOT_KNOWN
    known = independence.statuses(
        [house.intervisor.pk, house.stranger.pk], [house.resident.pk], clock.today()
    )
    assert known[house.intervisor.pk, house.resident.pk] is Independence.INDEPENDENT
    assert known[house.stranger.pk, house.resident.pk] is Independence.NOT_KNOWN


def test_a_department_that_keeps_its_list_makes_its_people_known_while_both_last(house):
    today, elsewhere = clock.today(), UserFactory()
    PlacementFactory(user=elsewhere)
    rule = DepartmentRuleFactory(department=house.department)
    placement = house.resident.placements.get()

    assert status(house.intervisor, house.resident) is Independence.INDEPENDENT
    assert status(house.intervisor, elsewhere) is Independence.NOT_KNOWN
    for row in (rule, placement):
        for over in ({"until_on": today - DAY}, {"from_on": today + DAY}):
            with but(row, **over):
                assert status(house.intervisor, house.resident) is Independence.NOT_KNOWN
        for still in ({"until_on": today}, {"from_on": today}):
            with but(row, **still):
                assert status(house.intervisor, house.resident) is Independence.INDEPENDENT


def kept_out(group: Group, user) -> bool:
    """Both sides of the question answer alike."""
    today = clock.today()
    one = Group.objects.filter(independence.evaluated_with(user, today), pk=group.pk).exists()
    other = user.pk in independence.barred_from(group, today)
    assert one is other
    return one


def test_nobody_joins_a_group_whose_guide_or_coordinator_evaluates_them(house):
    today, user, other = (
        clock.today(),
        UserFactory(),
        GuideFactory(group=GroupFactory(program=house.program)).group,
    )

    assert not kept_out(house.group, user)
    for evaluator in (house.intervisor, house.coordinator):
        with taken_back():
            row = relation(house, evaluator, user)
            assert kept_out(house.group, user)
            assert not kept_out(house.group, house.stranger)
            assert kept_out(other, user) is (evaluator == house.coordinator)
            with but(row, until_on=today):
                assert kept_out(house.group, user)
            with but(row, until_on=today - DAY):
                assert not kept_out(house.group, user)
    relation(house, house.intervisor, user)
    with but(house.guide, until_on=today):
        assert kept_out(house.group, user)
    with but(house.guide, until_on=today - DAY):
        assert not kept_out(house.group, user)


def test_nobody_joins_a_group_with_somebody_they_evaluate(house):
    today, user, other = clock.today(), UserFactory(), GroupFactory(program=house.program)
    row = relation(house, user, house.resident)

    assert kept_out(house.group, user)
    assert not kept_out(other, user)
    assert not kept_out(house.group, house.stranger)
    with but(row, until_on=today):
        assert kept_out(house.group, user)
    with but(row, until_on=today - DAY):
        assert not kept_out(house.group, user)
    with but(house.membership, state="left", left_on=today - DAY):
        assert not kept_out(house.group, user)
    with but(house.membership, group=None, joined_on=None, state="invited"):
        assert not kept_out(house.group, user)
        assert Group.objects.exclude(independence.evaluated_with(user, today)).filter(pk=other.pk).exists()


def test_people_who_evaluate_a_member_are_marked(house):
    today, other = clock.today(), GroupFactory(program=house.program)
    row = relation(house, house.stranger, house.resident)

    def marked(group: Group) -> set[object]:
        people = User.objects.annotate(refused=independence.evaluates_in(group, today))
        return {person.pk for person in people if person.refused}

    assert marked(house.group) == {house.stranger.pk}
    assert marked(other) == set()
    with but(row, until_on=today):
        assert marked(house.group)
    with but(row, until_on=today - DAY):
        assert not marked(house.group)
    with but(house.membership, state="left", left_on=today):
        assert not marked(house.group)


def test_what_is_suspended_is_counted_and_named_while_it_is_somebodys(house):
    today, there = clock.today(), House()
    for each in (house, there):
        for evaluator in (each.intervisor, each.coordinator):
            relation(each, evaluator, each.resident)
    fellow = MembershipFactory(group=house.group)
    relation(house, fellow.user, house.resident)
    in_force = [
        GuideFactory(group=house.group, role="co").user,
        ProgramCoordinatorFactory(program=house.program).user,
        MembershipFactory(group=house.group).user,
    ]
    for evaluator in in_force:
        relation(house, evaluator, house.resident, from_on=today + DAY)

    def suspended() -> list[str]:
        found = independence.suspended_in(house.program, today)
        assert len(found) == independence.count_suspended(house.program, today)
        return [row.kind for row in found]

    def without(*kinds: str) -> list[str]:
        return [kind for kind in ("guide", "member", "coordinator") if kind not in kinds]

    assert suspended() == without()
    held = house.program.coordinators.get(user=house.coordinator)
    for row, kind in ((house.guide, "guide"), (held, "coordinator")):
        with but(row, until_on=today):
            assert suspended() == without()
        with but(row, until_on=today - DAY):
            assert suspended() == without(kind)
    with but(fellow, state="left", left_on=today):
        assert suspended() == without("member")


def test_the_reasons_of_a_relation_are_those_between_the_two_that_last(house):
    today, evaluator, resident = clock.today(), house.stranger, house.resident
    row = relation(house, evaluator, resident)
    rule = DepartmentRuleFactory(department=house.department, evaluator=evaluator)
    DepartmentRuleFactory(department=house.department)
    DepartmentRuleFactory(evaluator=evaluator)
    relation(house, evaluator, UserFactory())
    relation(house, UserFactory(), resident)
    placement = resident.placements.get()

    def reasons() -> list[object]:
        return independence.relation_reasons(evaluator, resident, today)

    assert reasons() == [row, rule]
    for ended, left in ((row, [rule]), (rule, [row]), (placement, [row])):
        with but(ended, until_on=today):
            assert reasons() == [row, rule]
        with but(ended, until_on=today - DAY):
            assert reasons() == left


def test_groups_are_offered_that_are_of_the_program_led_and_have_a_place(house):
    user, today = UserFactory(), clock.today()

    def offered() -> list[Group]:
        return independence.groups_offered_to(user, house.program, today)

    GuideFactory(group=GroupFactory())
    assert offered() == [house.group]
    for row, change in (
        (house.group, {"closed": True}),
        (house.group, {"places": house.group.memberships.count()}),
        (house.guide, {"role": "co"}),
    ):
        with but(row, **change):
            assert offered() == []
