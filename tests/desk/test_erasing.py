"""Being forgotten: nothing that names somebody stays, and every count stays right."""

import datetime as dt
import json

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.core import serializers
from django.urls import reverse

from accounts.models import BusyTime, User
from desk import journal
from desk.actions import erasing
from intervision import clock
from outbox.models import Message
from programs.models import EvaluativeRelation, LearningGoal, Membership, PeopleImport
from sessions.models import Attendance
from tests.access.world import House
from tests.factories.accounts import AppointmentFactory
from tests.factories.outbox import MessageFactory
from tests.factories.own_texts import goal
from tests.factories.programs import EvaluativeRelationFactory, MembershipFactory
from tests.factories.sessions import GroupSessionFactory
from vault.models import Vault

pytestmark = pytest.mark.django_db
NAME, EMAIL, SECOND = "Xanthippe Unmistakable", "xanthippe@example.org", "xu-private@example.org"
AT_HOSPITAL = "xanthippe-at-the-hospital"


@pytest.fixture(autouse=True)
def file(settings, tmp_path):
    settings.ERASURE_JOURNAL = tmp_path / "journal" / "erasures.jsonl"
    return settings.ERASURE_JOURNAL


@pytest.fixture
def house():
    made = House()
    User.objects.filter(pk=made.resident.pk).update(name=NAME, email=EMAIL)
    made.resident.refresh_from_db()
    Membership.objects.filter(pk=made.membership.pk).update(accepted_at=clock.now())
    now = clock.now()
    held = GroupSessionFactory(group=made.group, starts_at=now - dt.timedelta(days=9), state="logged")
    coming = GroupSessionFactory(group=made.group, starts_at=now + dt.timedelta(days=9))
    other = MembershipFactory(group=made.group)
    for membership in (made.membership, other):
        Attendance.objects.create(session=held, membership=membership, state="present")
    Attendance.objects.create(session=coming, membership=made.membership, state="excused")
    EmailAddress.objects.create(user=made.resident, email=SECOND, verified=True)
    SocialAccount.objects.create(user=made.resident, provider="hospital", uid=AT_HOSPITAL)
    BusyTime.objects.create(
        user=made.resident, kind="duty", from_at=now, until_at=now + dt.timedelta(hours=8)
    )
    MessageFactory(recipient=made.resident)
    EvaluativeRelationFactory(institution=made.institution, resident=made.resident)
    PeopleImport.objects.create(program=made.program, rows=[{"n": 2, "cells": {"email": SECOND}}, {"n": 3}])
    made.goal = goal(made.membership)
    made.held, made.coming = held, coming
    return made


def whole_database() -> str:
    tables = (model for model in apps.get_models() if model._meta.managed and not model._meta.proxy)
    rows = (row for model in tables for row in model._base_manager.all())
    return "\n".join(serializers.serialize("jsonl", [row]) for row in rows)


def test_nothing_in_any_table_names_whoever_was_erased(house):
    assert NAME in whole_database()

    erasing.erase(house.resident)

    left = whole_database()
    assert all(word not in left for word in (NAME, EMAIL, SECOND, AT_HOSPITAL))


def test_counts_stay_and_what_is_to_come_goes(house):
    erasing.erase(house.resident)

    assert house.held.attendances.filter(state="present").count() == 2
    assert not house.coming.attendances.exists()
    assert Membership.objects.get(pk=house.membership.pk).state == "left"
    house.group.refresh_from_db()
    assert house.group.taken == 1
    assert not EvaluativeRelation.objects.exists()
    assert not Message.objects.filter(recipient=house.resident).exists()


def test_whoever_is_erased_is_signed_out_everywhere_and_cannot_come_back(client, house):
    client.force_login(house.resident)
    erasing.erase(house.resident)

    assert client.get(reverse("desk:my-data")).status_code == 302
    row = User.objects.get(pk=house.resident.pk)
    assert not row.is_active
    assert not row.has_usable_password()


def test_what_was_written_is_gone_and_its_key_is_destroyed(house):
    erasing.erase(house.resident)

    assert not LearningGoal.objects.exists()
    assert Vault.objects.get(owner=house.resident).wrapped is None


def test_the_coordinator_cannot_take_the_end_back(client, house):
    erasing.erase(house.resident)

    assert not house.program.undoable_steps.exists()


def test_erasing_twice_is_erasing_once(house):
    erasing.erase(house.resident)
    once = whole_database()
    erasing.let_go(User.objects.get(pk=house.resident.pk), at=clock.now())

    assert whole_database() == once


def test_whoever_holds_a_role_is_told_to_end_it_first(client, house, file):
    client.force_login(house.coordinator)

    page = client.get(reverse("desk:erase"))
    answer = client.post(reverse("desk:erase"), {"sure": "on"})

    assert "You still hold a role" in page.content.decode()
    assert answer.status_code == 422
    assert User.objects.get(pk=house.coordinator.pk).erased_at is None
    assert not file.exists()


def test_whoever_holds_a_role_and_takes_part_is_led_to_ending_the_part_by_oneself(client, house):
    Membership.objects.filter(pk=house.membership.pk).update(accepted_at=clock.now())
    AppointmentFactory(user=house.resident, institution=house.institution, role="director")
    client.force_login(house.resident)

    page = client.get(reverse("desk:erase")).content.decode()

    assert "You need nobody to stop with a program:" in page
    assert reverse("desk:end-part", args=[house.membership.pk]) in page


def test_the_page_says_what_it_means_and_asks_to_be_sure(client, house):
    client.force_login(house.resident)

    page = client.get(reverse("desk:erase")).content.decode()
    unsure = client.post(reverse("desk:erase"))
    answer = client.post(reverse("desk:erase"), {"sure": "on"})

    assert house.program.title in page
    assert unsure.status_code == 422
    assert answer.status_code == 200
    assert "Your data are erased" in answer.content.decode()
    assert client.get(reverse("desk:my-data")).status_code == 302


def test_the_journal_names_ids_only_and_is_written_before_the_erasure_counts(house, file, monkeypatch):
    monkeypatch.setattr(journal.os, "fsync", lambda handle: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        erasing.erase(house.resident)
    assert User.objects.get(pk=house.resident.pk).name == NAME
    monkeypatch.undo()

    erasing.erase(house.resident)

    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert {line["person"] for line in lines} == {str(house.resident.pk)}
    assert all(set(line) == {"person", "at"} for line in lines)


def test_the_journal_erases_again_whom_an_older_database_still_knows(house, file):
    journal.note(house.resident.pk, clock.now())
    file.write_text(file.read_text() + '{"person": "cut o')

    assert erasing.replay() == 1
    assert NAME not in whole_database()
    assert erasing.replay() == 0


def test_ending_one_s_part_frees_the_seat_and_keeps_the_account(client, house):
    client.force_login(house.resident)
    page = reverse("desk:end-part", args=[house.membership.pk])

    assert "Nobody asks why" in client.get(page).content.decode()
    assert client.post(page).status_code == 302

    assert Membership.objects.get(pk=house.membership.pk).state == "left"
    assert not house.coming.attendances.exists()
    assert User.objects.get(pk=house.resident.pk).name == NAME
    assert client.get(page).status_code == 404
