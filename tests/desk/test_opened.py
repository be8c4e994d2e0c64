"""The privacy officer reads who opened which kind of text of whose, and not a word of it."""

import csv
import datetime as dt
import io

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.actions import appointments, invitations
from accounts.errors import Watched
from accounts.models import Appointment, Institution, User
from accounts.rules import can_appoint
from desk import opened
from sessions.models import Attendance
from tests.access.test_access import signed_in
from tests.access.world import House
from tests.accounts.test_second_factor import PASSWORD, with_password
from tests.factories.accounts import AppointmentFactory, UserFactory
from tests.factories.own_texts import goal
from tests.factories.programs import (
    EvaluativeRelationFactory,
    GroupFactory,
    GuideFactory,
    MembershipFactory,
)
from tests.factories.sessions import GroupSessionFactory
from vault import looking
from vault.models import AccessEvent

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2027, 1, 11, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
PAGE, FILE = "/opened/", "/opened.csv"
ROLES = Appointment.Role


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOON, tick=False) as now:
        yield now


def event(house: House, *, at: dt.datetime = NOON, **changed: object) -> AccessEvent:
    made: dict[str, object] = {
        "at": at,
        "actor_id": house.intervisor.pk,
        "owner_id": house.resident.pk,
        "kind": "programs.learninggoal",
        "about_id": house.membership.pk,
        "house_id": house.institution.pk,
    }
    return AccessEvent.objects.create(**made | changed)


def read(house: House, **asked: object) -> str:
    officer = signed_in(house.officer)
    return (officer.post(PAGE, asked) if asked else officer.get(PAGE)).content.decode()


def rows(page: str) -> str:
    return page.partition("<tbody")[2].partition("</tbody>")[0]


def test_a_text_that_a_guide_opens_stands_there_and_not_a_word_of_it():
    house = House()
    goal(house.membership, "Kanarievogel", shared_with=house.guide)
    signed_in(house.intervisor).post(reverse("programs:read-shared", args=[house.membership.pk]))

    page = read(house)

    for words in (house.intervisor.name, house.resident.name, "Learning goal", 'datetime="2027-01-11'):
        assert words in rows(page)
    assert "Kanarie" not in page


def test_nothing_yet_is_said():
    assert "Nobody has opened anything." in read(House())


def test_only_events_of_the_own_house():
    here, there = House(), House()
    event(there)
    event(there, house_id=None)
    mine = event(here)

    assert list(opened.events(here.officer)) == [mine]


def test_what_people_open_of_their_own_is_not_there():
    house = House()
    event(house, actor_id=house.resident.pk)

    assert not opened.events(house.officer).exists()


@pytest.mark.parametrize(
    ("from_on", "until_on", "reads"),
    [
        ("2027-01-01", None, False),
        ("2027-01-01", "2027-01-10", False),
        ("2027-01-11", None, False),
        ("2027-01-12", None, True),
        # Events of before are kept no longer.
        ("2020-01-01", "2024-01-11", False),
        ("2020-01-01", "2024-01-10", True),
    ],
)
def test_an_officer_reads_nothing_about_whom_they_evaluated_while_events_are_kept(from_on, until_on, reads):
    house = House()
    event(house)
    days = {"from_on": from_on, "until_on": until_on}
    people = {"institution": house.institution, "evaluator": house.officer}
    EvaluativeRelationFactory(resident=house.resident, **people, **days)
    EvaluativeRelationFactory(resident=UserFactory(), **people)
    EvaluativeRelationFactory(institution=house.institution, resident=house.resident)

    assert opened.events(house.officer).exists() is reads


def test_an_officer_reads_nothing_about_a_group_they_were_in_or_guided():
    member, guide = House(), House()
    for house in (member, guide):
        event(house)
    MembershipFactory(group=member.group, user=member.officer, state="left", left_on=NOON.date())
    GuideFactory(group=guide.group, user=guide.officer, until_on=NOON.date())

    assert not opened.events(member.officer).exists()
    assert not opened.events(guide.officer).exists()


def was_at(house: House, user: User) -> None:
    """``user`` sat in the group when it met, and is in another group now."""
    place = MembershipFactory(group=GroupFactory(program=house.program), user=user)
    session = GroupSessionFactory(group=house.group, state="logged")
    Attendance.objects.create(session=session, membership=place, state="present")


def test_an_officer_reads_nothing_about_whom_they_met_in_a_group_before_either_of_them_moved():
    moved, stood_in, left_behind = House(), House(), House()
    for house in (moved, stood_in):
        event(house)
    was_at(moved, moved.officer)
    GroupSessionFactory(group=stood_in.group, substitute=stood_in.officer)
    fellow = UserFactory()
    was_at(left_behind, fellow)
    event(left_behind, owner_id=fellow.pk)
    assert opened.events(left_behind.officer).exists()
    GuideFactory(group=left_behind.group, user=left_behind.officer, role="co", until_on=NOON.date())

    for house in (moved, stood_in, left_behind):
        assert not opened.events(house.officer).exists()


@pytest.mark.parametrize("role", Appointment.WATCHED)
def test_whoever_is_watched_over_does_not_watch(role):
    house = House()
    event(house)
    AppointmentFactory(user=house.officer, institution=house.institution, role=role)

    assert signed_in(house.officer).get(PAGE).status_code == 403
    assert not opened.events(house.officer).exists()


def test_a_role_elsewhere_or_that_ended_does_not_matter():
    house = House()
    event(house)
    AppointmentFactory(user=house.officer, institution=House().institution, role="coordinator")
    AppointmentFactory(
        user=house.officer,
        institution=house.institution,
        role="director",
        from_on=NOON - 9 * DAY,
        until_on=NOON - DAY,
    )

    assert opened.events(house.officer).exists()


def test_the_role_ends_on_the_next_request():
    house = House()
    officer = signed_in(house.officer)
    assert officer.get(PAGE).status_code == 200

    appointments.end(house.officer.appointments.get())

    assert officer.get(PAGE).status_code == 403
    assert officer.post(FILE).status_code == 403


@pytest.mark.parametrize("role", Appointment.WATCHED)
def test_nobody_is_appointed_to_watch_over_themselves(role):
    house = House()
    asked = {"name": "", "institution": house.institution, "invited_by": house.administrator}
    watched = AppointmentFactory(institution=house.institution, role=role).user

    with pytest.raises(Watched):
        invitations.invite(watched.email, role=ROLES.PRIVACY, **asked)
    with pytest.raises(Watched):
        invitations.invite(house.officer.email, role=role, **asked)
    invitations.invite(house.independent.email, role=ROLES.PRIVACY, **asked)
    invitations.invite(house.officer.email, role=ROLES.INDEPENDENT, **asked)


def test_only_an_administrator_appoints_an_officer():
    house = House()

    assert can_appoint(house.administrator, house.institution, ROLES.PRIVACY)
    for other in (house.coordinator, house.director, house.officer):
        assert not can_appoint(other, house.institution, ROLES.PRIVACY)


def test_the_worklist_of_the_administrator_asks_for_an_officer_until_there_is_one():
    house = House()
    administrator = signed_in(house.administrator)
    assert "Nobody is appointed as privacy officer" not in administrator.get("/").content.decode()
    held = house.officer.appointments

    held.update(from_on=NOON.date() + DAY)
    assert "Nobody is appointed as privacy officer" in administrator.get("/").content.decode()
    held.update(from_on=NOON.date() - 9 * DAY, until_on=NOON.date())
    assert "Nobody is appointed as privacy officer" not in administrator.get("/").content.decode()
    held.update(until_on=NOON.date() - DAY)
    assert "Nobody is appointed as privacy officer" in administrator.get("/").content.decode()


def test_the_way_there_stands_on_the_officers_first_page_and_in_the_menu():
    said = signed_in(House().officer).get("/").content.decode()

    assert said.count(f'href="{PAGE}"') == 2
    assert f'href="{PAGE}"' not in signed_in(House().administrator).get("/").content.decode()


def test_lines_are_found_by_who_opened_and_by_whose_it_was():
    house = House()
    User.objects.filter(pk=house.intervisor.pk).update(name="Femke Smit")
    User.objects.filter(pk=house.resident.pk).update(name="Bas Mulder")
    other = UserFactory(name="Iemand Anders")
    event(house)
    event(house, owner_id=other.pk)

    assert rows(read(house, person="mulder")).count("<tr") == 1
    assert rows(read(house, person="Femke")).count("<tr") == 2
    assert "Nothing found." in read(house, person="Nobody of this name")


def test_lines_are_found_by_day_in_the_zone_of_the_house():
    for asked, count in (
        ({"since": "2027-01-04"}, 2),
        ({"since": "2027-01-05"}, 1),
        ({"until": "2027-01-04"}, 1),
        ({"until": "2027-01-05"}, 2),
        ({"since": "2027-01-05", "until": "2027-01-05"}, 1),
    ):
        house = House()
        event(house, at=dt.datetime(2027, 1, 4, 22, 59, tzinfo=dt.UTC))
        event(house, at=dt.datetime(2027, 1, 4, 23, 0, tzinfo=dt.UTC))
        assert rows(read(house, **asked)).count("<tr") == count, asked


def test_days_the_wrong_way_round_are_refused_with_what_was_typed():
    house = House()
    answer = signed_in(house.officer).post(
        PAGE, {"since": "2027-01-05", "until": "2027-01-04", "person": "Bas"}
    )

    assert answer.status_code == 422
    assert "must not be before" in answer.content.decode()
    assert 'value="Bas"' in answer.content.decode()


def test_fifty_lines_are_a_page():
    house = House()
    for hours in range(51):
        event(house, at=NOON - dt.timedelta(hours=hours))

    assert rows(read(house)).count("<tr") == 50
    assert rows(signed_in(house.officer).get(PAGE, {"page": 2}).content.decode()).count("<tr") == 1
    found = read(house, person=house.resident.name)
    assert (rows(found).count("<tr"), found.count('name="page"')) == (50, 1)
    second = read(house, person=house.resident.name, page=2)
    assert (rows(second).count("<tr"), second.count('name="page"')) == (2, 1)
    assert second.count(f'name="person" value="{house.resident.name}"') == 3


def test_looking_for_a_person_is_written_down_once_a_day_and_that_person_sees_it(today):
    house = House()
    event(house, at=NOON - DAY)
    read(house)
    assert not AccessEvent.objects.filter(kind=looking.LOOKED_UP).exists()

    read(house, person=house.resident.name)
    read(house, person=house.resident.name)
    noted = AccessEvent.objects.get(kind=looking.LOOKED_UP)
    assert (noted.actor_id, noted.owner_id, noted.house_id) == (
        house.officer.pk,
        house.resident.pk,
        house.institution.pk,
    )
    mine = signed_in(house.resident).get(reverse("programs:opened-by")).content.decode()
    assert house.officer.name in mine
    assert "The list of who opened texts" in mine

    today.shift(DAY + dt.timedelta(seconds=1))
    read(house, person=house.resident.name)
    assert AccessEvent.objects.filter(kind=looking.LOOKED_UP).count() == 2


@pytest.mark.parametrize("asked", [{"since": "2027-01-11"}, {"until": "2027-01-11"}, {"person": "e"}])
def test_whoever_is_found_in_some_days_or_by_a_name_sees_it_too(asked):
    house = House()
    event(house)

    read(house, **asked)

    assert AccessEvent.objects.get(kind=looking.LOOKED_UP).owner_id == house.resident.pk


def test_everything_from_the_first_page_on_is_no_look_for_somebody():
    house = House()
    event(house)

    read(house, person="", since="", until="")

    assert not AccessEvent.objects.filter(kind=looking.LOOKED_UP).exists()


@pytest.mark.parametrize("address", [PAGE, FILE])
def test_no_address_makes_an_officer_look_for_somebody(address):
    house = House()
    event(house)

    signed_in(house.officer).get(address, {"person": house.resident.name, "since": "2027-01-01"})
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(house.officer)

    assert forged.post(address, {"person": house.resident.name}).status_code == 403
    assert not AccessEvent.objects.filter(kind=looking.LOOKED_UP).exists()


def test_a_look_of_another_officer_or_in_another_house_counts_by_itself():
    house = House()
    shown = [event(house), event(house, house_id=House().institution.pk)]

    looking.note(house.officer, shown)
    looking.note(house.independent, shown[:1])
    looking.note(house.officer, shown)

    assert AccessEvent.objects.filter(kind=looking.LOOKED_UP).count() == 3


def test_the_file_holds_what_the_page_shows_and_runs_nothing_in_a_spreadsheet():
    house = House()
    User.objects.filter(pk=house.resident.pk).update(name="=1+1")
    gone = UserFactory(erased_at=NOON)
    event(house)
    event(house, owner_id=gone.pk, at=NOON - DAY)

    answer = signed_in(house.officer).post(FILE)

    assert "attachment" in answer.headers["Content-Disposition"]
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert table == [
        ["When", "Who", "What", "Whose"],
        ["2027-01-11 13:00", house.intervisor.name, "Learning goal", "'=1+1"],
        ["2027-01-10 13:00", house.intervisor.name, "Learning goal", "erased"],
    ]
    taken = AccessEvent.objects.filter(kind=looking.LOOKED_UP, actor_id=house.officer.pk)
    assert set(taken.values_list("owner_id", flat=True)) == {house.resident.pk, gone.pk}


def test_the_file_follows_the_filter_and_asks_again_who_it_is(client):
    house = House()
    event(house)
    client.force_login(with_password(house.officer))

    asked = client.post(FILE, {"person": "nobody"})
    assert asked.url.startswith("/accounts/reauthenticate/")
    assert not AccessEvent.objects.filter(kind=looking.LOOKED_UP).exists()
    given = client.post(asked.url, {"password": PASSWORD})

    assert given.content.decode("utf-8-sig").splitlines() == ["When;Who;What;Whose"]


def test_the_page_says_for_how_long_this_house_keeps_it():
    house = House()
    assert "36 months" in read(house)

    Institution.objects.filter(pk=house.institution.pk).update(own_periods={"access_events": 18})

    assert "36 months" not in read(house)
    assert "18 months" in read(house)


def test_who_is_erased_has_no_name_there():
    house = House()
    User.objects.filter(pk=house.resident.pk).update(erased_at=NOON, name="Bas Mulder")
    event(house)

    said = rows(read(house))

    assert "somebody who is erased" in said
    assert "Bas Mulder" not in said
