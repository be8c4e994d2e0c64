import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Appointment, ClosedDay, Department, HelpContact, Institution, Invitation, User
from outbox.models import Message
from tests.factories.accounts import (
    AppointmentFactory,
    ClosedDayFactory,
    DepartmentFactory,
    HelpContactFactory,
    InstitutionFactory,
    PlacementFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

MONDAY = dt.datetime(2027, 1, 11, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def house():
    return InstitutionFactory(slug="delta", name="Delta")


@pytest.fixture
def coordinator(client, house):
    user = AppointmentFactory(institution=house).user
    client.force_login(user)
    return user


FRAME = {
    "name": "Delta",
    "country": "BE",
    "time_zone": "Europe/Brussels",
    "language": "nl",
    "working_days": ["1", "2"],
    "working_from": "07:30",
    "working_until": "17:00",
}
CONTACT = {"kind": "talk", "label_en": "Adviser", "label_nl": "Vertrouwenspersoon", "phone": "010 123 45 67"}


def test_hours_and_place_are_saved(client, house, coordinator):
    assert client.post("/institution/delta/frame/", FRAME).status_code == 302

    house.refresh_from_db()
    assert (house.country, house.time_zone, house.working_days) == ("BE", "Europe/Brussels", [1, 2])
    assert (house.working_from, house.working_until) == (dt.time(7, 30), dt.time(17))


@pytest.mark.parametrize(
    "wrong",
    [
        {"working_until": "07:00"},
        {"working_days": []},
        {"time_zone": "Mars/Base"},
        {"name": ""},
        {"country": "XX"},
        {"working_from": "tomorrow"},
    ],
)
def test_what_cannot_be_is_said_beside_what_was_typed(client, house, coordinator, wrong):
    answer = client.post("/institution/delta/frame/", FRAME | wrong)

    assert answer.status_code == 422
    assert 'value="17:00"' in answer.content.decode() or "working_until" in wrong
    house.refresh_from_db()
    assert house.country == "NL"


def test_a_contact_is_added_changed_and_removed_with_a_way_back(client, house, coordinator):
    client.post("/institution/delta/contacts/new/", CONTACT)
    contact = HelpContact.objects.get()
    assert contact.institution == house

    client.post(f"/institution/delta/contacts/{contact.pk}/", CONTACT | {"label_en": "Doctor"})
    removed = client.post(f"/institution/delta/contacts/{contact.pk}/remove/", follow=True)
    assert not HelpContact.objects.exists()

    undo = removed.content.decode().partition('action="/institution/delta/restore/')[2].partition('"')[0]
    client.post(f"/institution/delta/restore/{undo}")
    client.post(f"/institution/delta/restore/{undo}")

    restored = HelpContact.objects.get()
    assert (restored.pk, restored.label_en) == (contact.pk, "Doctor")


def test_a_way_back_works_for_an_hour_in_its_own_house_and_unchanged(client, house, coordinator, monday):
    from accounts.views.institution import way_back

    day = ClosedDayFactory(institution=house)
    url = way_back(house, day)
    day.delete()
    elsewhere = AppointmentFactory(institution__slug="elsewhere").user

    assert client.post(url[:-3] + "x/").status_code == 404
    client.force_login(elsewhere)
    assert client.post(url.replace("/delta/", "/elsewhere/")).status_code == 404
    monday.shift(dt.timedelta(hours=2))
    client.force_login(coordinator)
    assert client.post(url).status_code == 404
    assert not ClosedDay.objects.exists()


@pytest.mark.parametrize("phone", ["call me", "12", "010\n123456", "+31 10; drop", "1" * 41])
def test_what_is_no_telephone_number_is_refused(client, house, coordinator, phone):
    answer = client.post("/institution/delta/contacts/new/", CONTACT | {"phone": phone})

    assert answer.status_code == 422
    assert "Vertrouwenspersoon" in answer.content.decode()


def test_a_day_closed_stands_there_once(client, house, coordinator):
    day = {"on": "2027-05-05", "label": "Liberation day"}

    assert client.post("/institution/delta/closed-days/new/", day).status_code == 302
    assert client.post("/institution/delta/closed-days/new/", day).status_code == 422
    assert ClosedDay.objects.count() == 1


def test_a_day_that_is_past_is_not_closed_unseen(client, house, coordinator):
    for on, status in (("2027-01-10", 422), ("2027-01-11", 302)):
        day = {"on": on, "label": "Works"}
        answer = client.post("/institution/delta/closed-days/new/", day)
        assert answer.status_code == status
        assert ("This day is past." in answer.content.decode()) is (status == 422)
    assert ClosedDay.objects.count() == 1


def test_a_department_has_a_name_of_its_own(client, house, coordinator):
    DepartmentFactory(name="Surgery")
    form = {"name": "Surgery", "specialty": "", "training_years": "6"}

    assert client.post("/institution/delta/departments/new/", form).status_code == 302
    assert client.post("/institution/delta/departments/new/", form | {"name": "SURGERY"}).status_code == 422
    assert Department.objects.filter(institution=house).count() == 1


def test_inviting_somebody_appoints_them_and_sends_one_mail(client, house, coordinator):
    form = {"name": "Bram", "email": "bram@example.org", "role": "intervisor"}

    for _twice in range(2):
        assert client.post("/institution/delta/people/invite/", form).status_code == 302

    bram = User.objects.get(email="bram@example.org")
    assert bram.holds("intervisor", house)
    assert Message.objects.filter(recipient=bram).count() == 1
    assert "Bram" in client.get("/institution/delta/people/").content.decode()


def test_an_address_that_is_somebody_elses_is_said_with_the_way_back(client, house, coordinator):
    UserFactory(email="bram@example.org", name="Bram Bos")
    form = {"email": "bram@example.org", "role": "intervisor"}

    page = client.post(
        "/institution/delta/people/invite/", form | {"name": "Ada"}, follow=True
    ).content.decode()
    assert "the address of Bram Bos" in page
    page = client.post(
        "/institution/delta/people/invite/", form | {"name": "BRAM BOS"}, follow=True
    ).content.decode()
    assert "the address of" not in page


@pytest.mark.parametrize(
    "wrong",
    [{"role": "administrator"}, {"role": "king"}, {"email": "a@b\r\nBcc: c@d.example"}, {"email": "x"}],
)
def test_what_a_coordinator_may_not_give_is_refused(client, house, coordinator, wrong):
    form = {"name": "Bram", "email": "bram@example.org", "role": "intervisor"} | wrong

    assert client.post("/institution/delta/people/invite/", form).status_code == 422
    assert not Invitation.objects.exists()


def test_an_administrator_appoints_an_administrator(client, house):
    client.force_login(AppointmentFactory(institution=house, role="administrator").user)
    form = {"name": "Bram", "email": "bram@example.org", "role": "administrator"}

    assert client.post("/institution/delta/people/invite/", form).status_code == 302


def test_a_coordinator_does_not_end_an_administrator(client, house, coordinator):
    administrator = AppointmentFactory(institution=house, role="administrator")

    assert client.post(f"/institution/delta/people/{administrator.pk}/end/").status_code == 403
    assert Appointment.objects.current().filter(pk=administrator.pk).exists()


def test_a_role_ends_on_the_next_request_and_can_be_taken_back(client, house, coordinator):
    other = AppointmentFactory(institution=house)
    theirs = Client()
    theirs.force_login(other.user)
    assert theirs.get("/institution/delta/").status_code == 200

    client.post(f"/institution/delta/people/{other.pk}/end/")
    assert theirs.get("/institution/delta/").status_code == 404

    client.post(f"/institution/delta/people/{other.pk}/resume/")
    assert theirs.get("/institution/delta/").status_code == 200


def test_the_last_one_who_sees_to_the_house_stays(client, house, coordinator):
    mine = coordinator.appointments.get()

    answer = client.post(f"/institution/delta/people/{mine.pk}/end/", follow=True)

    assert "Nobody else could see to the institution" in answer.content.decode()
    assert coordinator.holds("coordinator", house)


@pytest.fixture
def administrator(client, house):
    user = AppointmentFactory(institution=house, role="administrator").user
    client.force_login(user)
    return user


def test_the_last_administrator_stays_whoever_else_sees_to_the_house(client, house, administrator):
    AppointmentFactory(institution=house, role="coordinator")
    AppointmentFactory(role="administrator")
    mine = administrator.appointments.get()

    answer = client.post(f"/institution/delta/people/{mine.pk}/end/", follow=True)

    assert "Nobody could appoint an administrator here then." in answer.content.decode()
    assert administrator.holds("administrator", house)


def test_an_administrator_ends_a_coordinator_although_there_is_no_other_administrator(
    client, house, administrator
):
    other = AppointmentFactory(institution=house, role="coordinator")

    client.post(f"/institution/delta/people/{other.pk}/end/")

    assert not other.user.holds("coordinator", house)


def test_whoever_ends_their_own_role_is_told_so_on_a_page_they_may_read(client, house, administrator):
    AppointmentFactory(institution=house, role="administrator")
    mine = administrator.appointments.get()

    answer = client.post(f"/institution/delta/people/{mine.pk}/end/", follow=True)

    assert answer.status_code == 200
    assert f"{administrator.name} is no longer administrator." in answer.content.decode().replace(
        "Administrator", "administrator"
    )
    assert "/resume/" not in answer.content.decode()


def test_a_role_given_today_ends_at_once_leaves_its_row_and_can_be_taken_back(client, house, coordinator):
    today = AppointmentFactory(institution=house, role="director", from_on=MONDAY.date())

    client.post(f"/institution/delta/people/{today.pk}/end/")

    kept = Appointment.objects.get(pk=today.pk)
    assert kept.from_on == kept.until_on < MONDAY.date()
    assert not today.user.holds("director", house)
    client.post(f"/institution/delta/people/{today.pk}/resume/")
    assert User.objects.get(pk=today.user_id).holds("director", house)


@pytest.mark.parametrize(
    ("ended", "meanwhile", "says"),
    [
        ("coordinator", "independent", "never a coordinator or a director"),
        ("independent", "director", "never a coordinator or a director"),
        ("intervisor", "privacy", "never a coordinator, guide, director or administrator"),
        ("privacy", "intervisor", "never a coordinator, guide, director or administrator"),
    ],
)
def test_a_role_is_not_taken_up_again_beside_one_that_it_must_not_meet(client, house, ended, meanwhile, says):
    client.force_login(AppointmentFactory(institution=house, role="administrator").user)
    row = AppointmentFactory(institution=house, role=ended)
    client.post(f"/institution/delta/people/{row.pk}/end/")
    AppointmentFactory(institution=house, role=meanwhile, user=row.user)

    answer = client.post(f"/institution/delta/people/{row.pk}/resume/", follow=True)

    assert says in answer.content.decode()
    assert not row.user.holds(ended, house)


def test_a_role_that_ended_on_an_earlier_day_is_given_anew_and_not_taken_up_again(client, house, coordinator):
    row = AppointmentFactory(institution=house, until_on=MONDAY.date() - dt.timedelta(days=2))

    answer = client.post(f"/institution/delta/people/{row.pk}/resume/", follow=True)

    assert "ended on an earlier day" in answer.content.decode()
    assert not row.user.holds("coordinator", house)


def test_a_role_given_and_ended_twice_on_one_day_leaves_both_rows(client, house, coordinator):
    first = AppointmentFactory(institution=house, role="director", from_on=MONDAY.date())
    client.post(f"/institution/delta/people/{first.pk}/end/")
    second = AppointmentFactory(institution=house, role="director", user=first.user, from_on=MONDAY.date())

    client.post(f"/institution/delta/people/{second.pk}/end/")

    assert first.user.appointments.count() == 2
    assert not first.user.holds("director", house)


@pytest.mark.parametrize("path", ["people", "departments"])
def test_a_list_asks_the_same_number_of_questions_for_3_and_30_rows(
    client, house, coordinator, path, django_assert_max_num_queries, django_assert_num_queries
):
    def fill(count):
        for _row in range(count):
            AppointmentFactory(institution=house, role="intervisor")
            DepartmentFactory(institution=house)

    fill(3)
    client.get(f"/institution/delta/{path}/")
    with django_assert_max_num_queries(8) as few:
        client.get(f"/institution/delta/{path}/")
    fill(27)
    with django_assert_num_queries(len(few)):
        client.get(f"/institution/delta/{path}/")


def test_a_long_list_is_cut_into_pages_and_can_be_searched(client, house, coordinator):
    for number in range(60):
        DepartmentFactory(institution=house, name=f"Ward {number:02}")

    assert "Ward 55" not in client.get("/institution/delta/departments/").content.decode()
    assert "Ward 55" in client.get("/institution/delta/departments/?page=2").content.decode()
    assert "Ward 55" in client.get("/institution/delta/departments/?q=ward+55").content.decode()
    assert (
        "nothing like it" in client.get("/institution/delta/departments/?q=nothing+like+it").content.decode()
    )


def test_a_department_counts_who_is_placed_there_today_and_everybody_once(client, house, coordinator):
    ward = DepartmentFactory(institution=house)
    there = PlacementFactory(department=ward).user
    PlacementFactory(department=ward, user=there, from_on=dt.date(2026, 1, 1))
    PlacementFactory(department=ward, until_on=dt.date(2026, 12, 31))

    (row,) = client.get("/institution/delta/departments/").context["page"]
    assert row.placed == 1


def test_the_list_of_people_has_those_of_today_and_says_who_came_in_by_this_house(client, house, coordinator):
    guide = AppointmentFactory(institution=house, role="intervisor").user
    AppointmentFactory(institution=house, until_on=MONDAY.date() - dt.timedelta(days=1))
    elsewhere = InstitutionFactory()
    Invitation.objects.create(
        user=guide,
        institution=elsewhere,
        email=guide.email,
        expires_at=MONDAY,
        accepted_at=MONDAY,
    )

    page = client.get("/institution/delta/people/").context["page"]

    assert {held.user for held in page} == {coordinator, guide}
    assert not any(held.accepted for held in page)


def test_somebody_in_two_houses_chooses(client, house, coordinator):
    assert client.get("/institution/").url == "/institution/delta/"

    AppointmentFactory(user=coordinator, institution=InstitutionFactory(name="Omega"))
    assert "Omega" in client.get("/institution/").content.decode()


def test_a_house_that_somebody_left_or_only_directs_is_no_choice_of_theirs(client, house, coordinator):
    AppointmentFactory(user=coordinator, role="director")
    AppointmentFactory(user=coordinator, until_on=MONDAY.date() - dt.timedelta(days=1))

    assert client.get("/institution/").url == "/institution/delta/"


def test_the_page_of_the_house_counts_its_people_of_today(client, house, coordinator):
    AppointmentFactory(institution=house, until_on=MONDAY.date() - dt.timedelta(days=1))

    assert client.get("/institution/delta/").context["people"] == 1


def test_the_first_administrator_is_invited_from_the_command_line(client, capsys):
    for _twice in range(2):
        call_command("invite_administrator", "root@example.org", institution="Delta Hospital")

    assert Institution.objects.get().slug == "delta-hospital"
    assert User.objects.get().holds("administrator", Institution.objects.get())
    assert client.get(capsys.readouterr().out.split()[-1]).status_code == 200
    assert Message.objects.get().kind == "account-invitation"


def test_two_institutions_of_like_names_have_addresses_of_their_own():
    for name in ("Delta!", "Delta?"):
        call_command("invite_administrator", "root@example.org", institution=name)

    assert set(Institution.objects.values_list("slug", flat=True)) == {"delta", "delta-2"}


@pytest.mark.parametrize("wrong", [("no address", "Delta"), ("root@example.org", "!")])
def test_the_command_says_what_is_wrong_and_changes_nothing(wrong):
    with pytest.raises(CommandError):
        call_command("invite_administrator", wrong[0], institution=wrong[1])
    assert not Institution.objects.exists()


def test_there_is_no_demonstration_unless_it_is_on(client):
    UserFactory(email="coordinator@demo.example")

    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/", {"email": "coordinator@demo.example"}).status_code == 404


def test_the_view_of_the_demonstration_refuses_too_when_it_is_off(rf):
    from django.http import Http404

    from accounts.views import demo

    UserFactory(email="coordinator@demo.example")
    with pytest.raises(Http404):
        demo.sign_in(rf.post("/demo/", {"email": "coordinator@demo.example"}))


def test_help_contacts_of_the_house_stand_on_its_page(client, house, coordinator):
    HelpContactFactory(institution=house, label_en="Company doctor")

    assert "Company doctor" in client.get("/institution/delta/").content.decode()
    assert "Company doctor" in client.get("/help/delta/").content.decode()
