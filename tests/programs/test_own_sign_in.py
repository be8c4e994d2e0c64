"""A resident who came by a link gets a sign-in of their own, by a mail to the address that the house knows."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from accounts import invitations
from accounts.models import Invitation
from intervision import clock
from outbox.models import Message
from tests.factories.links import come_by_link
from tests.factories.programs import GuideFactory, MembershipFactory

pytestmark = pytest.mark.django_db
PASSWORD = "een lamp boven de tafel"


@pytest.fixture
def place():
    group = GuideFactory(group__program__stage="intakes").group
    return MembershipFactory(group=group, invited_at=clock.now(), accepted_at=clock.now())


@pytest.fixture
def page(client, place):
    come_by_link(client, place.user, about_id=place.pk)
    return reverse("programs:own-sign-in", args=[place.pk])


def test_the_page_of_one_s_place_leads_there_only_by_link(client, page, place):
    own = reverse("programs:my-place", args=[place.pk])
    signed_in = Client()
    signed_in.force_login(place.user)

    assert page in client.get(own).content.decode()
    assert page not in signed_in.get(own).content.decode()


def test_the_invitation_goes_by_mail_and_opens_what_a_link_does_not(client, page, place):
    sent = client.post(page)
    invitation = Invitation.objects.get()

    assert place.user.email in sent.content.decode()
    assert Message.objects.get(kind="account-invitation").recipient == place.user
    goals = reverse("programs:my-goals", args=[place.pk])
    assert client.get(goals).status_code == 302
    client.post(urlsplit(invitations.address_of(invitation)).path, {"password": PASSWORD})
    assert client.get(goals).status_code == 200


def test_pressing_twice_sends_one(client, page):
    client.post(page)
    client.post(page)

    assert Message.objects.filter(kind="account-invitation").count() == 1


def test_opening_the_page_sends_nothing(client, page):
    client.get(page)

    assert not Invitation.objects.exists()


def test_whoever_has_a_password_is_led_to_it_and_keeps_it(client, page, place):
    place.user.set_password(PASSWORD)
    place.user.save()

    said = client.get(page).content.decode()
    client.post(page)

    assert reverse("account_login") in said
    assert not Invitation.objects.exists()
