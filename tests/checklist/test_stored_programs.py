"""Stored programs give the facts, the preparation score and the coverage of the cases written by hand."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

import catalogue
from checklist.assessing import assess
from checklist.facts.whole import WAITING
from checklist.reading import read
from checklist.scoring import score
from intervision import clock
from programs import independence
from programs.actions.own_texts import settle
from programs.models import IndependenceDeclaration
from tests.checklist.stored import FIRST, PLANNED_AT, by_the_book, evening_booster
from tests.factories.accounts import DepartmentFactory, InstitutionFactory, PlacementFactory
from tests.factories.programs import (
    DepartmentRuleFactory,
    EvaluativeRelationFactory,
    GroupFactory,
    GuideFactory,
    MembershipFactory,
    ProgramFactory,
)

CASES = {
    case["id"]: case
    for case in yaml.safe_load((Path(__file__).parents[1] / "evidence" / "cases.yaml").read_text())["cases"]
}

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("case", "store"), [("c02-textbook-plan", by_the_book), ("c06-evening-booster", evening_booster)]
)
def test_a_stored_program_has_the_facts_and_the_preparation_of_its_case(case, store):
    wanted = CASES[case]["facts"]
    found = assess(store(), PLANNED_AT)
    facts = {key: found.inputs.facts.get(key) for key in wanted if key not in WAITING}

    assert {
        key: round(float(v), 1) if key == "trajectory_months_planned" else v for key, v in facts.items()
    } == {key: value for key, value in wanted.items() if key not in WAITING}

    # Release and the help-and-referral pack have no home yet; with their facts the case is whole.
    waiting = {key: wanted[key] for key in wanted if key in WAITING}
    whole = score(
        catalogue.load(), "intervision", replace(found.inputs, facts={**found.inputs.facts, **waiting})
    )
    totals = CASES[case]["expect"]["totals"]
    layer = whole.layers["preparation"]
    assert round(float(layer.score), 3) == totals["preparation"]
    assert {key: round(float(one.coverage), 3) for key, one in whole.layers.items()} == totals["coverage"]


def test_a_program_is_read_in_one_query_whatever_its_size(django_assert_num_queries):
    program = by_the_book()
    with django_assert_num_queries(1):
        assess(program, PLANNED_AT)


def test_a_goal_kept_to_oneself_counts_like_one_that_was_saved():
    place = MembershipFactory()
    assert own_goals(place.program) == [None]

    settle(place)

    assert own_goals(place.program) == [clock.today()]


def own_goals(program):
    [group] = read(program, clock.now()).scope.groups
    return [member.goal_on for member in group.members]


def test_who_assesses_whom_is_known_as_the_guard_knows_it():
    """Every kind of knowledge at once: a relation, a department's staff, a declaration, and nothing."""
    house = InstitutionFactory()
    program = ProgramFactory(institution=house)
    group = GroupFactory(program=program)
    members = [MembershipFactory(group=group).user for _number in range(4)]
    guide = GuideFactory(group=group)
    ended = {"from_on": dt.date(2025, 1, 1), "until_on": dt.date(2025, 12, 31)}
    EvaluativeRelationFactory(institution=house, evaluator=members[0], resident=members[1])
    EvaluativeRelationFactory(institution=house, evaluator=members[1], resident=members[2], **ended)
    department = DepartmentFactory(institution=house)
    PlacementFactory(user=members[2], department=department)
    DepartmentRuleFactory(department=department, evaluator=members[3])
    IndependenceDeclaration.objects.create(guide=guide).members.add(members[3])

    found = read(program, PLANNED_AT).scope.independence

    everybody = [guide.user, *members]
    known = independence.statuses(
        [one.pk for one in everybody], [one.pk for one in members], PLANNED_AT.date()
    )
    assert {pair: found.status(str(pair[0]), str(pair[1])) for pair in known} == known
    assert set(known.values()) == set(independence.Independence)


def test_what_is_unchanged_is_scored_once_until_a_day_ends_or_a_group_begins():
    program = by_the_book()
    found = assess(program, PLANNED_AT)

    assert assess(program, PLANNED_AT + dt.timedelta(minutes=9)) is found
    assert assess(program, PLANNED_AT - dt.timedelta(minutes=1)) is not found
    assert assess(program, FIRST - dt.timedelta(minutes=1)).until == FIRST
    evening = dt.datetime(2026, 9, 1, 23, 55, tzinfo=FIRST.tzinfo)
    assert assess(program, evening).until == evening + dt.timedelta(minutes=5)


def test_whatever_changes_is_counted_at_once():
    program = by_the_book()
    before = assess(program, PLANNED_AT)

    program.groups.get().sessions.filter(number=1).update(refreshments=False)
    stored = assess(program, PLANNED_AT)
    program.degree_required = True
    typed = assess(program, PLANNED_AT)

    shares = [found.inputs.facts["refreshments_share"] for found in (before, stored)]
    assert shares == [1, Fraction(9, 10)]
    assert [found.inputs.facts["degree_required"] for found in (stored, typed)] == [False, True]
