import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.views.demo import ROLES
from tests.factories.accounts import AppointmentFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.demo_site")]


@pytest.fixture(autouse=True)
def demonstration(settings):
    settings.DEMO = True


@pytest.mark.parametrize("email", [email for email, _label, _job in ROLES])
def test_each_button_signs_in_as_its_person(client, email):
    user = UserFactory(email=email)
    assert email in client.get("/demo/").content.decode()

    answer = client.post("/demo/", {"email": email, "next": "/accounts/email/"})

    assert (answer.status_code, answer.url) == (302, "/accounts/email/")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_whoever_tries_it_keeps_the_language_of_their_browser(client, settings):
    UserFactory(email="coordinator@demo.example", language="en")

    with translation.override("en"):
        client.post("/demo/", {"email": "coordinator@demo.example"}, headers={"accept-language": "nl"})

    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "nl"


def test_only_people_who_are_there_have_a_button(client):
    page = client.get("/demo/").content.decode()

    assert "Nobody is here yet" in page
    assert "coordinator@demo.example" not in page


@pytest.mark.parametrize(
    "email", ["somebody@example.org", "", "coordinator@demo.example\r\nx", "director@demo.example"]
)
def test_nobody_else_can_be_signed_in_as(client, email):
    UserFactory(email="somebody@example.org")

    assert client.post("/demo/", {"email": email}).status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_elsewhere(client, target):
    UserFactory(email="coordinator@demo.example")

    assert client.post("/demo/", {"email": "coordinator@demo.example", "next": target}).url == "/"


def test_a_forged_sign_in_is_refused():
    UserFactory(email="coordinator@demo.example")

    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/demo/", {"email": "coordinator@demo.example"}).status_code == 403


def test_whoever_came_by_a_link_finds_the_way_to_a_password_of_their_own(client):
    page = client.get("/demo/", {"next": "/programs/places/1/preparation/"}).content.decode()

    assert f'href="{reverse("account_login")}?next=/programs/places/1/preparation/"' in page


def test_a_button_counts_as_both_factors_and_only_in_the_demonstration(client, settings):
    AppointmentFactory(user__email="coordinator@demo.example")
    client.post("/demo/", {"email": "coordinator@demo.example"})
    assert client.get("/programs/").status_code == 200

    settings.DEMO = False

    assert client.get("/programs/").url == "/accounts/2fa/"
