import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client

from accounts import invitations, mails
from accounts.actions import invitations as actions
from accounts.models import Appointment, Invitation, User
from outbox.mail import Gone
from outbox.models import Message
from tests.factories.accounts import InstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db

MONDAY = dt.datetime(2027, 1, 11, 9, tzinfo=dt.UTC)
PASSWORD = "a quiet river in march"


def invite(email="anna@example.org", institution=None, **changes):
    asked = {"name": "Anna", "role": "coordinator", "invited_by": None} | changes
    return actions.invite(email, institution=institution or InstitutionFactory(), **asked)


def path_of(invitation):
    return urlsplit(invitations.address_of(invitation)).path


@time_machine.travel("2027-01-11 12:00Z", tick=False)
def test_an_invitation_appoints_and_mails_and_lets_nobody_in_yet(client):
    house = InstitutionFactory()
    invitation = invite(institution=house)

    user = User.objects.get(email="anna@example.org")
    assert not user.has_usable_password()
    assert user.holds("coordinator", house)
    message = Message.objects.get()
    assert (message.kind, message.recipient, message.about_id) == ("account-invitation", user, invitation.pk)


def test_an_invited_person_chooses_a_password_and_is_signed_in_with_a_proven_address(client):
    invitation = invite()

    assert "anna@example.org" in client.get(path_of(invitation)).content.decode()
    assert client.post(path_of(invitation), {"password": PASSWORD}).status_code == 302

    user = User.objects.get()
    assert user.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(user.pk)
    address = EmailAddress.objects.get()
    assert (address.email, address.verified, address.primary) == (user.email, True, True)


def test_an_invitation_is_opened_in_the_language_of_its_mail(client):
    page = client.get(path_of(invite(institution=InstitutionFactory(language="nl"))))

    assert '<html lang="nl"' in page.content.decode()


def test_after_accepting_one_signs_in_with_address_and_password(client):
    Client().post(path_of(invite()), {"password": PASSWORD})

    answer = client.post("/accounts/login/", {"login": "Anna@Example.org", "password": PASSWORD})

    assert (answer.status_code, answer.url) == (302, "/")
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("password", ["short", "passwordpassword1"[:8], "", "anna@example.org anna"])
def test_a_weak_password_is_refused_with_what_to_do(client, password):
    answer = client.post(path_of(invite()), {"password": password})

    assert answer.status_code == 422
    assert not User.objects.get().has_usable_password()


def sent_some_time_ago():
    Invitation.objects.update(created_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def used(invitation):
    actions.accept(invitation, password=PASSWORD)


def late(invitation):
    Invitation.objects.update(expires_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))


def replaced(invitation):
    sent_some_time_ago()
    actions.send(invitation.user, invitation.institution, invited_by=None)


def of_another_address(invitation):
    User.objects.update(email="somebody.else@example.org")


def of_somebody_gone(invitation):
    User.objects.update(is_active=False)


@pytest.mark.parametrize("spoil", [used, late, replaced, of_another_address, of_somebody_gone])
def test_an_invitation_that_is_over_gets_one_clear_page(client, spoil):
    invitation = invite()
    path = path_of(invitation)
    spoil(invitation)
    before = User.objects.get().password

    answers = [client.get(path), client.post(path, {"password": "another password of mine"})]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert answers[0].content != b""
    assert User.objects.get().password == before
    assert "_auth_user_id" not in client.session


def test_a_made_up_invitation_gets_the_same_page(client):
    assert client.get("/invitation/made-up/").status_code == 410


def test_a_link_is_no_invitation(client):
    from tests.factories.links import PersonalLinkFactory, links

    token = links.address_of(PersonalLinkFactory()).split("/")[-2]

    assert client.get(f"/invitation/{token}/").status_code == 410


def test_somebody_with_a_password_accepts_without_changing_it(client):
    house = InstitutionFactory()
    user = UserFactory(email="anna@example.org", name="Anna de Vries")
    user.set_password(PASSWORD)
    user.save()

    invitation = invite(email="ANNA@example.org", name="Somebody", institution=house)
    assert client.post(path_of(invitation), {"password": "not this one at all"}).status_code == 302

    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert user.name == "Anna de Vries"
    assert "_auth_user_id" not in client.session


def test_inviting_twice_appoints_once_and_ends_the_first_mail(client):
    house = InstitutionFactory()
    first = invite(institution=house)
    sent_some_time_ago()
    second = invite(institution=house)

    assert Appointment.objects.count() == 1
    first.refresh_from_db()
    assert client.get(path_of(first)).status_code == 410
    assert client.get(path_of(second)).status_code == 200


def test_two_clicks_send_one_invitation():
    house = InstitutionFactory()

    assert invite(institution=house) == invite(institution=house)
    assert Message.objects.count() == 1


def test_the_mail_holds_the_address_that_works_and_no_name():
    invitation = invite()

    mail = mails.account_invitation(invitation.pk, invitation.user, MONDAY)

    assert mail.context["button_url"] == invitations.address_of(invitation)
    assert "Anna" not in mail.subject


def test_a_mail_about_an_invitation_that_is_over_is_not_sent():
    invitation = invite()
    actions.accept(invitation, password=PASSWORD)

    assert mails.account_invitation(invitation.pk, invitation.user, MONDAY) == Gone("invitation over")


def test_nobody_signs_up_by_themselves(client):
    form = {"email": "x@example.org", "password1": PASSWORD}

    assert client.get("/accounts/signup/").status_code == 200
    client.post("/accounts/signup/", form)
    assert not User.objects.exists()


def ask_for_password(client, email):
    answer = client.post("/accounts/password/reset/", {"email": email}, follow=True)
    return answer.redirect_chain, answer.content


def without_secrets(content):
    import re

    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", content)


@time_machine.travel(MONDAY, tick=False)
def test_asking_for_a_password_is_answered_alike_for_known_invited_and_unknown_addresses():
    known = UserFactory(email="known@example.org")
    known.set_password(PASSWORD)
    known.save()
    EmailAddress.objects.create(user=known, email=known.email, verified=True, primary=True)
    UserFactory(email="imported@example.org")

    addresses = ["known@example.org", "imported@example.org", "unknown@example.org"]
    answers = [ask_for_password(Client(), address) for address in addresses]

    assert len({str(chain) for chain, _ in answers}) == 1
    assert len({without_secrets(content) for _, content in answers}) == 1
    assert [message.recipient for message in Message.objects.filter(kind="password-reset")] == [known]


def test_signing_in_is_refused_alike_for_known_and_unknown_addresses():
    user = UserFactory(email="known@example.org")
    user.set_password(PASSWORD)
    user.save()

    answers = []
    for email in ("known@example.org", "unknown@example.org"):
        answer = Client().post("/accounts/login/", {"login": email, "password": "something wrong here"})
        answers.append(without_secrets(answer.content).replace(email.encode(), b""))

    assert answers[0] == answers[1]
    assert b"error" in answers[0]


def test_a_mailed_reset_sets_a_new_password(client):
    used(invite())
    user = User.objects.get()
    mail = mails.password_reset(user.pk, user, MONDAY)

    form_page = client.get(urlsplit(mail.context["button_url"]).path, follow=True)
    set_at = form_page.redirect_chain[-1][0]
    client.post(set_at, {"password1": "one more long password", "password2": "one more long password"})

    user.refresh_from_db()
    assert user.check_password("one more long password")
    assert Message.objects.filter(kind="sign-in-changed", recipient=user).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_is_let_in():
    path = path_of(invite())

    def press(password):
        try:
            return Client().post(path, {"password": password}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(press, ["the first long password", "the second long password"]))

    assert sorted(answers) == [302, 410]
