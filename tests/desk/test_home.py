"""The page everybody lands on besides what needs them, and the overviews it leads to."""

import datetime as dt

import pytest
from django.conf import settings
from django.urls import reverse

from intervision import clock
from programs.models import Guide, Membership, Program
from tests.desk.at_work import DAY, accepted, running, session, slot, stage
from tests.factories.accounts import UserFactory
from tests.factories.links import come_by_link
from tests.factories.programs import (
    GroundRulesFactory,
    GroupFactory,
    GuideFactory,
    MembershipFactory,
    ProgramFactory,
    RoomFactory,
)
from tests.factories.sessions import GroupSessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return running()


def test_what_is_coming_is_shown_to_guide_and_member(client, house):
    accepted(house)
    soon = session(house, clock.now() + DAY)

    for user in (house.intervisor, house.resident):
        client.force_login(user)
        page = client.get("/").content.decode()
        assert reverse("sessions:session", args=[soon.pk]) in page


def test_a_reserved_intake_is_coming_for_who_gives_and_who_has_it(client, house):
    time = slot(house, clock.now() + DAY, membership=house.membership)

    def coming(user):
        client.force_login(user)
        return client.get("/").content.decode()

    assert "Reserved for you: an intake interview with" in coming(house.resident)
    assert "An intake interview that you give" in coming(house.intervisor)
    assert house.resident.name not in coming(house.intervisor)
    time.kept_at = clock.now()
    time.save()
    page = coming(house.resident)
    assert "Your intake interview with" in page
    assert "Reserved for you" not in page


def given(client, house, user):
    """What the lines of ``user`` say of the interviews they hold."""
    client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return [(one.who, one.where) for one in client.get("/").context["coming"] if one.kind == "gives"]


@pytest.mark.parametrize(
    ("channel", "room", "where"),
    [
        ("room", "Garden room", "Garden room"),
        ("room", "", ""),
        ("phone", "", "by phone"),
        ("video", "", "by video"),
    ],
)
def test_a_guide_reads_where_an_interview_is_and_with_whom_of_those_who_said_yes(
    client, house, channel, room, where
):
    place = RoomFactory(institution=house.institution, name=room) if room else None
    slot(house, clock.now() + DAY, membership=house.membership, channel=channel, room=place)

    assert given(client, house, house.intervisor) == [("", where)]
    accepted(house)
    assert given(client, house, house.intervisor) == [(house.resident.name, where)]
    assert house.resident.name in client.get("/").content.decode()


@pytest.mark.parametrize(
    "change", [{"until_on": dt.date(2026, 1, 2)}, {"suspended_from": dt.date(2026, 1, 2)}]
)
def test_who_no_longer_guides_the_group_reads_no_name_with_an_interview(client, house, change):
    accepted(house)
    slot(house, clock.now() + DAY, membership=house.membership)
    Guide.objects.filter(pk=house.guide.pk).update(**change)

    assert [who for who, _ in given(client, house, house.intervisor)] == [""]


def test_a_name_with_an_interview_takes_a_guide_of_that_group_who_is_appointed(client, house):
    accepted(house)
    slot(house, clock.now() + DAY, membership=house.membership)
    elsewhere = GuideFactory(group=GroupFactory(program=house.program), user=house.intervisor)
    assert [who for who, _ in given(client, house, house.intervisor)] == [house.resident.name]

    Guide.objects.filter(pk=house.guide.pk).delete()
    assert [who for who, _ in given(client, house, house.intervisor)] == [""]
    Guide.objects.filter(pk=elsewhere.pk).update(group=house.group)
    assert [who for who, _ in given(client, house, house.intervisor)] == [house.resident.name]
    house.intervisor.appointments.filter(role="intervisor").update(until_on=dt.date(2026, 1, 2))
    assert [who for who, _ in given(client, house, house.intervisor)] == [""]


def test_the_worklist_leads_to_where_one_takes_part_and_to_ones_goal(client, house):
    place = accepted(house)

    def page(user):
        client.force_login(user)
        return client.get("/").content.decode()

    own = reverse("programs:my-place", args=[place.pk]), reverse("programs:my-goals", args=[place.pk])
    assert [address in page(house.resident) for address in own] == [True, True]
    assert "Where you take part" not in page(house.intervisor)
    Membership.objects.filter(pk=place.pk).update(accepted_at=None)
    assert "Where you take part" not in page(house.resident)
    Membership.objects.filter(pk=place.pk).update(accepted_at=clock.now())
    stage(house, "completed")
    assert "Where you take part" not in page(house.resident)


def test_a_stranger_reads_what_this_is_and_where_help_is(client):
    page = client.get("/").content.decode()

    assert reverse("accounts:help-list") in page
    assert "Not therapy" in page


def test_a_stranger_finds_the_programs_that_are_open(client, house):
    Program.objects.filter(pk=house.program.pk).update(stage="recruiting", joining="open")

    page = client.get("/").content.decode()
    assert reverse("programs:open", args=[house.institution.slug]) in page
    assert reverse("programs:open", args=[running().institution.slug]) not in client.get("/").content.decode()


def test_a_personal_link_does_not_open_the_worklist(client, house):
    come_by_link(client, house.resident, about_id=house.membership.pk)

    assert "Not therapy" in client.get("/").content.decode()


def test_the_overview_of_a_group_says_how_many_were_there_and_never_who(client, house):
    held = session(house, clock.now() - DAY, state="logged")
    held.attendances.create(membership=house.membership, state="present")
    absent = MembershipFactory(group=house.group, program=house.program)
    held.attendances.create(membership=absent, state="absent")

    client.force_login(house.coordinator)
    page = client.get(reverse("desk:group", args=[house.group.pk])).content.decode()

    assert "1 of 2" in page
    assert page.count("absent") == 0


def test_a_member_is_in_the_year_of_today_or_in_none(client, house):
    house.resident.placements.update(training_year=3, from_on=clock.today() - 9 * DAY)
    client.force_login(house.coordinator)

    def years():
        page = client.get(reverse("desk:group", args=[house.group.pk]))
        return [row.year for row in page.context["members"]]

    assert years() == ["3"]
    house.resident.placements.update(until_on=clock.today() - DAY)
    assert years() == [""]


def test_a_member_agreed_who_confirmed_the_newest_rules_of_the_group(client, house):
    client.force_login(house.coordinator)
    GroundRulesFactory(group=house.group).confirmations.create(user=house.resident)
    GroundRulesFactory(group=GroupFactory(program=house.program), version=2)

    def agreed():
        page = client.get(reverse("desk:group", args=[house.group.pk]))
        return [row.agreed for row in page.context["members"]]

    assert agreed() == [True]
    GroundRulesFactory(group=house.group, version=2)
    assert agreed() == [False]


def questions(client, django_assert_max_num_queries, user, url):
    client.force_login(user)
    client.get(url)
    with django_assert_max_num_queries(8) as counted:
        assert client.get(url).status_code == 200
    return len(counted)


@pytest.mark.parametrize("role", ["coordinator", "intervisor", "resident", "director", "administrator"])
def test_the_worklist_asks_the_same_whatever_is_stored(client, house, role, django_assert_max_num_queries):
    user = getattr(house, role)
    accepted(house)
    few = questions(client, django_assert_max_num_queries, user, "/")
    for number in range(30):
        program = ProgramFactory(institution=house.institution, stage="running")
        program.coordinators.create(user=house.coordinator)
        GroupFactory(program=program, residents=[UserFactory()])
        session(house, clock.now() + (number + 1) * DAY)

    assert questions(client, django_assert_max_num_queries, user, "/") == few


def test_the_overview_asks_the_same_for_three_and_thirty_groups(client, house, django_assert_max_num_queries):
    url = reverse("desk:program", args=[house.program.pk])
    session(house, clock.now() + DAY)
    few = questions(client, django_assert_max_num_queries, house.coordinator, url)
    for _number in range(30):
        group = GroupFactory(program=house.program, residents=[UserFactory()])
        GroupSessionFactory(group=group)

    assert questions(client, django_assert_max_num_queries, house.coordinator, url) == few


def test_the_page_of_a_group_asks_the_same_for_three_and_thirty_people(
    client, house, django_assert_max_num_queries
):
    url = reverse("desk:group", args=[house.group.pk])
    few = questions(client, django_assert_max_num_queries, house.coordinator, url)
    house.group.places = 30
    house.group.save()
    for _number in range(25):
        MembershipFactory(group=house.group, program=house.program)
        GroupSessionFactory(group=house.group)

    assert questions(client, django_assert_max_num_queries, house.coordinator, url) == few


def test_a_page_of_somebody_signed_in_writes_nothing(client, house, django_assert_max_num_queries):
    client.force_login(house.coordinator)
    client.get("/")
    with django_assert_max_num_queries(8) as counted:
        client.get("/")

    assert [
        query["sql"]
        for query in counted
        if not query["sql"].lower().lstrip().startswith(("select", "with", "execute question_"))
    ] == []
