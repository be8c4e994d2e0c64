"""The drill: dump, lose the database, restore it elsewhere, start. Nothing is sent again, erased stays erased."""

import datetime as dt
import io
from time import monotonic

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

import vault
from accounts.models import User
from desk.actions import erasing
from intervision import backups, clock
from outbox import delivery
from outbox.models import Message
from programs.models import LearningGoal
from tests.access.world import House
from tests.factories.outbox import MessageFactory
from tests.factories.own_texts import goal
from tests.second_database import second_database

SOON = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.BACKUP_KEY = "k" * 40
    settings.ERASURE_JOURNAL = tmp_path / "erasures.jsonl"
    return tmp_path


def encrypted(plain: bytes) -> bytes:
    target = io.BytesIO()
    assert list(backups.write(io.BytesIO(plain), target))[-1] == len(plain)
    return target.getvalue()


def decrypted(box: bytes) -> bytes:
    return b"".join(backups.read(io.BytesIO(box)))


@pytest.mark.parametrize(
    "size", [0, 1, backups.FRAME - 1, backups.FRAME, backups.FRAME + 1, 3 * backups.FRAME]
)
def test_what_was_encrypted_comes_back_whatever_its_length(size):
    plain = bytes(range(256)) * (size // 256 + 1)

    assert decrypted(encrypted(plain[:size])) == plain[:size]


def frames(box: bytes) -> tuple[bytes, list[bytes]]:
    head, whole = len(backups.MAGIC) + backups.SALT, backups.FRAME + backups.TAG
    return box[:head], [box[start : start + whole] for start in range(head, len(box), whole)]


def test_a_file_that_was_changed_cut_or_reordered_is_refused(settings):
    box = encrypted(b"a" * backups.FRAME + b"b" * backups.FRAME + b"c")
    head, (first, second, last) = frames(box)
    flipped = bytearray(box)
    flipped[len(head) + 5] ^= 1
    wrong = [
        bytes(flipped),
        head + first + second,
        head + second + first + last,
        head + first + last,
        head,
        b"?",
    ]

    for broken in wrong:
        with pytest.raises(backups.BackupError):
            decrypted(broken)
    settings.BACKUP_KEY = "another key, just as long as that one"
    with pytest.raises(backups.BackupError, match="BACKUP_KEY"):
        decrypted(box)


@pytest.fixture
def elsewhere():
    with second_database() as move:
        yield move


@pytest.mark.django_db(transaction=True)
def test_after_the_drill_nothing_is_sent_again_and_erased_stays_erased(files, elsewhere, capsys):
    house = House()
    kept = goal(house.membership, "A sealed goal")
    erased, now = house.stranger, clock.now()
    due = MessageFactory(recipient=house.coordinator, due_at=now - SOON)
    leased = MessageFactory(
        recipient=house.coordinator,
        due_at=now - SOON,
        state="leased",
        claim=due.pk,
        lease_until=now + SOON,
    )
    later = MessageFactory(recipient=house.coordinator, due_at=now + SOON)
    name = erased.name

    call_command("backup", str(files / "backups"))
    erasing.erase(erased)
    elsewhere()
    call_command("restore", str(files / "backups"))

    person = User.objects.get(pk=erased.pk)
    assert (person.erased_at is not None, person.is_active) == (True, False)
    assert not User.objects.filter(name=name).exists()
    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {due.pk: "unknown", leased.pk: "unknown", later.pk: "pending"}
    assert delivery.deliver_due(until=monotonic() + 30) == 0
    found = vault.read(house.resident, LearningGoal.objects.get(pk=kept.pk))
    assert found["goal"] == "A sealed goal"
    assert User.objects.get(pk=house.coordinator.pk).name == house.coordinator.name

    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", str(files / "backups"))
    call_command("release_messages")
    call_command("restore", str(files / "backups"), replace=True)
    assert User.objects.get(pk=erased.pk).erased_at is not None


@pytest.mark.django_db(transaction=True)
def test_the_file_shows_nothing_and_a_damaged_one_touches_nothing(files, elsewhere):
    house = House()
    call_command("backup", str(files))
    path = backups.newest(files)
    said = path.read_bytes()

    assert house.coordinator.email.encode() not in said
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(said[:-1])
    elsewhere()
    with pytest.raises(CommandError, match="damaged"):
        call_command("restore", str(path))
    assert connection.introspection.table_names() == []


@pytest.mark.parametrize(
    ("programs", "server", "unfit"),
    [(18, 18, False), (18, 17, False), (18, 16, True), (17, 16, True), (17, 17, False), (16, 15, False)],
)
def test_programs_that_say_what_an_older_server_does_not_know_are_unfit(programs, server, unfit):
    assert backups.unfit(programs, server) is unfit


@pytest.mark.django_db(transaction=True)
def test_a_restore_by_programs_that_cannot_is_refused_before_anything_is_lost(files, settings):
    house = House()
    call_command("backup", str(files / "backups"))
    newer = files / "pg_restore"
    newer.write_text("#!/bin/sh\necho 'pg_restore (PostgreSQL) 18.0'\n")
    newer.chmod(0o700)
    settings.PG_PROGRAMS = files

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backups, "KNOWS_MORE", 19)
        backups.fit()
        newer.write_text("#!/bin/sh\necho 'pg_restore (PostgreSQL) 19.1'\n")
        with pytest.raises(CommandError, match="PG_PROGRAMS"):
            call_command("restore", str(files / "backups"), replace=True)

    assert User.objects.filter(pk=house.coordinator.pk).exists()


@pytest.mark.django_db
def test_messages_caused_after_the_restore_leave_and_older_ones_wait_for_a_person():
    from outbox.actions import holding

    now = clock.now()
    holding.hold(at=now)
    old = MessageFactory(created_at=now - SOON, due_at=now)
    new = MessageFactory(created_at=now + SOON, due_at=now + SOON)

    holding.release(at=now + 2 * SOON)

    assert dict(Message.objects.values_list("pk", "state")) == {old.pk: "unknown", new.pk: "pending"}
