import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from outbox.models import Message
from programs.errors import CoordinatesTheProgram
from programs.models import Group, Occupation, Program
from sessions.actions import changes, coming, messages, series, undo
from sessions.errors import AlreadyOver, GuideBusy, NotAMember, SessionCancelled, SubstituteEvaluates
from sessions.models import Attendance, GroupSession
from sessions.views.session import who_may_stand_in
from tests.factories.accounts import AppointmentFactory, InstitutionFactory, UserFactory
from tests.factories.programs import (
    EvaluativeRelationFactory,
    FacilitatorProfileFactory,
    GuideFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
    RoomFactory,
)
from tests.sessions.world import DAY, HOUR, MONDAY, meeting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_a_monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def here():
    here = meeting()
    start = MONDAY + 30 * DAY
    series.plan_series(
        here.group, [series.Moment(start, start + 2 * HOUR)], by=None, place=series.Place(here.room)
    )
    here.session = here.group.sessions.get()
    return here


def pending(kind):
    return Message.objects.filter(kind=kind, state="pending")


def test_moving_keeps_the_number_and_replaces_what_was_going_to_be_said(here):
    start = here.session.starts_at + DAY

    moved = changes.move_session(here.session, starts_at=start, ends_at=start + HOUR, by=here.guide)

    assert (moved.number, moved.starts_at, moved.sequence) == (1, start, 1)
    assert moved.first_planned_at == here.session.starts_at
    assert set(pending("session-changed").values_list("recipient", flat=True)) == {
        row.user_id for row in here.members
    }
    assert {m.due_at for m in pending("session-in-2-days")} == {start - 2 * DAY}
    assert Message.objects.filter(kind="session-in-2-days", state="cancelled").count() == 4


def test_moving_to_where_it_is_tells_nobody(here):
    changes.move_session(
        here.session, starts_at=here.session.starts_at, ends_at=here.session.ends_at, by=here.guide
    )

    assert not pending("session-changed").exists()


def test_moving_onto_another_session_of_the_guide_changes_nothing(here):
    start = here.session.starts_at + 7 * DAY
    Occupation.objects.create(person=here.guide, period=(start, start + HOUR), about_id=here.group.pk)

    with pytest.raises(GuideBusy):
        changes.move_session(here.session, starts_at=start, ends_at=start + HOUR, by=here.guide)

    here.session.refresh_from_db()
    assert here.session.sequence == 0
    assert not pending("session-changed").exists()


def test_another_room_frees_the_old_one(here):
    room = RoomFactory(institution=here.house, video_link="https://video.example/1")

    changed = changes.change_room(here.session, room=room, by=here.guide)

    assert (changed.room, changed.video_link) == (room, "https://video.example/1")
    assert not Occupation.objects.filter(room=here.room).exists()
    assert pending("session-changed").count() == 3


def test_cancelling_frees_guide_and_room_tells_the_members_and_happens_once(here):
    for _ in range(2):
        changes.cancel_session(here.session, reason="guide_ill", by=here.guide)

    assert not Occupation.objects.exists()
    assert pending("session-cancelled").count() == 3
    assert not pending("session-in-2-days").exists()
    with pytest.raises(SessionCancelled):
        changes.change_room(here.session, room=None, by=here.guide)


def test_a_day_off_cancels_every_session_of_that_local_day_and_no_other(here):
    on = here.house.on_day(here.session.starts_at)

    assert changes.day_off(here.program, on + DAY, by=here.coordinator) == []
    done = changes.day_off(here.program, on, by=here.coordinator)

    assert [(row.pk, row.cancel_reason) for row in done] == [(here.session.pk, "strike")]


def test_a_substitute_takes_the_time_of_the_lead_and_is_told(here):
    person = UserFactory()

    changes.substitute(here.session, person, by=here.coordinator)

    assert Occupation.objects.filter(person__isnull=False).get().person == person
    assert pending("session-substitute").get().recipient == person


def test_somebody_who_evaluates_a_member_cannot_stand_in(here):
    person = UserFactory()
    EvaluativeRelationFactory(institution=here.house, evaluator=person, resident=here.members[0].user)

    with pytest.raises(SubstituteEvaluates):
        changes.substitute(here.session, person, by=here.coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupSession.objects.filter(pk=here.session.pk).update(substitute=person)

    assert not GroupSession.objects.filter(substitute=person).exists()


def test_who_runs_the_program_on_that_day_cannot_stand_in(here):
    """They see counts; who stands in sees who was there."""
    on = here.session.starts_at.date()
    before = ProgramCoordinatorFactory(program=here.program, until_on=on - DAY).user

    with pytest.raises(CoordinatesTheProgram):
        changes.substitute(here.session, here.coordinator, by=here.coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupSession.objects.filter(pk=here.session.pk).update(substitute=here.coordinator)

    assert changes.substitute(here.session, before, by=here.coordinator).substitute == before


@pytest.mark.parametrize(
    ("begins", "refusal"),
    [
        (
            lambda here, user: ProgramCoordinatorFactory(program=here.program, user=user),
            CoordinatesTheProgram,
        ),
        (
            lambda here, user: EvaluativeRelationFactory(
                institution=here.house, evaluator=user, resident=here.members[0].user
            ),
            SubstituteEvaluates,
        ),
    ],
    ids=["runs the program", "evaluates a member"],
)
def test_who_cannot_stand_in_any_more_does_not_come_back_by_taking_a_change_back(here, begins, refusal):
    first, second = guide_of(here.house), guide_of(here.house)
    changes.substitute(here.session, first, by=here.coordinator)
    changes.substitute(here.session, second, by=here.coordinator)
    begins(here, first)

    with pytest.raises(refusal):
        undo.undo(here.session)

    assert GroupSession.objects.get().substitute == second


def guide_of(house, **appointed):
    """Somebody with a profile in ``house`` who is appointed there, unless told otherwise."""
    user = FacilitatorProfileFactory(institution=house).user
    AppointmentFactory(**{"user": user, "institution": house, "role": "intervisor"} | appointed)
    return user


def test_whoever_is_a_guide_of_the_house_that_day_and_independent_of_the_group_can_stand_in(here):
    elsewhere, day = InstitutionFactory(), here.session.starts_at.date()
    free, left, led, lead, seated, evaluator = (guide_of(here.house) for _ in range(6))
    GuideFactory(group=here.group, user=lead, role="co", from_on=day)
    GuideFactory(group=here.group, user=led, role="co", until_on=MONDAY.date())
    MembershipFactory(group=here.group, user=seated)
    MembershipFactory(group=here.group, user=left, state="left", left_on=MONDAY.date())
    for user, resident in ((evaluator, here.members[0].user), (free, UserFactory())):
        EvaluativeRelationFactory(institution=here.house, evaluator=user, resident=resident)
    guide_of(here.house, institution=elsewhere)
    guide_of(here.house, until_on=MONDAY.date())
    AppointmentFactory(user=guide_of(elsewhere), institution=here.house, role="intervisor")
    ProgramCoordinatorFactory(program=here.program, user=guide_of(here.house))
    ProgramCoordinatorFactory(program=here.program, user=led, until_on=day - DAY, from_on=MONDAY.date() + DAY)
    ProgramCoordinatorFactory(user=free)

    assert set(who_may_stand_in(here.session)) == {free, left, led}


def test_i_cannot_come_and_i_can_after_all(here):
    member = here.members[0]

    coming.cannot_come(here.session, member)
    coming.cannot_come(here.session, member)
    assert Attendance.objects.get().state == "excused"
    coming.can_come(here.session, member)

    assert not Attendance.objects.exists()


def test_nobody_says_so_after_the_start_or_of_another_group(here):
    with time_machine.travel(here.session.starts_at, tick=False), pytest.raises(AlreadyOver):
        coming.cannot_come(here.session, here.members[0])
    with pytest.raises(NotAMember):
        coming.cannot_come(here.session, meeting().members[0])


def test_who_comes_in_later_is_reminded_by_the_hourly_look_and_only_once(here):
    late = meeting().members[0]
    late.group, late.program = here.group, here.program
    late.save()
    at = here.session.starts_at - 10 * DAY
    rows = [GroupSession.objects.select_related("group__program__institution").get()]
    assert messages.remind(rows, at=at) == 1
    assert messages.remind(rows, at=at) == 0
    assert pending("session-in-2-days").filter(recipient=late.user).count() == 1


@pytest.mark.parametrize(
    ("stage", "group_paused", "said"),
    [
        ("running", False, "3 members get a message now"),
        ("draft", False, "has not been started yet"),
        ("paused", False, "During the pause nobody gets a message"),
        ("running", True, "During the pause nobody gets a message"),
        ("completed", False, "The program is over, so nobody gets a message"),
    ],
)
@pytest.mark.parametrize("page", ["cancel", "room", "move", "substitute"])
def test_the_page_says_who_hears_of_the_change(client, here, page, stage, group_paused, said):
    Program.objects.update(stage=stage, paused_stage="running" if stage == "paused" else "")
    Group.objects.update(paused_at=MONDAY if group_paused else None)
    client.force_login(here.coordinator)

    answer = client.get(reverse(f"sessions:{page}", args=[here.session.pk]))

    assert said in answer.content.decode()


def test_one_more_session_is_told_to_who_takes_part_today(here, client):
    paused = here.members[0]
    paused.paused_from = MONDAY.date()
    paused.save()
    client.force_login(here.guide)

    page = client.get(reverse("sessions:add", args=[here.group.pk])).content.decode()

    assert "2 members get a message now" in page
