"""What guides tick about intake interviews is told once, pooled, and anew only when enough members more are in it."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
import time_machine
from django.db import IntegrityError, transaction

from checklist import ticks
from checklist.assessing import assess, group_in, group_inputs
from checklist.facts.whole import facts_of
from checklist.keeping import take
from checklist.models import TicksTold
from checklist.reading import read
from checklist.released import OF_INTAKES, for_coordinator, ticks_due
from checklist.rows import TicksRow
from programs.models import Intake, Program
from sessions.actions.intakes import Ticks, record_held
from tests.checklist.by_hand import group, member, on, scope, session
from tests.factories.accounts import InstitutionFactory
from tests.factories.programs import GroupFactory, IntakeFactory, MembershipFactory, ProgramFactory
from tests.factories.sessions import GroupSessionFactory

DAY = dt.timedelta(days=1)
FIRST = on(2026, 9, 1)
BEFORE = FIRST - 7 * DAY


def seats(count, *, framed=0, noted=True, **fields):
    met = {"intake_at": BEFORE} if noted else {}
    return tuple(member(n, framed=n < framed, goal=n < framed, **met, **fields) for n in range(count))


def began(name="g1", *, count=5, at=FIRST, **fields):
    return group(name, members=seats(count, **fields), sessions=(session(at),))


def due(*groups, on_day, told=None, min_n=5):
    return ticks_due(replace(scope(*groups), at=FIRST + on_day * DAY, ticks=told), min_n)


def shown(told, min_n=5):
    where = replace(scope(began()), ticks=told)
    return [for_coordinator(facts_of(where), where, min_n)[key] for key in OF_INTAKES]


def test_a_coordinator_reads_what_was_told_and_not_what_is_so_now():
    assert shown(None) == [None, None]
    assert shown(TicksRow(5, framed=4, goals=3)) == [Fraction(4, 5), Fraction(3, 5)]
    assert shown(TicksRow(5, framed=4, goals=3), min_n=6) == [None, None]


def test_it_takes_five_members_or_as_many_as_the_house_wants():
    assert due(began(framed=2), on_day=1) == TicksRow(5, framed=2, goals=2)
    assert due(began(count=4), on_day=1) is None
    assert due(began(), on_day=1, min_n=6) is None


@pytest.mark.parametrize(("on_day", "is_told"), [(0, False), (1, True)])
def test_once_all_interviews_are_noted_it_is_told_the_day_after_the_first_session(on_day, is_told):
    """A goal saved that evening counts."""
    assert bool(due(began(), on_day=on_day)) is is_told


@pytest.mark.parametrize(("on_day", "is_told"), [(1, False), (14, False), (15, True)])
def test_interviews_that_nobody_noted_are_waited_for_two_weeks(on_day, is_told):
    most = replace(began(), members=(*seats(5), member(9)))

    assert bool(due(most, on_day=on_day)) is is_told


@pytest.mark.parametrize(("on_day", "is_told"), [(15, False), (30, False), (31, True)])
def test_every_group_with_members_is_waited_for(on_day, is_told):
    late = began("g2", at=FIRST + 30 * DAY)

    assert bool(due(began(), late, on_day=on_day)) is is_told
    assert bool(due(began(), replace(late, members=()), on_day=on_day)) is (on_day >= 1)
    assert due(began(), replace(late, sessions=()), on_day=on_day) is None


@pytest.mark.parametrize(("on_day", "is_told"), [(44, False), (45, True)])
def test_two_weeks_count_from_the_last_group_that_began(on_day, is_told):
    late = began("g2", at=FIRST + 30 * DAY, noted=False)

    assert bool(due(began(), late, on_day=on_day)) is is_told


def test_what_was_told_is_told_anew_only_of_five_members_more():
    before = TicksRow(5, framed=2, goals=2)

    assert due(began(), began("g2", count=4), on_day=20, told=before) is None
    assert due(began(framed=2), began("g2", framed=5), on_day=20, told=before) == TicksRow(10, 7, 7)


@pytest.fixture
def program():
    """Six members whose first session is over, five of them interviewed."""
    made = ProgramFactory(institution=InstitutionFactory(), stage="running")
    one = GroupFactory(program=made)
    GroupSessionFactory(group=one, starts_at=FIRST, ends_at=FIRST + dt.timedelta(hours=2))
    for _n in range(5):
        joined = {"joined_on": dt.date(2026, 8, 1)}
        held = {"state": "held", "held_at": BEFORE, "expectations_voiced": True, "boundaries_agreed": True}
        IntakeFactory(membership=MembershipFactory(group=one, **joined), **held)
    MembershipFactory(group=one, **joined)
    return Program.objects.select_related("institution").get(pk=made.pk)


def night(program, at):
    with time_machine.travel(at, tick=False):
        take([program], at)


def told_to_coordinator(program, at):
    facts = assess(program, at).inputs.facts
    return facts["intake_frame_share"]


@pytest.mark.django_db
def test_an_interview_noted_later_is_in_no_number_that_a_coordinator_reads(program):
    later = FIRST + 20 * DAY
    night(program, later - DAY)
    before = told_to_coordinator(program, later)

    corrected = Intake.objects.filter(membership__program=program).first().membership
    with time_machine.travel(later, tick=False):
        record_held(corrected, by=program.created_by, ticks=Ticks())
    night(program, later + DAY)

    assert (before, told_to_coordinator(program, later + 2 * DAY)) == (Fraction(5, 6), Fraction(5, 6))
    reading = read(program, later)
    [one] = reading.scope.groups
    assert group_inputs(reading, one, own_guide=True).facts["intake_frame_share"] == Fraction(4, 6)


@pytest.mark.django_db
def test_of_a_group_a_coordinator_reads_no_ticks_also_when_it_is_the_only_one(program):
    later = FIRST + 20 * DAY
    night(program, later)
    reading = read(program, later)

    assert reading.scope.ticks == TicksRow(6, framed=5, goals=0)
    facts = group_inputs(reading, group_in(reading, program.groups.get().pk)).facts
    assert [facts[key] for key in OF_INTAKES] == [None, None]


@pytest.mark.django_db
def test_before_it_was_told_a_coordinator_reads_nothing(program):
    night(program, FIRST + 14 * DAY)

    assert told_to_coordinator(program, FIRST + 14 * DAY) is None
    assert not TicksTold.objects.exists()


@pytest.mark.django_db
def test_whoever_looked_before_another_told_tells_nothing(program):
    at = FIRST + 20 * DAY
    with time_machine.travel(at, tick=False):
        one, other = read(program, at), read(program, at)
        assert ticks.tell(program, one)
        MembershipFactory(group=program.groups.get(), joined_on=dt.date(2026, 8, 1))
        stale = replace(read(program, at), scope=replace(read(program, at).scope, ticks=None))
        assert [ticks.tell(program, late) for late in (other, stale)] == [False, False]

    assert TicksTold.objects.get().people == 6


@pytest.mark.django_db
def test_what_was_told_is_counted_of_people(program):
    with pytest.raises(IntegrityError), transaction.atomic():
        TicksTold.objects.create(program=program, people=5, framed=6, goals=0)
    assert TicksTold.append_only
