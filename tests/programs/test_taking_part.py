import datetime as dt
import gzip

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from accounts.models import Institution
from accounts.models.time import Availability, BusyTime
from outbox.models import Message
from programs.models import Group, IntakeSlot, Membership, Program, WaitingPlace
from tests.factories.accounts import UserFactory
from tests.factories.programs import (
    GroundRulesFactory,
    GroupFactory,
    GuideFactory,
    IntakeSlotFactory,
    MembershipFactory,
    ProgramTextFactory,
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
    return GuideFactory(group__program__stage="recruiting", user__name="Guide Who Listens")


@pytest.fixture
def place(guide):
    return MembershipFactory(group=guide.group, state="placed", invited_at=MONDAY)


@pytest.fixture
def me(client, place):
    client.force_login(place.user)
    return client


def slot(guide, hours=2, **fields):
    start = MONDAY + hours * HOUR
    times = {"starts_at": start, "ends_at": start + dt.timedelta(minutes=45)}
    return IntakeSlotFactory(program=guide.group.program, guide=guide.user, **times | fields)


def url(name, place):
    return reverse(f"programs:{name}", args=[place.pk])


@pytest.mark.parametrize(
    ("closing", "said"),
    [(4, "Please answer before this time."), (3, "Please answer by"), (None, "before this time")],
)
def test_ones_page_asks_for_an_answer_before_what_comes_first(me, place, guide, closing, said):
    slot(guide, membership=place)
    Program.objects.update(answers_until=closing and dt.date(2027, 1, closing))

    assert said in me.get(url("my-place", place)).content.decode()


def test_the_first_page_shows_the_reserved_time_and_keeping_it_is_also_the_yes(me, place, guide):
    ProgramTextFactory(program=place.program, purpose_en="To think together", limits_en="No therapy")
    time = slot(guide, 50, membership=place, reserved_at=MONDAY)

    page = me.get(url("my-place", place)).content.decode()
    assert "A time is reserved for you" in page
    assert "To think together" in page
    assert "Guide Who Listens" in page

    answer = me.post(url("keep-time", place), follow=True)

    time.refresh_from_db()
    place.refresh_from_db()
    assert (time.kept_at, place.accepted_at, place.state) == (MONDAY, MONDAY, "active")
    assert "Booked: your intake" in answer.content.decode()


def test_saying_yes_without_a_reserved_time_reserves_the_one_that_fits_best(me, place, guide):
    time = slot(guide)

    me.post(url("accept-place", place))

    assert IntakeSlot.objects.get(membership=place) == time


def test_not_this_time_frees_seat_and_time_and_ends_every_message_and_can_be_undone(me, place, guide):
    time = slot(guide, 50)
    me.post(url("accept-place", place))
    assert Message.objects.filter(state="pending").exists()

    page = me.post(url("decline-place", place), follow=True).content.decode()

    time.refresh_from_db()
    place.refresh_from_db()
    assert (place.state, place.group, time.is_free) == ("declined", None, True)
    assert not Message.objects.filter(state="pending", recipient=place.user).exists()
    assert "Nobody asks why" in page

    me.post(url("undo-decline", place))

    time.refresh_from_db()
    place.refresh_from_db()
    assert (place.state, place.group, time.membership) == ("active", guide.group, place)


def test_undo_is_refused_in_words_when_the_seat_was_given_away(me, place, guide):
    me.post(url("decline-place", place))
    Group.objects.update(places=1)
    MembershipFactory(group=guide.group)

    page = me.post(url("undo-decline", place), follow=True).content.decode()

    assert "This group has just been filled" in page
    assert Membership.objects.get(pk=place.pk).state == "declined"


def test_after_the_start_declining_is_the_coordinator_s(me, place):
    Program.objects.update(stage="running")

    page = me.post(url("decline-place", place), follow=True).content.decode()

    assert "Your coordinator can help you leave" in page
    assert Membership.objects.get(pk=place.pk).state == "placed"


def test_free_times_are_grouped_by_day_nearest_first_and_the_rest_follows_on_request(me, place, guide):
    for day in range(12):
        slot(guide, 2 + 24 * day)

    first = me.get(url("my-time", place)).content.decode()
    more = me.get(url("my-time", place) + "?show=2").content.decode()

    assert first.index("Mon 4 January 2027") < first.index("Tue 5 January 2027")
    assert (first.count('type="radio"'), more.count('type="radio"')) == (9, 12)
    assert "Show later dates" in first
    assert "Show later dates" not in more


def test_a_time_taken_meanwhile_keeps_the_page_and_offers_what_is_free(me, place, guide):
    taken, free = slot(guide, 2), slot(guide, 3)
    IntakeSlot.objects.filter(pk=taken.pk).update(membership=MembershipFactory(group=guide.group))

    answer = me.post(url("my-time", place), {"slot": taken.pk})

    assert answer.status_code == 422
    assert "This time was just taken. These are still free" in answer.content.decode()
    assert str(free.pk) in answer.content.decode()


def test_a_time_that_somebody_has_is_not_offered_where_all_are_shown(me, place, guide):
    taken, free = slot(guide, 2, membership=MembershipFactory(group=guide.group)), slot(guide, 3)

    offered = me.get(url("my-time", place), {"all": ""}).content.decode()

    assert (str(taken.pk) in offered, str(free.pk) in offered) == (False, True)


def test_times_of_another_group_s_guide_are_not_offered_where_all_are_shown(me, place, guide):
    own, other = slot(guide), slot(GuideFactory(group=GroupFactory(program=place.program)))

    offered = me.get(url("my-time", place), {"all": ""}).content.decode()

    assert (str(own.pk) in offered, str(other.pk) in offered) == (True, False)


@pytest.mark.parametrize(("ended_at", "waits"), [(None, True), (MONDAY, False)])
def test_a_refusal_says_who_still_waits_for_a_time_and_who_waits_no_more(me, place, ended_at, waits):
    WaitingPlace.objects.create(kind="intake", program=place.program, membership=place, ended_at=ended_at)
    WaitingPlace.objects.create(kind="group", program=place.program, membership=place)

    refusal = me.post(url("keep-time", place))

    assert (refusal.status_code, refusal.context["waiting"]) == (409, waits)


@pytest.mark.parametrize("junk", ["", "x", "00000000-0000-0000-0000-000000000000", "'; drop table"])
def test_a_forged_choice_is_refused_in_words(me, place, guide, junk):
    slot(guide)

    assert me.post(url("my-time", place), {"slot": junk}).status_code == 422
    assert not IntakeSlot.objects.filter(membership__isnull=False).exists()


@pytest.mark.parametrize(
    ("channel", "hours", "kept", "asked"),
    [
        ("phone", 2, True, True),
        ("phone", 2, False, True),
        ("phone", -2, True, False),
        ("video", 2, True, False),
        ("room", 2, True, False),
    ],
)
def test_who_is_called_reads_where_to_mail_their_number(me, place, guide, channel, hours, kept, asked):
    slot(guide, hours, membership=place, channel=channel, kept_at=MONDAY if kept else None)

    page = me.get(url("my-place", place)).content.decode()

    assert ("Mail your number to" in page) is asked
    assert (f'href="mailto:{guide.user.email}"' in page) is asked


def test_a_later_date_can_be_booked_from_the_first_page(me, place, guide):
    last = [slot(guide, 2 + 24 * day) for day in range(12)][-1]

    assert me.post(url("my-time", place), {"slot": last.pk}).status_code == 302
    assert IntakeSlot.objects.get(membership=place) == last


def test_none_of_these_puts_on_the_waiting_list(me, place, guide):
    slot(guide, membership=place, reserved_at=MONDAY)

    page = me.post(url("wait-for-time", place), follow=True).content.decode()

    assert "We are looking for a time" in page
    assert WaitingPlace.objects.waiting("intake").get().membership == place


def test_cancelling_frees_the_time_and_offers_the_others(me, place, guide):
    time = slot(guide, membership=place, reserved_at=MONDAY, kept_at=MONDAY)

    answer = me.post(url("release-time", place), follow=True)

    time.refresh_from_db()
    assert time.is_free
    assert "Choose another below" in answer.content.decode()


def week(**changes):
    return {f"half_{n}": "f" for n in range(10)} | changes


def test_the_week_is_stored_and_a_reservation_that_no_longer_fits_moves(me, place, guide):
    slot(guide, 2, membership=place, reserved_at=MONDAY)
    tuesday = slot(guide, 26)

    me.post(
        url("my-week", place),
        week(half_0="n", half_3="r", days_off=["4"], away_1_from="2027-02-01", away_1_until="2027-02-07"),
    )

    assert Availability.objects.get(user=place.user).answers == "nffrffffff----"
    assert IntakeSlot.objects.get(membership=place) == tuesday
    leave = BusyTime.objects.get(kind="leave")
    assert (leave.from_at, leave.until_at) == (
        dt.datetime(2027, 1, 31, 23, tzinfo=dt.UTC),
        dt.datetime(2027, 2, 7, 23, tzinfo=dt.UTC),
    )
    friday = BusyTime.objects.filter(kind="day_off").first()
    assert friday.from_at == dt.datetime(2027, 1, 7, 23, tzinfo=dt.UTC)


def test_the_week_says_until_when_days_away_are_kept_as_the_house_keeps_them(me, place):
    assert (
        "Days away are deleted 6 months after they are over."
        in me.get(url("my-week", place)).content.decode()
    )
    Institution.objects.filter(pk=place.program.institution_id).update(own_periods={"availability": 2})
    assert (
        "Days away are deleted 2 months after they are over."
        in me.get(url("my-week", place)).content.decode()
    )


def test_saving_the_week_twice_shows_it_again_and_adds_nothing(me, place):
    data = week(days_off=["4"], away_1_from="2027-02-01", away_1_until="2027-02-07")
    me.post(url("my-week", place), data)
    count = BusyTime.objects.count()
    me.post(url("my-week", place), data)

    page = me.get(url("my-week", place)).content.decode()

    assert BusyTime.objects.count() == count
    assert 'value="2027-02-01"' in page
    assert page.count("checked") == 1


def test_imported_duties_stay_when_the_week_is_saved(me, place):
    BusyTime.objects.create(
        user=place.user, kind="duty", source="import", from_at=MONDAY + HOUR, until_at=MONDAY + 9 * HOUR
    )

    me.post(url("my-week", place), week())

    assert BusyTime.objects.filter(kind="duty").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"away_1_from": "2027-02-07", "away_1_until": "2027-02-01"},
        {"away_1_from": "2027-02-07"},
        {"away_1_until": "2027-02-07"},
        {"away_1_from": "soon"},
        {"away_1_from": "2027-02-07", "away_1_until": "9999-12-31"},
        {"away_1_from": "0001-01-01", "away_1_until": "2027-02-07"},
        {"half_0": "x"},
        {"days_off": ["9"]},
    ],
)
def test_a_wrong_week_is_refused_and_nothing_typed_is_lost(me, place, wrong):
    answer = me.post(url("my-week", place), week(half_3="n") | wrong)

    assert answer.status_code == 422
    assert 'value="n" selected' in answer.content.decode()
    assert not Availability.objects.exists()


def test_the_ground_rules_are_confirmed_once_and_a_newer_version_is_read_first(me, place):
    rules = GroundRulesFactory(group=place.group)
    newer = GroundRulesFactory(group=place.group, version=2, text_en="New and better")

    old = me.post(url("my-rules", place), {"rules": rules.pk})
    assert (old.status_code, "New and better" in old.content.decode()) == (409, True)
    for _ in range(2):
        assert me.post(url("my-rules", place), {"rules": newer.pk}).status_code == 302
    assert newer.confirmations.count() == 1


def test_that_a_fellow_agreed_to_the_ground_rules_is_not_that_one_did_oneself(me, place):
    GroundRulesFactory(group=place.group).confirmations.create(user=UserFactory())

    assert me.get(url("my-rules", place)).context["confirmed"] is None


def test_ones_page_asks_to_agree_to_the_rules_of_the_own_group_until_one_did_so_oneself(me, place):
    GroundRulesFactory(group=GroupFactory(program=place.program))
    assert me.get(url("my-place", place)).context["rules"] is None

    rules = GroundRulesFactory(group=place.group)
    rules.confirmations.create(user=UserFactory())
    asked = me.get(url("my-place", place)).context["rules"]
    assert (asked, asked.agreed) == (rules, False)
    rules.confirmations.create(user=place.user)
    assert me.get(url("my-place", place)).context["rules"].agreed


@pytest.mark.parametrize("name", ["my-rules", "my-group"])
def test_without_a_group_there_is_no_page_about_it(me, place, name):
    Membership.objects.filter(pk=place.pk).update(group=None, state="invited")

    assert me.get(url(name, place)).status_code == 404


def test_the_fellows_are_those_who_sit_in_ones_own_group(me, place):
    said_yes = {"state": "active", "invited_at": MONDAY, "accepted_at": MONDAY}
    Membership.objects.filter(pk=place.pk).update(**said_yes)
    MembershipFactory(group=GroupFactory(program=place.program), user__name="In Another", **said_yes)
    MembershipFactory(group=place.group, user__name="Suspended", suspended_from=MONDAY.date(), **said_yes)
    Program.objects.update(stage="running")

    fellows = me.get(url("my-group", place)).context["members"]

    assert [member.pk for member in fellows] == [place.pk]


def test_names_of_members_are_shown_to_members_only_once_the_program_runs(me, place):
    MembershipFactory(group=place.group, user__name="Colleague Two")

    MembershipFactory(group=place.group, user__name="Only Asked", state="placed")

    def page():
        return me.get(url("my-group", place)).content.decode()

    assert "Colleague Two" not in page()
    Program.objects.update(stage="running")
    assert "Colleague Two" not in page(), "who was asked and has not said yes reads no names"
    assert "once you say that you take part" in page()
    me.post(url("accept-place", place))
    assert "Colleague Two" in page()
    assert "Only Asked" not in page(), "nor is somebody named who may say no"


PAGES = ["my-place", "my-time", "my-week", "my-rules", "my-group"]


@pytest.mark.parametrize("name", PAGES)
def test_a_place_is_nobody_else_s(client, place, guide, name):
    GroundRulesFactory(group=place.group)
    for stranger in (UserFactory(), guide.user, MembershipFactory(group=place.group).user):
        client.force_login(stranger)
        assert client.get(url(name, place)).status_code == 404


def test_before_the_invitation_there_is_no_page(me, place):
    Membership.objects.update(invited_at=None)

    assert me.get(url("my-place", place)).status_code == 404


@pytest.mark.parametrize("stage", ["draft", "recruiting", "running", "completed", "cancelled", "paused"])
@pytest.mark.parametrize("format", ["intervision", "peer_support", "error_coping_workshop"])
def test_the_page_stands_in_every_stage_and_format_with_and_without_a_group(me, place, stage, format):
    Program.objects.update(stage=stage, format=format)

    assert me.get(url("my-place", place)).status_code == 200
    Membership.objects.filter(pk=place.pk).update(state="interested", group=None, accepted_at=MONDAY)
    assert me.get(url("my-place", place)).status_code == 200
    assert me.get(url("my-time", place)).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_free_times(
    me, place, guide, django_assert_max_num_queries
):
    for day in range(40):
        slot(guide, 2 + 24 * day)
    GroupFactory(program=place.program)

    me.get(url("my-time", place))
    with django_assert_max_num_queries(8):
        me.get(url("my-time", place) + "?show=9")
    with django_assert_max_num_queries(8):
        me.get(url("my-place", place))


@pytest.mark.parametrize("name", ["my-place", "my-time"])
def test_the_booking_page_is_light_enough_for_a_phone_in_a_cellar(me, place, guide, name):
    for day in range(12):
        slot(guide, 2 + 24 * day)
    ProgramTextFactory(program=place.program, purpose_en="Words " * 150, limits_en="Words " * 150)

    parts = [
        settings.BASE_DIR / "static" / part for part in ("css/app.css", "js/app.js", "icons/favicon.svg")
    ]
    loaded = [me.get(url(name, place)).content, *(part.read_bytes() for part in parts)]

    assert sum(len(gzip.compress(part)) for part in loaded) <= 15 * 1024


def test_the_time_can_be_put_into_one_s_own_calendar_under_a_title_that_tells_nothing(me, place, guide):
    assert me.get(url("my-time-calendar", place)).status_code == 404
    slot(guide, membership=place, kept_at=MONDAY)

    answer = me.get(url("my-time-calendar", place))

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"SUMMARY:Appointment" in answer.content
    assert b"Listens" not in answer.content
