"""What finds rows for somebody finds theirs, of today, and no other's."""

import datetime as dt

import pytest

import vault
from accounts.models import Appointment, User
from concerns.models import LeakReport
from desk import rules
from intervision import clock
from programs.models import IntakeSlot, LearningGoal, Program, WaitingPlace
from programs.models.joining import LINK_FOR, JoinRequest
from sessions.models import Attendance, GroupSession, Interruption
from tests.factories.accounts import AppointmentFactory, InstitutionFactory, PlacementFactory, UserFactory
from tests.factories.programs import (
    GroupFactory,
    GuideFactory,
    IntakeSlotFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
    ProgramFactory,
)
from tests.factories.sessions import GroupSessionFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def ended() -> dict[str, dt.date]:
    return {"from_on": clock.today() - 9 * DAY, "until_on": clock.today() - DAY}


def test_whose_role_as_privacy_officer_ended_watches_no_more():
    AppointmentFactory(role="privacy", **ended())
    today = AppointmentFactory(role="privacy")

    assert list(Appointment.objects.watching()) == [today]


@pytest.mark.parametrize("role", Appointment.WATCHED)
def test_who_holds_a_role_that_is_watched_over_does_not_watch_that_house(role):
    officer = AppointmentFactory(role="privacy")
    other = AppointmentFactory(role="privacy", user=officer.user)
    assert set(Appointment.objects.watching()) == {officer, other}

    AppointmentFactory(role=role, user=officer.user, institution=officer.institution)

    assert list(Appointment.objects.watching()) == [other]


def test_a_role_that_ended_keeps_nobody_from_watching():
    officer = AppointmentFactory(role="privacy")
    AppointmentFactory(role="director", user=officer.user, institution=officer.institution, **ended())

    assert list(Appointment.objects.watching()) == [officer]


def test_purges_are_seen_by_who_administers_or_watches_today():
    house = InstitutionFactory()
    for role in ("administrator", "privacy"):
        user = AppointmentFactory(role=role, institution=house).user
        assert rules.can_see_purges(user, house)
        assert not rules.can_see_purges(user, None)
        gone = AppointmentFactory(role=role, institution=house, **ended()).user
        assert not rules.can_see_purges(gone, house)


def test_a_role_without_an_end_lasts_and_one_with_an_end_until_then():
    today = clock.today()
    open_end = AppointmentFactory()
    AppointmentFactory(**ended())
    last_day = AppointmentFactory(until_on=today)

    assert set(Appointment.objects.lasting(today)) == {open_end, last_day}


def test_a_persons_house_and_roles_are_their_own_of_today():
    person = UserFactory()
    AppointmentFactory(role="director")
    PlacementFactory()
    AppointmentFactory(user=person, role="coordinator", **ended())
    old = PlacementFactory(user=person, **ended())
    found = User.objects.with_house().get(pk=person.pk)
    assert (found.house, found.roles) == (None, [])

    placed = PlacementFactory(user=person).department.institution
    assert User.objects.with_house().get(pk=person.pk).home == placed
    at_that_time = User.objects.with_house(old.until_on).get(pk=person.pk)
    assert (at_that_time.home == placed, at_that_time.roles) == (False, ["coordinator"])


def test_only_a_report_that_was_found_true_raises_the_flag():
    group = GroupFactory()
    rows = {
        state: LeakReport.objects.create(
            group=group,
            kind=LeakReport.Kind.values[0],
            state=state,
            repairs=["told"],
            reporter=MembershipFactory(group=group).user,
        )
        for state in LeakReport.State.values
    }

    assert list(LeakReport.objects.confirmed()) == [rows["confirmed"]]


def goal(place, number, shared_with):
    row = LearningGoal(membership=place, number=number, shared_with=shared_with)
    vault.write(place.user, row, {"goal": "Ask for help sooner."})
    return row


def test_a_goal_is_shared_only_with_the_guide_of_the_members_own_group_of_today():
    place = MembershipFactory()
    guide, elsewhere = GuideFactory(group=place.group), GuideFactory()
    gone = GuideFactory(group=place.group, role="co", **ended())
    shared = {"guide": guide, "elsewhere": elsewhere, "gone": gone, "nobody": None}
    goals = {who: goal(place, number, whom) for number, (who, whom) in enumerate(shared.items(), 1)}

    assert set(LearningGoal.objects.lapsed()) == {goals["elsewhere"], goals["gone"]}


def test_programs_are_coordinated_by_who_is_assigned_and_appointed_there_as_coordinator():
    row = ProgramCoordinatorFactory()
    person, house = row.user, row.program.institution
    Appointment.objects.filter(user=person).delete()
    AppointmentFactory(user=person, institution=house, role="director")
    assert not Program.objects.coordinated_by(person).exists()

    AppointmentFactory(user=person, institution=house, role="coordinator")
    assert list(Program.objects.coordinated_by(person)) == [row.program]
    assert not Program.objects.coordinated_by(person, dt.date(2019, 1, 1)).exists()


def test_intake_times_are_those_of_the_lead_in_that_program():
    place = MembershipFactory()
    lead, second = GuideFactory(group=place.group), GuideFactory(group=place.group, role="co")
    own = IntakeSlotFactory(program=place.program, guide=lead.user)
    IntakeSlotFactory(guide=lead.user)
    IntakeSlotFactory(program=place.program, guide=second.user)
    IntakeSlotFactory(program=place.program)

    assert list(IntakeSlot.objects.for_membership(place)) == [own]
    without = MembershipFactory(group=None, program=place.program, state="interested", joined_on=None)
    assert not IntakeSlot.objects.for_membership(without).exists()


def test_a_guide_offers_their_own_times_in_that_program_that_were_not_withdrawn():
    own = IntakeSlotFactory()
    IntakeSlotFactory(program=own.program)
    IntakeSlotFactory(guide=own.guide)
    IntakeSlotFactory(guide=own.guide, program=own.program, withdrawn_at=clock.now())

    assert list(IntakeSlot.objects.offered_by(own.guide, own.program)) == [own]


def test_those_who_wait_for_a_seat_do_not_wait_for_an_intake_time():
    place = MembershipFactory()
    seat, intake = (
        WaitingPlace.objects.create(program=place.program, membership=place, kind=kind)
        for kind in ("group", "intake")
    )

    assert list(WaitingPlace.objects.waiting("group")) == [seat]
    assert list(WaitingPlace.objects.waiting("intake")) == [intake]


def test_a_request_to_join_is_open_until_its_link_runs_out_and_not_then():
    asked = clock.now()
    request = JoinRequest(program=ProgramFactory.build(), asked_at=asked)

    assert request.is_open(asked + LINK_FOR - dt.timedelta(seconds=1))
    assert not request.is_open(asked + LINK_FOR)


def test_a_log_starts_from_the_marks_of_its_session_and_the_date_that_follows_in_its_group():
    group = GroupFactory()
    first, second, third = (
        GroupSessionFactory(group=group, number=number, starts_at=clock.now() + number * 7 * DAY)
        for number in (1, 2, 3)
    )
    GroupSessionFactory(starts_at=first.starts_at + DAY, number=1)
    place = MembershipFactory(group=group)
    Attendance.objects.create(session=first, membership=place, state="present")
    Attendance.objects.create(session=second, membership=place, state="excused")
    Interruption.objects.create(session=first, kind="pager", count=2)
    Interruption.objects.create(session=second, kind="called_away")
    GroupSession.objects.filter(pk=second.pk).update(state="cancelled", cancel_reason="ill")

    found = GroupSession.objects.with_marks().get(pk=first.pk)

    assert [mark["state"] for mark in found.marks] == ["present"]
    assert found.interrupted == [{"kind": "pager", "count": 2}]
    assert found.following["pk"] == str(third.pk)
