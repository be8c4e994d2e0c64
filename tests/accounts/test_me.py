import datetime as dt

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import tasks
from accounts.models import RememberedDevice, User
from tests.factories.accounts import UserFactory
from tests.factories.links import PersonalLinkFactory, come_by_link

pytestmark = pytest.mark.django_db


def test_one_changes_ones_own_name_and_language(client):
    client.force_login(user := UserFactory(name="Anna", language="en"))
    client.cookies["django_language"] = "en"

    answer = client.post("/me/", {"name": "Anna de Vries", "language": "nl"}, follow=True)

    user.refresh_from_db()
    assert (user.name, user.language) == ("Anna de Vries", "nl")
    assert 'lang="nl"' in answer.content.decode().partition("<head>")[0]


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "x" * 151}, {"language": "tlh"}])
def test_what_cannot_be_is_refused_and_the_page_still_says_the_name_as_it_is(client, wrong):
    client.force_login(user := UserFactory(name="Anna"))

    answer = client.post("/me/", {"name": "New", "language": "nl"} | wrong)

    assert answer.status_code == 422
    assert User.objects.get(pk=user.pk).name == "Anna"
    assert "<span>Anna</span>" in answer.content.decode()


@pytest.mark.parametrize("name", ["\0", "Anna\0"])
def test_a_nul_is_refused(client, name):
    client.force_login(UserFactory())

    assert client.post("/me/", {"name": name, "language": "nl"}).status_code == 400


@pytest.mark.parametrize("path", ["/link/%00/", "/invitation/a%00b/", "/help/%00/"])
def test_a_nul_in_an_address_is_refused(client, path):
    assert client.get(path).status_code in (400, 404)


def test_a_person_is_found_by_a_proven_address_and_not_by_a_claimed_one():
    user = UserFactory(email="anna@example.org")
    EmailAddress.objects.create(user=user, email="anna@work.example", verified=True)
    EmailAddress.objects.create(user=UserFactory(), email="claimed@example.org", verified=False)

    assert User.objects.by_address("Anna@Example.org") == user
    assert User.objects.by_address("ANNA@work.example") == user
    assert User.objects.by_address("claimed@example.org") is None


def test_what_is_over_is_deleted_each_day():
    with time_machine.travel(dt.datetime(2027, 1, 11, tzinfo=dt.UTC), tick=False):
        come_by_link(Client(), UserFactory())
    RememberedDevice.objects.create(
        link=PersonalLinkFactory(), key_hash="a" * 64, expires_at=dt.datetime(2027, 2, 1, tzinfo=dt.UTC)
    )
    stays = RememberedDevice.objects.create(
        link=PersonalLinkFactory(), key_hash="b" * 64, expires_at=dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
    )

    with time_machine.travel(dt.datetime(2027, 2, 2, tzinfo=dt.UTC), tick=False):
        tasks.purge()

    assert list(RememberedDevice.objects.all()) == [stays]
    assert not Session.objects.exists()
