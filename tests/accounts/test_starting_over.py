"""Lost phone and codes, or an address that the hospital changed: the same person comes in anew."""

import io
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts import access, links
from accounts.models import Invitation, User
from intervision import clock
from outbox.models import Message
from tests.access.world import House
from tests.accounts.test_second_factor import PASSWORD, with_app, with_password
from tests.factories.accounts import AppointmentFactory, UserFactory
from tests.factories.links import come_by_link

pytestmark = pytest.mark.django_db


def test_an_administrator_lets_somebody_start_over_and_gets_in_nowhere(client):
    house = House()
    user = with_password(house.intervisor)
    with_app(user)
    elsewhere = Client()
    elsewhere.force_login(user)
    client.force_login(house.administrator)
    at = [house.institution.slug, user.appointments.get().pk]
    assert user.email in client.get(reverse("accounts:start-over", args=at)).content.decode()

    client.post(reverse("accounts:start-over", args=at))

    user.refresh_from_db()
    assert not user.has_usable_password()
    assert not Authenticator.objects.filter(user=user).exists()
    assert elsewhere.get("/me/").status_code == 302
    assert Message.objects.get(kind="account-invitation").recipient == user
    assert house.guide.user == user  # the group is still theirs
    page = client.get(reverse("accounts:people", args=[house.institution.slug])).content.decode()
    assert "Send again" in page


def test_the_invitation_opens_the_same_person_who_sets_up_a_new_factor(client):
    user = with_password(AppointmentFactory().user)
    with_app(user)
    said = io.StringIO()

    call_command("start_over", user.email, stdout=said)
    path = "/" + said.getvalue().strip().split("/", 3)[3]
    client.post(path, {"password": PASSWORD})

    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get("/programs/").url == "/accounts/2fa/"


def test_a_new_address_is_the_only_one_from_then_on():
    user = with_password(AppointmentFactory().user)
    before = user.email

    call_command("start_over", before, new_address="New@Example.org", stdout=io.StringIO())

    assert User.objects.by_address(before) is None
    assert User.objects.by_address("new@example.org") == user
    assert Invitation.objects.get().email == "new@example.org"


@pytest.mark.parametrize("new", ["nonsense", "taken@example.org"])
def test_an_address_that_is_none_or_somebody_elses_is_refused(new):
    UserFactory(email="taken@example.org")
    user = with_password(AppointmentFactory().user)

    with pytest.raises(CommandError):
        call_command("start_over", user.email, new_address=new)

    assert User.objects.get(pk=user.pk).has_usable_password()


def test_nobody_of_that_address_is_said():
    with pytest.raises(CommandError):
        call_command("start_over", "nobody@example.org")


def test_what_the_hospital_registers_is_printed(settings):
    from intervision.hospital import openid_connect

    with pytest.raises(CommandError):
        call_command("hospital_sign_in")
    made = openid_connect(issuer="https://login.example", client_id="c", secret="s", name="North")
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": made}
    said = io.StringIO()

    call_command("hospital_sign_in", stdout=said)

    assert f"/accounts/oidc/{made['APPS'][0]['provider_id']}/login/callback/" in said.getvalue()


def test_no_link_of_before_no_page_it_opened_and_no_phone_that_remembers_one_opens_anything():
    house = House()
    group = reverse("sessions:group", args=[house.group.pk])
    user, phone, tab = with_password(house.intervisor), Client(), Client()
    about = {"purpose": "guide", "about_id": house.group.pk, "path": group}
    mailed = links.address(user, expires_at=clock.now() + access.REMEMBERED_FOR, **about)
    phone.post(urlsplit(mailed).path, {"remember": "on"})
    phone.cookies.pop("sessionid")
    come_by_link(tab, user, **about)
    assert [client.get(group).status_code for client in (phone, tab)] == [200, 200]

    call_command("start_over", user.email, new_address="new@example.org", stdout=io.StringIO())

    assert [client.get(group).status_code for client in (phone, tab)] == [302, 302]
    assert Client().get(urlsplit(mailed).path).status_code == 410
    renewed = links.address(user, expires_at=clock.now() + access.REMEMBERED_FOR, **about)
    assert Client().get(urlsplit(renewed).path).status_code == 200
