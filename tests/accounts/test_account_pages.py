"""The pages on which somebody keeps their addresses and password: our words, in Dutch with *je*."""

import re

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core import mail
from django.urls import reverse
from django.utils.html import strip_tags

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a sentence of fifteen"
FORMAL = re.compile(r"\b(u|uw)\b", re.IGNORECASE)
NAMES = [
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_email",
    "account_set_password",
    "account_change_password",
    "account_inactive",
    "account_email_verification_sent",
    "account_logout",
]


@pytest.fixture
def person(client):
    """Somebody with one address, confirmed, who reads Dutch."""
    user = UserFactory(email="only@example.org", language="nl")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client.cookies["django_language"] = "nl"
    return user


@pytest.fixture
def signed_in(client, person):
    """The same person, who has just given their password."""
    person.set_password(PASSWORD)
    person.save()
    client.force_login(person)
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302
    return person


def words(answer):
    return strip_tags(answer.content.decode().split("<main")[-1])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("known", [True, False])
def test_no_page_addresses_anybody_formally(client, person, name, known):
    if known:
        client.force_login(person)

    answer = client.get(reverse(name), follow=True)

    assert not FORMAL.search(words(answer))


def test_what_is_wrong_with_a_password_is_said_in_our_dutch(client, signed_in):
    url = reverse("account_change_password")

    answer = client.post(url, {"oldpassword": "other", "password1": "kort", "password2": "lang"})

    assert "Vul je wachtwoord van nu in." in words(answer)
    assert "Gebruik minstens 15 tekens." in words(answer)
    assert not FORMAL.search(words(answer))


def test_a_wrong_sign_in_is_said_in_our_dutch(client, person):
    answer = client.post(reverse("account_login"), {"login": "x@example.org", "password": "unknown"})

    assert "horen niet bij elkaar" in words(answer)


def test_the_only_address_cannot_be_taken_away(client, signed_in):
    url = reverse("account_email")

    assert "action_remove" not in client.get(url).content.decode()
    client.post(url, {"email": signed_in.email, "action_remove": ""})

    assert EmailAddress.objects.filter(user=signed_in).count() == 1


def test_a_second_address_is_confirmed_from_its_mail_then_gets_the_mail_and_the_first_goes(client, signed_in):
    url = reverse("account_email")
    client.post(url, {"email": "second@example.org", "action_add": ""})
    (sent,) = mail.outbox
    assert sent.to == ["second@example.org"]
    assert signed_in.name not in sent.body
    assert not FORMAL.search(sent.body)
    second = EmailAddress.objects.get(email="second@example.org")
    confirm = reverse("account_confirm_email", args=[EmailConfirmationHMAC(second).key])
    assert confirm in sent.body
    assert "Is second@example.org van jou?" in words(client.get(confirm))
    client.post(confirm)

    client.post(url, {"email": "second@example.org", "action_primary": ""})
    client.post(url, {"email": "only@example.org", "action_remove": ""})

    signed_in.refresh_from_db()
    assert signed_in.email == "second@example.org"
    assert [row.email for row in EmailAddress.objects.filter(user=signed_in)] == ["second@example.org"]


def test_a_link_that_no_longer_works_says_so(client, person):
    answer = client.get(reverse("account_confirm_email", args=["made-up"]))

    assert "Deze link werkt niet meer" in words(answer)
