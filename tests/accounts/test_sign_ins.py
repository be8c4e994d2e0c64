"""The list of one's own sign-ins, and ending one of them."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts import links, tasks
from accounts.actions.invitations import send
from accounts.invitations import address_of
from accounts.models import RememberedDevice
from intervision import clock
from tests.access.programs_taking_part import place as taking_part
from tests.access.world import House
from tests.accounts.test_second_factor import PASSWORD, signs_in, with_password
from tests.factories.accounts import InstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36"


def browser(user, agent):
    client = Client(headers={"user-agent": agent})
    signs_in(client, user)
    return client


def test_a_stolen_cookie_is_ended_from_the_list():
    user = with_password(UserFactory())
    mine, other = browser(user, FIREFOX), browser(user, PHONE)
    thief = Client(headers={"user-agent": "curl"})
    thief.cookies["sessionid"] = other.cookies["sessionid"].value
    assert thief.get("/me/").status_code == 200
    page = mine.get(LIST).content.decode()
    assert "Firefox, Windows" in page
    assert "Chrome, Android" in page

    stolen = UserSession.objects.get(user_agent=PHONE)
    assert mine.post(reverse("accounts:end-sign-in", args=[stolen.pk])).url == LIST

    assert thief.get("/me/").status_code == other.get("/me/").status_code == 302
    assert "Chrome, Android" not in mine.get(LIST).content.decode()


def test_everything_else_is_ended_at_once():
    user = with_password(UserFactory())
    mine, others = browser(user, FIREFOX), [browser(user, PHONE) for _ in range(3)]

    mine.post(LIST)

    assert [other.get("/me/").status_code for other in others] == [302] * 3
    assert mine.get("/me/").status_code == 200


def remembering(house):
    """A phone that opens the place of the house's resident without a mail, and the address of that page."""
    phone, about = Client(), taking_part(house)["pk"]
    place = reverse("programs:my-place", args=[about])
    until = clock.now() + dt.timedelta(days=60)
    address = links.address(house.resident, purpose="take_part", about_id=about, path=place, expires_at=until)
    phone.post(urlsplit(address).path, {"remember": "on"})
    phone.cookies.pop("sessionid")
    return phone, place


def opens(phone, place):
    phone.cookies.pop("sessionid", None)
    return phone.get(place).status_code == 200


def test_browsers_that_remember_somebody_are_counted_and_forget_them_at_once():
    here, there = House(), House()
    mine = browser(with_password(here.resident), FIREFOX)
    lost, of_somebody_else = remembering(here), remembering(there)
    assert opens(*lost)
    assert "1 browser opens your personal links" in mine.get(LIST).content.decode()

    assert mine.post(reverse("accounts:forget-devices")).url == LIST

    assert "your personal links" not in mine.get(LIST).content.decode()
    assert not opens(*lost)
    assert opens(*of_somebody_else)


def test_a_browser_whose_thirty_days_are_over_counts_no_more():
    here = House()
    mine = browser(with_password(here.resident), FIREFOX)
    remembering(here)
    assert "your personal links" in mine.get(LIST).content.decode()

    RememberedDevice.objects.update(expires_at=clock.now())

    assert "your personal links" not in mine.get(LIST).content.decode()


def test_ending_this_one_signs_out(client):
    user = with_password(UserFactory())
    signs_in(client, user)

    assert (
        client.post(reverse("accounts:end-sign-in", args=[UserSession.objects.get().pk])).url
        == "/signed-out/"
    )
    assert client.get("/me/").status_code == 302


def test_nobody_ends_or_sees_the_sign_in_of_another(client):
    browser(with_password(UserFactory()), PHONE)
    client.force_login(UserFactory())

    assert "Android" not in client.get(LIST).content.decode()
    assert (
        client.post(reverse("accounts:end-sign-in", args=[UserSession.objects.get().pk])).status_code == 404
    )
    assert Session.objects.filter(session_key=UserSession.objects.get().session_key).exists()


def test_accepting_an_invitation_stands_in_the_list(client):
    invitation = send(UserFactory(), InstitutionFactory(), invited_by=None)
    path = "/" + address_of(invitation).split("/", 3)[3]

    client.post(path, {"password": PASSWORD})

    assert client.get(LIST).content.decode().count("Sign out here") == 1


def test_what_is_over_leaves_the_list_each_day():
    user = with_password(UserFactory())
    with time_machine.travel(dt.datetime(2027, 1, 11, tzinfo=dt.UTC), tick=False):
        browser(user, PHONE)
    with time_machine.travel(dt.datetime(2027, 1, 12, tzinfo=dt.UTC), tick=False):
        mine = browser(user, FIREFOX)
        tasks.purge()

        assert [row.user_agent for row in UserSession.objects.all()] == [FIREFOX]
        assert mine.get("/me/").status_code == 200
