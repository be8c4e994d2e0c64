import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models.time import Availability, BusyTime
from outbox.models import Message
from programs import errors
from programs.actions import intake_times, intakes
from programs.models import Intake, IntakeSlot, Membership, WaitingPlace
from tests.factories.programs import GroupFactory, GuideFactory, IntakeSlotFactory, MembershipFactory

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2027, 1, 4, 7, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def on_a_monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def guide():
    return GuideFactory(group__program__stage="recruiting")


def member(guide, **fields):
    fields = {"invited_at": MONDAY, "accepted_at": MONDAY} | fields
    return MembershipFactory(group=guide.group, **fields)


def test_who_waits_for_a_group_is_offered_no_time_and_gets_none(guide):
    waiting = MembershipFactory(program=guide.group.program, invited_at=MONDAY, accepted_at=MONDAY)
    offered = slot(guide)

    assert not IntakeSlot.objects.for_membership(waiting).exists()
    with pytest.raises(errors.SlotTaken):
        intakes.book_intake(offered, membership=waiting)


def test_the_intake_is_with_who_leads_the_group_and_not_with_who_leads_along(guide):
    slot(GuideFactory(group=guide.group, role="co"))
    offered = slot(guide)

    assert list(IntakeSlot.objects.for_membership(member(guide))) == [offered]


def slot(guide, hours=2, **fields):
    start = MONDAY + hours * HOUR
    times = {"starts_at": start, "ends_at": start + dt.timedelta(minutes=45)}
    return IntakeSlotFactory(program=guide.group.program, guide=guide.user, **times | fields)


def sent(*kinds):
    """The kinds of the messages to residents that are on their way."""
    rows = Message.objects.exclude(state="cancelled").exclude(kind="intake-list")
    found = sorted(rows.values_list("kind", flat=True))
    return [kind for kind in found if kind in kinds] if kinds else found


def test_booking_takes_the_time_and_writes_the_confirmation_and_the_reminder(guide):
    who, time = member(guide), slot(guide, 48)

    booked = intakes.book_intake(time, membership=who)

    assert (booked.membership, booked.kept_at) == (who, MONDAY)
    assert Intake.objects.get().state == "booked"
    assert sent() == ["intake-booked", "intake-tomorrow"]
    assert Message.objects.get(kind="intake-tomorrow").due_at == time.starts_at - dt.timedelta(days=1)


def test_booking_the_same_time_twice_is_one_booking_and_one_message(guide):
    who, time = member(guide), slot(guide)
    intakes.book_intake(time, membership=who)
    with time_machine.travel(MONDAY + dt.timedelta(seconds=5), tick=False):
        again = intakes.book_intake(time, membership=who)

    assert again.membership == who
    assert sent("intake-booked") == ["intake-booked"]


def test_a_time_somebody_has_is_refused_and_nothing_changes(guide):
    first, second, time = member(guide), member(guide), slot(guide)
    own = intakes.book_intake(slot(guide, 5), membership=second)
    intakes.book_intake(time, membership=first)

    with pytest.raises(errors.SlotTaken):
        intakes.book_intake(time, membership=second)

    own.refresh_from_db()
    assert own.membership == second


@pytest.mark.parametrize("fields", [{"withdrawn_at": MONDAY}, {"starts_at": MONDAY - HOUR}])
def test_a_withdrawn_or_past_time_is_refused(guide, fields):
    time = slot(guide, **fields)

    with pytest.raises(errors.SlotTaken):
        intakes.book_intake(time, membership=member(guide))


def test_a_time_of_another_group_s_guide_is_refused(guide):
    other = GuideFactory(group=GroupFactory(program=guide.group.program))

    with pytest.raises(errors.SlotTaken):
        intakes.book_intake(slot(other), membership=member(guide))


def test_moving_frees_the_old_time_and_gives_it_to_who_waits(guide):
    who, waiting = member(guide), member(guide)
    old, new = slot(guide, 2), slot(guide, 4)
    intakes.book_intake(old, membership=who)
    intakes.reserve(new, membership=waiting)
    intakes.join_waiting(waiting, refused=True)

    intakes.book_intake(new, membership=who)

    old.refresh_from_db()
    assert (old.membership, old.kept_at) == (waiting, None)
    assert WaitingPlace.objects.get().offered_at == MONDAY
    assert Intake.objects.get(membership=waiting).state == "offered"


def test_giving_up_a_time_ends_its_reminders_and_it_is_free_again(guide):
    who, time = member(guide), slot(guide, 60)
    intakes.book_intake(time, membership=who)

    intakes.release(who)

    time.refresh_from_db()
    assert time.is_free
    assert Intake.objects.get().state == "cancelled"
    assert sent() == []


def test_keeping_the_reserved_time_books_it(guide):
    who, time = member(guide), slot(guide, 60)
    intakes.reserve(time, membership=who)
    assert Intake.objects.get().state == "offered"

    intakes.keep(who)

    time.refresh_from_db()
    assert time.kept_at == MONDAY
    assert Intake.objects.get().state == "booked"
    assert "reserved-time" not in sent()


def test_keeping_nothing_is_refused(guide):
    with pytest.raises(errors.NoTimeReserved):
        intakes.keep(member(guide))


def test_nothing_leaves_the_house_before_the_invitation(guide):
    who = member(guide, state="placed", invited_at=None, accepted_at=None)

    intakes.reserve(slot(guide, 60), membership=who)

    assert sent() == []


def test_a_reserved_time_is_told_and_asked_about_after_a_week_and_before_the_closing_date(guide):
    guide.group.program.answers_until = dt.date(2027, 1, 20)
    guide.group.program.save()

    intakes.reserve(slot(guide, 24 * 20), membership=member(guide))

    assert sent() == ["intake-not-booked", "intake-not-booked", "intake-tomorrow", "reserved-time"]
    due = Message.objects.filter(kind="intake-not-booked").order_by("due_at").values_list("due_at", flat=True)
    assert list(due) == [MONDAY + dt.timedelta(days=7), dt.datetime(2027, 1, 17, 11, tzinfo=dt.UTC)]


def test_the_offered_times_miss_never_half_days_and_duties_and_prefer_fine_ones(guide):
    who = member(guide)
    Availability.objects.create(user=who.user, answers="n" + "r" + "f" * 12)
    morning, afternoon = slot(guide, 2), slot(guide, 6)
    tuesday, duty = slot(guide, 26), slot(guide, 30)
    BusyTime.objects.create(user=who.user, kind="duty", from_at=duty.starts_at, until_at=duty.ends_at)

    offered = intakes.offered_times(who, at=MONDAY)

    assert offered == [tuesday, afternoon]
    assert morning not in offered


def test_who_waits_is_not_given_a_time_on_a_never(guide):
    first, second = member(guide), member(guide)
    Availability.objects.create(user=first.user, answers="n" * 14)
    for who in (first, second):
        intakes.join_waiting(who)

    made = intake_times.publish_times(guide.group.program, guide.user, [offered(2)]).made

    made[0].refresh_from_db()
    assert made[0].membership == second
    assert [place.membership for place in WaitingPlace.objects.waiting("intake")] == [first]


def offered(hours):
    start = MONDAY + hours * HOUR
    end = start + dt.timedelta(minutes=45)
    return intake_times.OfferedTime(start, end, start - dt.timedelta(minutes=10), end)


def test_joining_the_waiting_list_is_refused_while_a_time_that_suits_is_free(guide):
    slot(guide)

    with pytest.raises(errors.TimesFree):
        intakes.join_waiting(member(guide))


def test_none_of_these_gives_the_reservation_back_and_waits(guide):
    who, time = member(guide), slot(guide)
    intakes.reserve(time, membership=who)

    intakes.join_waiting(who, refused=True)
    intakes.join_waiting(who, refused=True)

    time.refresh_from_db()
    assert time.is_free
    assert WaitingPlace.objects.waiting("intake").count() == 1


def test_who_left_gets_no_time(guide):
    who = member(guide, state="left", left_on=MONDAY.date())

    with pytest.raises(errors.NotTakingPart):
        intakes.book_intake(slot(guide), membership=who)


def test_an_intake_that_took_place_is_not_booked_again(guide):
    who = member(guide)
    Intake.objects.create(membership=who, state="held", held_at=MONDAY)

    with pytest.raises(errors.IntakeTookPlace):
        intakes.book_intake(slot(guide), membership=who)


def test_publishing_twice_changes_nothing_and_a_clash_is_named(guide):
    program = guide.group.program
    intake_times.publish_times(program, guide.user, [offered(2)])

    again = intake_times.publish_times(program, guide.user, [offered(2), offered(2.5), offered(3)])

    assert [time for time, _ in again.refused] == [offered(2.5)]
    assert [made.starts_at for made in again.made] == [MONDAY + 3 * HOUR]
    assert IntakeSlot.objects.count() == 2


def test_a_withdrawn_time_can_be_offered_again_and_occupies_its_guide_again(guide):
    program = guide.group.program
    made = intake_times.publish_times(program, guide.user, [offered(2)]).made[0]

    step = intake_times.withdraw_time(made, by=guide.user)
    assert intake_times.conflicts(guide.user, [offered(2.5)]) == {}
    restored = intake_times.restore_time(step)

    assert restored.withdrawn_at is None
    assert list(intake_times.conflicts(guide.user, [offered(2.5)])) == [offered(2.5)]


def test_a_time_that_somebody_has_is_not_withdrawn(guide):
    time = slot(guide)
    intakes.book_intake(time, membership=member(guide))

    with pytest.raises(errors.SlotHasSomebody):
        intake_times.withdraw_time(time, by=guide.user)


def test_when_the_guide_calls_a_time_off_the_member_gets_another(guide):
    who = member(guide)
    first, second = slot(guide, 2), slot(guide, 50)
    intakes.book_intake(first, membership=who)

    another = intake_times.call_off(first, by=guide.user)

    assert another == second
    assert IntakeSlot.objects.get(membership=who) == second
    assert "reserved-time" in sent()


def test_when_the_guide_calls_the_last_time_off_the_member_is_told_and_waits(guide):
    who, time = member(guide), slot(guide)
    intakes.book_intake(time, membership=who)

    assert intake_times.call_off(time, by=guide.user) is None

    assert WaitingPlace.objects.waiting("intake").get().membership == who
    assert sent() == ["intake-cancelled"]


def test_a_reservation_is_not_made_for_a_suspended_member(guide):
    who = member(guide)
    intakes.join_waiting(who)
    Membership.objects.filter(pk=who.pk).update(suspended_from=MONDAY.date())

    made = intake_times.publish_times(guide.group.program, guide.user, [offered(2)])

    assert made.promoted == 0


def test_the_race_is_decided_by_one_conditional_update_without_a_subquery(guide):
    who, time = member(guide), slot(guide)

    with CaptureQueriesContext(connection) as queries:
        intakes.book_intake(time, membership=who)

    updates = [q["sql"] for q in queries if q["sql"].startswith('UPDATE "programs_intakeslot"')]
    (decides,) = [sql for sql in updates if '"membership_id" IS NULL' in sql]
    assert "SELECT" not in decides


def test_a_time_follows_the_lead_when_somebody_is_moved_or_the_guide_is_replaced(guide):
    who, time = member(guide), slot(guide)
    intakes.book_intake(time, membership=who)
    assert intake_times.follow_leads(at=MONDAY) == 0
    new = GuideFactory(group=GroupFactory(program=guide.group.program))
    theirs = slot(new, 5)
    Membership.objects.filter(pk=who.pk).update(group=new.group)

    assert intake_times.follow_leads(at=MONDAY) == 1

    assert IntakeSlot.objects.get(membership=who) == theirs
    assert "reserved-time" in sent()


def test_without_a_time_of_the_new_lead_somebody_waits_and_is_told(guide):
    who = member(guide)
    intakes.book_intake(slot(guide), membership=who)
    guide.suspended_from = MONDAY.date()
    guide.save()

    intake_times.follow_leads(at=MONDAY)

    assert WaitingPlace.objects.waiting("intake").get().membership == who
    assert sent() == ["intake-cancelled"]


def test_the_time_of_somebody_suspended_is_freed_and_they_are_given_no_other(guide):
    who, other = member(guide), member(guide)
    intakes.book_intake(slot(guide), membership=who)
    intakes.book_intake(slot(guide, 5), membership=other)
    Membership.objects.filter(pk=who.pk).update(suspended_from=MONDAY.date())
    guide.suspended_from = MONDAY.date()
    guide.save()

    assert intake_times.follow_leads(at=MONDAY) == 2

    assert not IntakeSlot.objects.filter(membership=who).exists()
    assert WaitingPlace.objects.waiting("intake").get().membership == other
