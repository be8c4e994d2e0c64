"""Sealed texts in what a person takes away, and when they are forgotten."""

import json

import pytest
from django.test import Client
from django.urls import reverse

import vault
from desk.actions import erasing
from programs.models import LearningGoal, Preparation
from sessions.models import PrivateLine
from tests.factories.own_texts import goal, preparation
from tests.factories.programs import GuideFactory, MembershipFactory
from tests.factories.sessions import GroupSessionFactory
from vault import keyring, sealing
from vault.models import AccessEvent, Vault

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    guide = GuideFactory()
    place = MembershipFactory(group=guide.group)
    goal(place, "Nee leren zeggen", progress="Gaat goed", shared_with=guide)
    preparation(place, "Een rustige kamer")
    line = PrivateLine(membership=place, session=GroupSessionFactory(group=guide.group))
    vault.write(place.user, line, {"line": "Dit wil ik onthouden"})
    vault.read(guide.user, LearningGoal.objects.get())
    return place


@pytest.fixture
def owner(place):
    client = Client()
    client.force_login(place.user)
    return client


def test_the_file_holds_each_text_and_who_opened_it(owner, place):
    found = json.loads(owner.get(reverse("desk:everything-json")).content)

    assert found["goals"]["rows"][0]["goal"] == "Nee leren zeggen"
    assert found["preparations"]["rows"][0]["expectations"] == "Een rustige kamer"
    assert found["private_lines"]["rows"][0]["line"] == "Dit wil ik onthouden"
    assert found["opened_by"]["rows"][0]["who"] == place.group.guides.get().user.name


def test_taking_them_away_is_written_down_too(owner, place):
    before = AccessEvent.objects.filter(actor_id=place.user_id).count()
    owner.get(reverse("desk:everything-json"))

    assert AccessEvent.objects.filter(actor_id=place.user_id).count() == before + 3


def test_without_the_key_the_page_says_so_and_shows_the_rest(owner, settings):
    settings.INTERVISION_KEKS = keyring.written(keyring.Kek("other", sealing.new_key()))

    page = owner.get(reverse("desk:everything"))

    assert page.status_code == 200
    assert b"Nee leren zeggen" not in page.content
    assert str(vault.CannotOpen()) in page.content.decode()


def test_who_is_erased_leaves_no_text_and_no_key(place):
    keys = Vault.objects.filter(owner=place.user)
    erasing.erase(place.user)

    assert not any(model.objects.exists() for model in (LearningGoal, Preparation, PrivateLine))
    assert [row.wrapped for row in keys] == [None]


def test_what_comes_back_from_a_backup_does_not_open_without_the_key(place):
    row = LearningGoal.objects.get()
    erasing.erase(place.user)
    row.save(force_insert=True)

    with pytest.raises(vault.CannotOpen):
        vault.read(place.user, row)


def test_another_persons_texts_are_not_touched(place):
    other = MembershipFactory(group=place.group)
    theirs = goal(other, "Blijft staan")
    erasing.erase(place.user)

    assert vault.read(other.user, theirs)["goal"] == "Blijft staan"
