"""Whoever signs in only at their hospital is asked there, once more, whether it is still them: with real providers."""

import datetime as dt
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
import time_machine
from allauth.mfa.models import Authenticator
from allauth.socialaccount.internal.statekit import STATES_SESSION_KEY
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from accounts import once_more
from accounts.models import User
from tests.access.world import House
from tests.accounts.test_hospital_sign_in import (
    OpenId,
    Saml,
    browser,
    invited,
    is_signed_in,
    known_as,
    signs_in_at,
)
from tests.accounts.test_second_factor import PASSWORD, with_app, with_password
from tests.factories.accounts import AppointmentFactory, UserFactory
from tests.node.hospital import Hospital, asserts, signs_in_there

pytestmark = pytest.mark.django_db

AGAIN = "/accounts/hospital/again/"
MINE = "/my-data/everything/"
INVITED = {"name": "Noor Bakker", "email": "noor@example.org", "role": "director"}
ONCE_MORE = "Sign in at your hospital once more"
LATER = dt.timedelta(minutes=2)


@pytest.fixture
def client() -> Client:
    return browser()


@pytest.fixture(params=[OpenId, Saml], ids=["openid", "saml"])
def way(request: Any, identity_provider: Hospital, settings: Any) -> Any:
    return request.param(identity_provider, settings)


@pytest.fixture
def open_id(identity_provider: Hospital, settings: Any) -> OpenId:
    return OpenId(identity_provider, settings)


def comes_in(client: Client, way: Any, subject: str, user: User | None = None) -> User:
    """Signed in at the hospital, and no way in of their own here."""
    found = known_as(subject, way, user)
    assert signs_in_at(client, way, subject).status_code == 302
    return found


def leaves(client: Client, way: Any, onward: str = MINE) -> Any:
    return client.post(AGAIN, {"hospital": way.provider, "next": onward})


def says_so(client: Client, way: Any, subject: str, onward: str = MINE) -> Any:
    return way.comes_back(client, leaves(client, way, onward), subject)


def test_signing_in_there_does_not_open_an_export_and_being_asked_there_does_for_five_minutes(client, way):
    with time_machine.travel(timezone.now()) as now:
        comes_in(client, way, "a-1")
        asked = client.get(MINE)
        assert asked.url == f"{AGAIN}?{urlencode({'next': MINE})}"
        page = client.get(asked.url).content.decode()
        assert ONCE_MORE in page
        assert "Sign in at North" in page

        assert says_so(client, way, "a-1").url == MINE

        assert client.get(MINE).status_code == 200
        now.shift(dt.timedelta(minutes=4))
        assert client.get(MINE).status_code == 200
        now.shift(dt.timedelta(minutes=2))
        assert client.get(MINE).url == asked.url


def test_who_came_by_their_invitation_is_not_asked_again_at_once(client, way):
    """As somebody who chose a password is not: they hold the mail."""
    path = invited(client, AppointmentFactory().user)
    way.comes_back(client, client.post(path, {"hospital": way.provider}), "a-18")

    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_the_hospital_is_told_to_ask_again(client, way):
    comes_in(client, way, "a-2")
    said = parse_qs(urlsplit(leaves(client, way).url).query)

    if isinstance(way, OpenId):
        assert (said["prompt"], said["max_age"]) == (["login"], ["0"])
    else:
        asked = OneLogin_Saml2_Utils.decode_base64_and_inflate(said["SAMLRequest"][0])
        assert b'ForceAuthn="true"' in asked


def test_somebody_else_at_the_hospital_opens_nothing_and_takes_no_place(client, way):
    user = comes_in(client, way, "a-3")
    known_as("a-4", way)

    for subject in ("a-4", "nobody here"):
        answer = says_so(client, way, subject)
        assert answer.status_code == 409
        assert "not the one of whoever is signed in here" in answer.content.decode()
        assert client.get(MINE).status_code == 302
        assert client.session["_auth_user_id"] == str(user.pk)
    assert SocialAccount.objects.count() == 2


def test_an_answer_is_about_the_one_who_was_asked(client, way):
    """Also where somebody else's way there would be left in the session."""
    comes_in(client, way, "a-16")
    sent = leaves(client, way)
    held = client.session
    for state, *_rest in held[STATES_SESSION_KEY].values():
        state["data"][once_more.ASKED] = str(UserFactory().pk)
    held.save()

    assert way.comes_back(client, sent, "a-16").status_code == 409
    assert client.get(MINE).status_code == 302


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ({}, None),
        ({"id_token": {"auth_time": 17}}, 17),
        ({"id_token": {"auth_time": "lately"}}, 0),
        ({"said_at": 5}, 5),
    ],
)
def test_a_moment_that_is_none_was_long_ago(told, moment):
    assert once_more.said_at(told) == moment


@pytest.mark.parametrize(("told", "afresh"), [(None, True), (940, True), (939.9, False), (1000, True)])
def test_a_hospital_may_be_a_minute_behind_and_need_not_tell_when(told, afresh):
    assert once_more.is_afresh(told, 1000) is afresh


def test_being_asked_holds_for_less_than_five_minutes(client, way):
    with time_machine.travel(timezone.now(), tick=False) as now:
        comes_in(client, way, "a-19")
        says_so(client, way, "a-19")

        now.shift(dt.timedelta(minutes=5))
        assert client.get(MINE).status_code == 302


def test_who_stops_at_the_hospital_reads_that_nothing_changed(client, open_id):
    """Also with a role and no second factor yet."""
    comes_in(client, open_id, "a-17", House().administrator)
    state = parse_qs(urlsplit(leaves(client, open_id).url).query)["state"][0]

    stopped = client.get(f"{open_id.login}callback/?error=access_denied&state={state}", follow=True)

    assert "You did not sign in there" in stopped.content.decode()
    assert client.get(reverse("mfa_activate_totp")).url.startswith(AGAIN)


def test_an_answer_is_good_for_once_and_in_the_browser_that_asked(client, way):
    comes_in(client, way, "a-5")
    thief = browser()
    signs_in_at(thief, way, "a-5")
    sent = leaves(client, way)
    if isinstance(way, Saml):
        form = asserts(sent.url, "a-5")
        answers = [way.posts(each, form) for each in (thief, client, client)]
    else:
        back = signs_in_there(sent.url, "a-5")
        answers = [each.get(back) for each in (thief, client, client)]

    assert [answer.status_code for answer in answers] in ([401, 302, 401], [403, 302, 403])
    assert thief.get(MINE).status_code == 302


def test_an_answer_for_signing_in_says_nothing_about_being_asked(client, way):
    comes_in(client, way, "a-6")

    for process in ("login", "redirect"):
        back = way.comes_back(client, client.post(f"{way.login}?process={process}&next={MINE}"), "a-6")
        assert back.url == MINE
        assert client.get(MINE).status_code == 302


@pytest.mark.parametrize(
    "onward", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_the_way_back_never_leads_elsewhere(client, way, onward):
    comes_in(client, way, "a-7")

    assert says_so(client, way, "a-7", onward).url == "/"


def test_who_sat_at_the_hospitals_sign_in_before_is_not_known_by_it(client, open_id):
    """Whoever takes out of the address that the hospital must ask gets in there by the sign-in of before."""
    there = requests.Session()
    known_as("a-8", open_id)
    client.get(signs_in_there(client.post(open_id.login).url, "a-8", there))

    with time_machine.travel(timezone.now() + LATER):
        asked = leaves(client, open_id).url.replace("prompt=login", "").replace("max_age=0", "max_age=9999")
        answer = client.get(signs_in_there(asked, "a-8", there))

        assert answer.status_code == 403
        assert "did not ask you to sign in again" in answer.content.decode()
        assert client.get(MINE).status_code == 302


def test_an_assertion_about_a_sign_in_of_before_is_not_enough(client, identity_provider, settings):
    way = Saml(identity_provider, settings)
    comes_in(client, way, "a-9")

    with time_machine.travel(timezone.now() + LATER):  # the hospital's is of two minutes before this
        sent = leaves(client, way)

    assert way.comes_back(client, sent, "a-9").status_code == 403
    assert client.get(MINE).status_code == 302


def test_a_hospital_that_is_away_is_said_and_nothing_is_done(client, way, settings, monkeypatch):
    comes_in(client, way, "a-10")
    if isinstance(way, Saml):
        monkeypatch.setattr("accounts.saml_metadata.are_there", lambda idp: False)
    else:
        app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
        app["settings"] = app["settings"] | {"server_url": "http://127.0.0.1:1"}

    answer = leaves(client, way)

    assert answer.status_code == 503
    assert "cannot be reached now" in answer.content.decode()
    assert client.get(MINE).status_code == 302
    assert is_signed_in(client)


class Waiting:
    """An administrator sent an invitation, which waits for the hospital."""

    def __init__(self, client: Client, way: Any, settings: Any) -> None:
        settings.HOSPITAL_SECOND_FACTOR = True
        self.client, self.way = client, way
        self.house = House()
        comes_in(client, way, "boss", self.house.administrator)
        self.page = reverse("accounts:invite", args=[self.house.institution.slug])
        self.asked = client.post(self.page, INVITED).url

    def says_so(self, subject: str = "boss") -> Any:
        return says_so(self.client, self.way, subject, self.page)

    def goes_on(self) -> Any:
        return self.client.post(AGAIN, {"next": self.page})

    @property
    def is_done(self) -> bool:
        return User.objects.filter(email=INVITED["email"]).exists()


@pytest.fixture
def waiting(client: Client, way: Any, settings: Any) -> Waiting:
    return Waiting(client, way, settings)


def test_what_was_sent_waits_and_goes_on_by_a_button(client, waiting):
    assert waiting.asked.startswith(AGAIN)
    held = str([row.get_decoded() for row in Session.objects.all()])
    assert "noor%40example.org" in held
    assert "HTTP_COOKIE" not in held

    back = waiting.says_so()
    assert back.url == waiting.asked
    assert not waiting.is_done
    assert "Do you still want this?" in client.get(back.url).content.decode()
    assert not waiting.is_done

    assert waiting.goes_on().url == reverse("accounts:people", args=[waiting.house.institution.slug])
    assert waiting.is_done


def test_the_button_does_nothing_before_the_hospital_was_asked(client, waiting):
    assert waiting.goes_on().url == waiting.asked
    assert not waiting.is_done


def test_what_was_left_is_not_done_when_its_page_is_opened_again(client, waiting):
    client.get(waiting.page)

    assert waiting.says_so().url == waiting.page
    assert waiting.goes_on().url == waiting.page
    assert not waiting.is_done


def test_what_waited_more_than_five_minutes_is_let_go_of_and_said(client, way, settings):
    with time_machine.travel(timezone.now()) as now:
        waiting = Waiting(client, way, settings)
        back = waiting.says_so()
        now.shift(dt.timedelta(minutes=6))
        page = client.get(back.url).content.decode()

    assert "more than five minutes old" in page
    assert not waiting.is_done
    assert waiting.goes_on().url == waiting.page
    assert not waiting.is_done


def test_what_waited_five_minutes_still_goes_on(client, way, settings):
    with time_machine.travel(timezone.now(), tick=False) as now:
        waiting = Waiting(client, way, settings)
        now.shift(dt.timedelta(seconds=30))
        back = waiting.says_so()
        now.shift(dt.timedelta(seconds=270))

        assert "Do you still want this?" in client.get(back.url).content.decode()
        assert waiting.goes_on().status_code == 302

    assert waiting.is_done


def test_what_one_sent_is_let_go_of_when_another_signs_in_there(client, waiting):
    known_as("another", waiting.way)

    assert waiting.says_so("another").status_code == 409
    assert waiting.says_so().url == waiting.page
    assert waiting.goes_on().url == waiting.page
    assert not waiting.is_done


def test_who_signs_in_instead_does_not_do_what_another_sent(client, waiting):
    """The second takes over the browser as themselves: an ordinary sign-in, with nothing of the first in it."""
    comes_in(client, waiting.way, "another", UserFactory())

    says_so(client, waiting.way, "another", waiting.page)
    waiting.goes_on()

    assert not waiting.is_done


@pytest.mark.parametrize(
    "name",
    [
        "account_email",
        "account_set_password",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "socialaccount_connections",
    ],
)
def test_a_new_way_in_is_given_to_nobody_who_was_not_asked(client, way, name):
    """Or whoever finds a screen that was left open gives themselves a password, and says with it that it is them."""
    user = comes_in(client, way, "a-11")
    page = reverse(name)

    for answer in (client.get(page), client.post(page, {"password1": PASSWORD, "password2": PASSWORD})):
        assert answer.url == f"{AGAIN}?{urlencode({'next': page})}"
    assert not User.objects.get(pk=user.pk).has_usable_password()
    assert PASSWORD not in str([row.get_decoded() for row in Session.objects.all()])

    assert says_so(client, way, "a-11", page).url == page
    assert client.get(page).status_code == 200


def test_an_account_there_is_linked_by_nobody_who_was_not_asked(client, way):
    comes_in(client, way, "a-12")

    back = way.comes_back(client, client.post(f"{way.login}?process=connect"), "a stranger's")

    assert back.url.startswith(AGAIN)
    assert SocialAccount.objects.get().uid == "a-12"


def left_to_be_linked(client, way, *, then):
    """A stranger's account is left to be linked at a screen that was open; ``then`` something; then the password."""
    user = known_as("a-23", way, with_password(UserFactory()))
    client.force_login(user)
    asked = way.comes_back(client, client.post(f"{way.login}?process=connect"), "a stranger's").url
    then()
    answer = client.post(asked, {"password": PASSWORD})
    return answer, SocialAccount.objects.get(user=user).uid


def test_an_account_there_waits_five_minutes_to_be_linked(client, way):
    with time_machine.travel(timezone.now(), tick=False) as now:
        _, linked = left_to_be_linked(client, way, then=lambda: now.shift(dt.timedelta(minutes=5)))
    assert linked == "a stranger's"


def test_an_account_there_that_waited_longer_is_let_go_of_and_said(client, way):
    with time_machine.travel(timezone.now(), tick=False) as now:
        answer, linked = left_to_be_linked(client, way, then=lambda: now.shift(dt.timedelta(seconds=301)))
    assert "more than five minutes old" in answer.content.decode()
    assert linked == "a-23"


@pytest.mark.parametrize("name", ["mfa_activate_totp", "account_email", "desk:everything"])
def test_an_account_there_is_not_linked_by_who_shows_who_they_are_for_something_else(client, way, name):
    _, linked = left_to_be_linked(client, way, then=lambda: client.get(reverse(name)))
    assert linked == "a-23"


def test_who_is_nobody_here_lets_no_account_wait(client, way):
    sent = client.post(f"{way.login}?process=connect")

    assert not way.comes_back(client, sent, "a-24").url.startswith("/accounts/reauthenticate/")
    assert once_more.STATE_SESSION_KEY not in client.session


def test_a_role_without_a_second_factor_is_asked_on_the_way_to_setting_one_up(client, way):
    comes_in(client, way, "a-13", House().administrator)
    setting_up = reverse("mfa_activate_totp")
    assert client.get(setting_up).url.startswith(AGAIN)

    assert says_so(client, way, "a-13", setting_up).url == setting_up

    assert client.get(setting_up).status_code == 200
    assert not Authenticator.objects.exists()


def test_who_has_both_may_choose(client, way):
    user = known_as("a-14", way, with_password(UserFactory()))
    client.force_login(user)
    asked = client.get(MINE).url
    assert asked.startswith("/accounts/reauthenticate/")
    assert "Sign in at your hospital" in client.get(asked).content.decode()

    assert says_so(client, way, "a-14").url == MINE

    assert client.get(MINE).status_code == 200


def test_who_has_both_may_choose_for_another_address_too(client, way):
    user = known_as("a-20", way, with_password(UserFactory()))
    client.force_login(user)
    client.post(reverse("account_email"), {"action_add": "", "email": "elsewhere@example.org"})

    assert "Sign in at North" in client.get(AGAIN).content.decode()


def test_who_has_a_password_or_an_app_and_no_account_there_is_not_sent_there(client, way):
    for user in (with_password(UserFactory()), UserFactory()):
        with_app(user)
        visitor = browser()
        visitor.force_login(user)
        asked = visitor.get(MINE).url
        assert "hospital" not in asked
        assert "Sign in at your hospital" not in visitor.get(asked).content.decode()
        assert visitor.post(AGAIN, {"hospital": way.provider}).url.startswith("/accounts/")


def test_only_a_hospital_where_somebody_has_an_account_asks_them(client, way):
    comes_in(client, way, "a-15")

    assert client.post(AGAIN, {"hospital": "made-up", "next": MINE}).status_code == 404


def test_only_hospitals_set_up_here_where_one_has_an_account_are_offered(way):
    mine, elsewhere = known_as("a-21", way), UserFactory()
    for user in (mine, elsewhere):
        SocialAccount.objects.create(user=user, provider="closed-since", uid=f"old {user.pk}")

    assert [offered.name for offered in once_more.ways_of(mine)] == ["North"]
    assert once_more.ways_of(elsewhere) == []


def test_who_can_be_asked_nowhere_is_not_sent_to_a_hospital(client, way):
    known_as("a-22", way)
    client.force_login(UserFactory())

    assert client.get(MINE).status_code == 200
