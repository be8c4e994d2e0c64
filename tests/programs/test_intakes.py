import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from accounts.models.time import Availability
from outbox.models import Message
from planning.actions.intakes import reserve_for_all
from programs.models import IntakeSlot, Membership, Occupation, Program
from tests.factories.accounts import UserFactory
from tests.factories.programs import (
    GroupFactory,
    GuideFactory,
    IntakeSlotFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
    RoomFactory,
)

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


@pytest.fixture
def room(guide):
    return RoomFactory(institution=guide.group.program.institution)


@pytest.fixture
def as_guide(client, guide):
    client.force_login(guide.user)
    return client


@pytest.fixture
def as_coordinator(client, guide):
    client.force_login(ProgramCoordinatorFactory(program=guide.group.program).user)
    return client


def slot(guide, hours=2, **fields):
    start = MONDAY + hours * HOUR
    times = {"starts_at": start, "ends_at": start + dt.timedelta(minutes=45)}
    return IntakeSlotFactory(program=guide.group.program, guide=guide.user, **times | fields)


def offer(guide):
    return reverse("planning:offer-times", args=[guide.group.program_id, guide.user_id])


def filled(room, **changes):
    return {
        "from_on": "2027-01-05",
        "to_on": "2027-01-07",
        "weekdays": ["2", "4"],
        "opens": "09:00",
        "closes": "12:00",
        "minutes": "45",
        "before": "0",
        "after": "15",
        "channel": "room",
        "room": room.pk,
    } | changes


def test_times_are_shown_first_and_offered_exactly_as_shown(as_guide, guide, room):
    preview = as_guide.post(offer(guide), filled(room))

    assert IntakeSlot.objects.count() == 0
    assert "Offer these 6 times" in preview.content.decode()

    as_guide.post(offer(guide), filled(room, publish=preview.context["shown"]))

    first = IntakeSlot.objects.first()
    assert IntakeSlot.objects.count() == 6
    assert (first.starts_at, first.room) == (dt.datetime(2027, 1, 5, 8, tzinfo=dt.UTC), room)
    held = Occupation.objects.get(person=guide.user, about_id=first.pk).period
    assert held.upper - held.lower == HOUR


def test_nobody_offers_times_of_whose_time_as_a_guide_is_over(as_coordinator, guide):
    assert as_coordinator.get(offer(guide)).status_code == 200
    guide.until_on = MONDAY.date() - dt.timedelta(days=1)
    guide.save()

    assert as_coordinator.get(offer(guide)).status_code == 404


def test_a_button_for_other_times_than_shown_offers_nothing(as_guide, guide, room):
    preview = as_guide.post(offer(guide), filled(room))

    answer = as_guide.post(offer(guide), filled(room, opens="08:00", publish=preview.context["shown"]))

    assert IntakeSlot.objects.count() == 0
    assert "The times changed since you saw them" in answer.content.decode()


def test_the_same_post_twice_offers_the_times_once(as_guide, guide, room):
    data = filled(room, publish=as_guide.post(offer(guide), filled(room)).context["shown"])

    for _ in range(2):
        assert as_guide.post(offer(guide), data).status_code == 302

    assert IntakeSlot.objects.count() == 6


def test_a_time_that_meets_another_appointment_is_named_and_the_others_are_offered(as_guide, guide, room):
    start = dt.datetime(2027, 1, 5, 8, 30, tzinfo=dt.UTC)
    Occupation.objects.create(person=guide.user, period=(start, start + HOUR), about_id=guide.pk)

    preview = as_guide.post(offer(guide), filled(room))
    page = preview.content.decode()

    assert page.count("The guide has another appointment at that time.") == 2
    assert "Offer the other 4 times" in page
    as_guide.post(offer(guide), filled(room, publish=preview.context["shown"]))
    assert IntakeSlot.objects.count() == 4


def test_a_taken_room_is_named(as_guide, guide, room):
    start = dt.datetime(2027, 1, 5, 8, tzinfo=dt.UTC)
    Occupation.objects.create(room=room, period=(start, start + HOUR), about_id=guide.pk)

    assert "The room is taken at that time." in as_guide.post(offer(guide), filled(room)).content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"weekdays": []}, "Choose at least one day"),
        ({"to_on": "2027-01-04"}, "before"),
        ({"closes": "08:00"}, "end"),
        ({"room": ""}, "Choose a room"),
        ({"channel": "video"}, "Give the link"),
        ({"channel": "video", "video_link": "javascript:alert(1)"}, "valid URL"),
        ({"minutes": "4"}, "5"),
        ({"from_on": "yesterday"}, "valid date"),
        ({"from_on": "2026-01-05", "to_on": "2026-01-07"}, "from today on"),
        ({"from_on": "9999-12-31", "to_on": "9999-12-31"}, "Choose a year from"),
        ({"from_on": "0001-01-01"}, "Choose a year from"),
        ({"opens": "17:00", "closes": "17:30"}, "No free time"),
        ({"per_day": "-1"}, "1"),
        ({"to_on": "2028-12-01"}, "366"),
    ],
)
def test_a_wrong_form_says_what_to_do_and_offers_nothing(as_guide, guide, room, wrong, said):
    answer = as_guide.post(offer(guide), filled(room) | wrong)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not IntakeSlot.objects.exists()


def test_a_room_of_another_house_cannot_be_chosen(as_guide, guide):
    assert as_guide.post(offer(guide), filled(RoomFactory())).status_code == 422


def test_a_coordinator_may_offer_times_for_a_guide_and_nobody_else_may(client, as_coordinator, guide, room):
    assert as_coordinator.get(offer(guide)).status_code == 200
    other = GuideFactory(group=GroupFactory(program=guide.group.program))
    client.force_login(other.user)
    assert client.get(offer(guide)).status_code == 403
    client.force_login(UserFactory())
    assert client.get(offer(guide)).status_code == 404


def test_the_guide_sees_who_comes_what_is_free_and_what_waits_for_a_word(as_guide, guide):
    past, coming = (
        MembershipFactory(group=guide.group, user__name=name) for name in ("Past One", "Coming Two")
    )
    slot(guide, -3, membership=past)
    slot(guide, 3, membership=coming)
    slot(guide, 5)
    MembershipFactory(group=guide.group, user__name="Without Three")

    page = as_guide.get(reverse("programs:guide-intakes", args=[guide.group.program_id]))

    assert [s.membership for s in page.context["to_record"]] == [past]
    assert [s.membership for s in page.context["coming"]] == [coming]
    assert len(page.context["free"]) == 1
    assert "Without Three" in page.content.decode()


@pytest.mark.parametrize("count", [3, 30])
def test_the_lists_ask_the_same_number_of_questions_at_any_size(
    client, guide, count, django_assert_max_num_queries
):
    for number in range(count):
        who = MembershipFactory(group=GroupFactory(program=guide.group.program))
        GuideFactory(group=who.group, user=guide.user)
        slot(guide, 2 + number, membership=who)
        slot(guide, 100 + number)
        MembershipFactory(group=who.group)
    coordinator = ProgramCoordinatorFactory(program=guide.group.program).user
    for user, name in ((guide.user, "guide-intakes"), (coordinator, "intakes")):
        address = reverse(f"programs:{name}", args=[guide.group.program_id])
        client.force_login(user)
        client.get(address)
        with django_assert_max_num_queries(8):
            client.get(address)


def test_a_free_time_is_withdrawn_with_undo(as_guide, guide):
    time = slot(guide)

    page = as_guide.post(reverse("programs:withdraw-time", args=[time.pk]), follow=True)
    assert "The time is withdrawn" in page.content.decode()
    assert IntakeSlot.objects.get().withdrawn_at

    undo = page.content.decode().split('action="/programs/times/undo/')[1].split('"')[0]
    as_guide.post("/programs/times/undo/" + undo)

    assert IntakeSlot.objects.get().is_free


def test_calling_a_time_off_says_first_what_follows(as_guide, guide):
    who = MembershipFactory(group=guide.group, invited_at=MONDAY)
    time, other = slot(guide, 3, membership=who, kept_at=MONDAY), slot(guide, 30)
    address = reverse("programs:call-off-time", args=[time.pk])

    assert "The resident gets another time" in as_guide.get(address).content.decode()
    as_guide.post(address)

    assert IntakeSlot.objects.get(membership=who) == other


def test_a_time_is_reserved_for_everybody_that_suits_and_what_was_kept_stays(as_coordinator, guide):
    program = guide.group.program
    early, late, kept = slot(guide, 2), slot(guide, 7), slot(guide, 30)
    never_mornings = MembershipFactory(group=guide.group)
    Availability.objects.create(user=never_mornings.user, answers="nf" * 7)
    anytime = MembershipFactory(group=guide.group)
    sure = MembershipFactory(group=guide.group)
    IntakeSlot.objects.filter(pk=kept.pk).update(membership=sure, kept_at=MONDAY)
    IntakeSlot.objects.filter(pk=late.pk).update(membership=anytime, reserved_at=MONDAY)

    as_coordinator.post(reverse("planning:reserve-intakes", args=[program.pk]))

    given = dict(IntakeSlot.objects.values_list("pk", "membership"))
    assert given == {early.pk: anytime.pk, late.pk: never_mornings.pk, kept.pk: sure.pk}
    program.refresh_from_db()
    assert program.steps["intakes"] == "done"


def test_reserving_for_everybody_twice_changes_nothing(guide):
    program = guide.group.program
    Program.objects.update(stage="draft")
    for hours in (2, 3):
        slot(guide, hours)
        MembershipFactory(group=guide.group, state="placed")

    assert reserve_for_all(program).made == 2
    before = dict(IntakeSlot.objects.values_list("pk", "membership"))
    assert reserve_for_all(program).made == 0
    assert dict(IntakeSlot.objects.values_list("pk", "membership")) == before
    assert not Message.objects.exists()


def test_the_step_counts_and_lists_who_has_no_time(as_coordinator, guide):
    MembershipFactory(group=guide.group, user__name="Without One")
    slot(guide, 2, membership=MembershipFactory(group=guide.group), reserved_at=MONDAY)

    page = as_coordinator.get(reverse("programs:intakes", args=[guide.group.program_id]))

    assert [row.user.name for row in page.context["page"]] == ["Without One"]
    assert (page.context["reserved"], page.context["seated"]) == (1, 2)


def test_a_format_without_intakes_has_no_such_step(as_coordinator, guide):
    Program.objects.update(format="peer_support")

    assert as_coordinator.get(reverse("programs:intakes", args=[guide.group.program_id])).status_code == 404


def test_people_who_left_are_not_reserved_for(guide):
    slot(guide)
    MembershipFactory(group=guide.group, state="left", left_on=MONDAY.date())

    assert reserve_for_all(guide.group.program).made == 0
    assert Membership.objects.count() == 1
