"""At a browser that does not know them: people who take part have their link mailed, and nobody learns who does."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from accounts import mails
from intervision import clock
from outbox.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.links import PersonalLinkFactory

pytestmark = pytest.mark.django_db
QUESTIONS = reverse("surveys:answer", args=["00000000-0000-4000-8000-000000000001"])
DAY = dt.timedelta(days=1)


def ask(client, email, **more):
    return client.post(reverse("accounts:ask-for-link"), {"email": email} | more)


def test_signing_in_on_the_way_to_questions_offers_the_link_and_keeps_the_way(client):
    page = client.get(QUESTIONS, follow=True).content.decode()
    offered = f"{reverse('accounts:ask-for-link')}?next={QUESTIONS}"

    assert offered in page
    assert f'value="{QUESTIONS}"' in client.get(offered).content.decode()


def test_the_link_to_the_page_one_was_on_the_way_to_is_mailed_and_opens_it(client):
    user = UserFactory()
    wanted = PersonalLinkFactory(user=user, path=QUESTIONS, created_at=clock.now() - DAY)
    PersonalLinkFactory(user=user, path="/programs/")

    ask(client, user.email.upper(), next=QUESTIONS)

    message = Message.objects.get()
    assert (message.kind, message.recipient, message.about_id) == ("link-again", user, wanted.pk)
    mail = mails.link_again(message.about_id, user, clock.now())
    assert client.post(urlsplit(mail.context["button_url"]).path).url == QUESTIONS


def test_without_a_link_to_that_page_the_newest_one_is_mailed(client):
    user = UserFactory()
    PersonalLinkFactory(user=user, path="/a/")
    newest = PersonalLinkFactory(user=user, path="/b/")

    ask(client, user.email, next="https://elsewhere.example/")

    assert Message.objects.get().about_id == newest.pk


def nobody():
    return "nobody@example.org"


def never_sent_one():
    return UserFactory().email


def over():
    return PersonalLinkFactory(expires_at=clock.now() - DAY).user.email


def revoked():
    return PersonalLinkFactory(revoked_at=clock.now()).user.email


def guiding():
    return PersonalLinkFactory(purpose="guide").user.email


def erased():
    return PersonalLinkFactory(user__is_active=False).user.email


@pytest.mark.parametrize("who", [nobody, never_sent_one, over, revoked, guiding, erased])
def test_whoever_takes_no_part_gets_the_same_answer_and_no_mail(client, who):
    takes_part = ask(client, PersonalLinkFactory().user.email)
    Message.objects.all().delete()

    other = ask(client, who())

    assert (other.status_code, other.url) == (takes_part.status_code, takes_part.url)
    assert not Message.objects.exists()


def test_asking_often_sends_one_mail(client):
    email = PersonalLinkFactory().user.email
    for _ in range(3):
        ask(client, email)

    assert Message.objects.count() == 1


@pytest.mark.parametrize("email", ["", "no address", "x" * 300 + "@example.org"])
def test_what_is_no_address_comes_back_with_what_was_typed(client, email):
    assert ask(client, email).status_code == 422


def test_very_many_at_once_are_asked_to_wait(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"ask": "1/m/ip"}
    user = PersonalLinkFactory().user
    ask(client, user.email)
    Message.objects.all().delete()

    late = ask(client, user.email)

    assert late.status_code == 422
    assert "wait a minute" in late.content.decode()
    assert not Message.objects.exists()


def ask_from(client, addresses):
    said = {"email": "somebody@example.org"}
    return client.post(reverse("accounts:ask-for-link"), said, headers={"x-forwarded-for": addresses})


@pytest.mark.parametrize(("seen", "asked_to_wait"), [("10.0.0.7", True), ("10.0.0.8", False)])
def test_behind_a_proxy_people_are_counted_and_not_the_proxy_nor_what_they_say_of_themselves(
    client, settings, seen, asked_to_wait
):
    settings.ACCOUNT_RATE_LIMITS = {"ask": "1/m/ip"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    ask_from(client, "1.2.3.4, 10.0.0.7")

    answer = ask_from(client, f"5.6.7.8, {seen}")

    assert (answer.status_code == 422) is asked_to_wait


def test_without_a_proxy_nobody_chooses_the_address_they_are_counted_by(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"ask": "1/m/ip"}
    ask_from(client, "1.2.3.4")

    assert ask_from(client, "5.6.7.8").status_code == 422
