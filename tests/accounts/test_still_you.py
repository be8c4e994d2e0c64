"""What leaves the house, or changes how somebody signs in, asks again whether it is still them."""

import datetime as dt
from urllib.parse import quote

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts.actions import appointments
from accounts.models import Appointment, User
from tests.access.table import rows, views
from tests.access.test_access import ask, signed_in
from tests.access.world import House
from tests.accounts.test_second_factor import PASSWORD, with_app, with_password
from tests.factories.accounts import AppointmentFactory, InstitutionFactory, UserFactory
from tests.factories.signing_in import code_for, with_password_only

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2027, 1, 11, 12, tzinfo=dt.UTC)
PASSWORD_AGAIN, CODE_AGAIN = "/accounts/reauthenticate/", "/accounts/2fa/reauthenticate/"


def test_a_list_of_people_asks_again_and_then_for_five_minutes_not(client):
    house = House()
    page = reverse("programs:people-csv", args=[house.program.pk])
    with time_machine.travel(NOON, tick=False) as now:
        client.force_login(with_password(house.coordinator))
        asked = client.get(page)
        assert asked.url.startswith(PASSWORD_AGAIN)
        assert client.post(asked.url, {"password": "a wrong password here"}).status_code == 200
        assert client.get(page).status_code == 302

        assert client.post(asked.url, {"password": PASSWORD}).url == page
        assert client.get(page).status_code == 200
        now.shift(dt.timedelta(minutes=4))
        assert client.get(page).status_code == 200
        now.shift(dt.timedelta(minutes=2))
        assert client.get(page).status_code == 302


def test_a_code_does_as_well_as_the_password(client):
    house = House()
    client.force_login(with_password(house.coordinator))
    secret = with_app(house.coordinator)
    page = reverse("programs:people-csv", args=[house.program.pk])

    assert client.post(f"{CODE_AGAIN}?next={page}", {"code": code_for(secret)}).url == page
    assert client.get(page).status_code == 200


EXPORTS = ["checklist:csv", "checklist:json", "checklist:report", "checklist:board-report"]


@pytest.mark.parametrize("name", EXPORTS)
def test_conditions_as_a_file_ask_again_and_lead_back_to_the_file(client, name):
    house = House()
    client.force_login(with_password(house.coordinator))
    file = reverse(name, args=[house.program.pk])

    asked = client.get(file)
    assert asked.url.startswith(PASSWORD_AGAIN)
    given = client.post(asked.url, {"password": PASSWORD}, follow=True)

    assert given.redirect_chain == [(file, 302)]
    assert "attachment" in given.headers["Content-Disposition"]


#: Files that say nothing of people, or nothing but what the page beside them shows to whoever they are about.
ASKED_FOR_ONCE = {
    "programs:people-example": "made up",
    "programs:my-time-calendar": "one appointment of one's own",
    "sessions:certificate": "hours of one's own",
}


def test_every_other_file_asks_again():
    unasked = set()
    for row in (row for row in rows() if (row.method, row.right) == ("get", 200)):
        house = House()
        page = reverse(row.name, kwargs=row.at(house))
        answer = signed_in(getattr(house, row.by)).get(page)
        if "attachment" in answer.headers.get("Content-Disposition", ""):
            asked = signed_in(with_password(getattr(house, row.by))).get(page)
            if not (asked.status_code == 302 and asked.url.startswith(PASSWORD_AGAIN)):
                unasked.add(row.name)

    assert unasked == set(ASKED_FOR_ONCE)


#: Files, and what changes who holds a role, how long is kept what, and who is erased.
ASKING = {
    "accounts:end-appointment",
    "accounts:invite",
    "accounts:resume-appointment",
    "accounts:start-over",
    "checklist:board-report",
    "checklist:csv",
    "checklist:house-csv",
    "checklist:house-json",
    "checklist:house-report",
    "checklist:json",
    "checklist:report",
    "desk:erase",
    "desk:everything",
    "desk:everything-json",
    "desk:everything-page",
    "desk:opened-csv",
    "desk:shorten",
    "programs:people-csv",
}
#: Nobody decides it for somebody who signs in later, yet it asks for nothing again; and where one is asked.
DECIDED_NOW = {"desk:end-part", "hospital_again"}


def test_exactly_these_pages_keep_nothing_for_who_signs_in_later():
    assert {name for name, view in views() if getattr(view, "decided_now", False)} == ASKING | DECIDED_NOW


@pytest.mark.parametrize("row", {str(row): row for row in rows() if row.name in ASKING}.values(), ids=str)
def test_each_of_these_pages_asks_again_who_it_is(row):
    house = House()
    client = signed_in(with_password(getattr(house, row.by)))

    answer = ask(client, row, house)

    assert (answer.status_code, answer.url.partition("?")[0]) == (302, PASSWORD_AGAIN)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("account_email", {"action_add": "", "email": "new@example.org"}),
        ("mfa_activate_totp", {"code": "123456"}),
        ("mfa_deactivate_totp", {}),
        ("mfa_generate_recovery_codes", {}),
        ("mfa_view_recovery_codes", None),
        ("mfa_download_recovery_codes", None),
        ("mfa_add_webauthn", {"credential": "{}"}),
    ],
)
def test_what_changes_signing_in_asks_again(client, name, data):
    user = with_password(UserFactory())
    if name != "mfa_activate_totp":
        with_app(user)
    client.force_login(user)
    if name in ("mfa_view_recovery_codes", "mfa_download_recovery_codes"):
        client.post(PASSWORD_AGAIN, {"password": PASSWORD})
        client.post(reverse("mfa_generate_recovery_codes"))
        client.force_login(user)
        client.session.flush()
        client.force_login(user)

    answer = client.get(reverse(name)) if data is None else client.post(reverse(name), data)

    assert answer.status_code == 302
    assert answer.url.startswith(PASSWORD_AGAIN)
    assert user.emailaddress_set.count() == 1


def test_inviting_to_a_role_asks_again_and_loses_nothing_that_was_typed(client):
    house = House()
    client.force_login(with_password(house.administrator))
    page = reverse("accounts:invite", args=[house.institution.slug])
    typed = {"name": "Noor Bakker", "email": "noor@example.org", "role": "director"}

    assert client.get(page).url.startswith(PASSWORD_AGAIN)
    asked = client.post(page, typed)
    assert asked.url.startswith(PASSWORD_AGAIN)
    assert not User.objects.filter(email=typed["email"]).exists()

    assert client.post(asked.url, {"password": "a wrong password here"}).status_code == 200
    given = client.post(asked.url, {"password": PASSWORD})
    assert given.url == reverse("accounts:people", args=[house.institution.slug])
    held = User.objects.get(email=typed["email"]).appointments.get()
    assert (held.user.name, held.role) == ("Noor Bakker", "director")


INVITED = {"name": "Noor Bakker", "email": "noor@example.org", "role": "director"}


def left_at_the_password(client, *, then):
    """An invitation is sent and left where the password is asked; ``then`` something; then the password."""
    house = House()
    client.force_login(with_password(house.administrator))
    page = reverse("accounts:invite", args=[house.institution.slug])
    asked = client.post(page, INVITED).url
    then(page)
    given = client.post(asked, {"password": PASSWORD})
    return given.url == page, User.objects.filter(email=INVITED["email"]).exists()


def test_what_was_left_at_the_password_is_not_done_when_the_page_is_opened_again(client):
    assert left_at_the_password(client, then=client.get) == (True, False)


def test_what_was_left_at_the_password_is_not_done_more_than_five_minutes_later(client):
    with time_machine.travel(NOON, tick=False) as now:
        assert left_at_the_password(client, then=lambda _page: now.shift(dt.timedelta(minutes=6))) == (
            True,
            False,
        )


ELSEWHERE = {"action_add": "", "email": "elsewhere@example.org"}


@pytest.mark.parametrize(
    ("then", "added"),
    [
        (lambda client, now: None, True),
        (lambda client, now: now.shift(dt.timedelta(minutes=6)), False),
        (lambda client, now: client.get(reverse("mfa_activate_totp")), False),
    ],
    ids=["at once", "six minutes later", "after another such page"],
)
def test_an_address_waits_no_longer_than_what_waits_on_our_own_pages(client, then, added):
    """Or whoever finds an open screen leaves one there, and its owner adds it when they next show who they are."""
    user = with_password(UserFactory())
    with time_machine.travel(NOON, tick=False) as now:
        client.force_login(user)
        asked = client.post(reverse("account_email"), ELSEWHERE).url
        then(client, now)
        client.post(asked, {"password": PASSWORD})

    assert EmailAddress.objects.filter(user=user, email=ELSEWHERE["email"]).exists() is added


def test_a_role_that_is_given_while_something_waits_asks_for_its_second_factor(client):
    """What waits goes on past everything that is asked of a page: nobody does with a role what it would stop."""
    user = with_password(UserFactory())
    with_password_only(client, user)
    institution = InstitutionFactory()
    page = reverse("accounts:invite", args=[institution.slug])
    asked = client.post(page, INVITED).url
    AppointmentFactory(user=user, institution=institution, role=Appointment.Role.ADMINISTRATOR)

    assert client.post(asked, {"password": PASSWORD}).url == page
    assert not User.objects.filter(email=INVITED["email"]).exists()
    assert client.get(page).url == reverse("mfa_index")


def test_a_first_password_asks_again_who_has_a_second_factor_alone(client):
    """Or whoever finds an open screen says with a password of their own that it is still somebody else."""
    user = UserFactory()
    secret = with_app(user)
    client.force_login(user)
    page, chosen = reverse("account_set_password"), {"password1": PASSWORD, "password2": PASSWORD}

    for answer in (client.get(page), client.post(page, chosen)):
        assert answer.url == f"{CODE_AGAIN}?next={quote(page, safe='')}"
    assert not User.objects.get(pk=user.pk).has_usable_password()
    assert PASSWORD not in str([row.get_decoded() for row in Session.objects.all()])

    assert client.post(answer.url, {"code": code_for(secret)}).url == page
    client.post(page, chosen)
    assert User.objects.get(pk=user.pk).has_usable_password()


def test_what_waits_for_the_password_is_stored_without_the_keys_of_the_browser(client):
    def look(_page):
        (row,) = Session.objects.all()
        waiting = str(row.get_decoded())
        assert "noor%40example.org" in waiting
        assert "HTTP_COOKIE" not in waiting

    assert left_at_the_password(client, then=look) == (False, True)


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize("name", ["end", "resume"])
def test_ending_a_role_and_taking_it_up_again_ask_who_it_is(client, name):
    house = House()
    held = house.director.appointments.get()
    if name == "resume":
        appointments.end(held)
    before = Appointment.objects.current().filter(pk=held.pk).exists()
    client.force_login(with_password(house.administrator))

    asked = client.post(reverse(f"accounts:{name}-appointment", args=[house.institution.slug, held.pk]))
    assert asked.url.startswith(PASSWORD_AGAIN)
    assert Appointment.objects.current().filter(pk=held.pk).exists() is before

    assert client.post(asked.url, {"password": PASSWORD}).url.endswith("/people/")
    assert Appointment.objects.current().filter(pk=held.pk).exists() is not before


def test_the_way_back_never_leads_elsewhere(client):
    client.force_login(with_password(UserFactory()))

    for onward in ("https://elsewhere.example/", "//elsewhere.example/"):
        answer = client.post(f"{PASSWORD_AGAIN}?next={onward}", {"password": PASSWORD, "next": onward})
        assert answer.url == "/"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "you are asked once more to show that it is you. Then not again for five minutes."),
        ("nl", "vragen we je nog een keer te laten zien dat jij het bent. Daarna vijf minuten niet meer."),
    ],
)
def test_everybody_reads_that_they_are_asked_again_and_how_long_the_answer_holds(client, language, words):
    said = client.get(reverse("accounts:security"), headers={"accept-language": language}).content.decode()

    assert words in said
    assert settings.ACCOUNT_REAUTHENTICATION_TIMEOUT == 5 * 60
