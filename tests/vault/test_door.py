"""The one door: rule, then the event, then the text; all three or none."""

from contextlib import contextmanager

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.exceptions import FieldDoesNotExist
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

import vault
from programs.models import LearningGoal, Preparation
from tests.factories.accounts import UserFactory
from tests.factories.own_texts import goal, preparation
from tests.factories.programs import GuideFactory, MembershipFactory
from vault import doors, sealing
from vault.errors import CannotOpen, MayNotRead
from vault.models import AccessEvent, Sealed, SealedField, Vault

pytestmark = pytest.mark.django_db
TEXT = "Kanarie: nee leren zeggen"


@pytest.fixture
def place():
    guide = GuideFactory()
    return MembershipFactory(group=guide.group)


@pytest.fixture
def guide(place):
    return place.group.guides.get()


def test_the_owner_reads_what_they_wrote_and_an_event_says_so(place):
    row = goal(place, TEXT)

    assert vault.read(place.user, row) == {"goal": TEXT, "progress": ""}
    event = AccessEvent.objects.get()
    assert (event.actor_id, event.owner_id, event.about_id) == (place.user_id, place.user_id, row.pk)
    assert event.kind == "programs.learninggoal"


def test_nobody_else_reads_it_and_there_is_no_event(place, guide):
    row = goal(place, TEXT)

    for other in (guide.user, UserFactory(), MembershipFactory(group=place.group).user):
        with pytest.raises(MayNotRead):
            vault.read(other, row)
    assert not AccessEvent.objects.exists()


def test_what_a_caller_believes_of_a_row_does_not_open_it(place, guide):
    row = goal(place, TEXT)
    row.shared_with = guide

    with pytest.raises(MayNotRead):
        vault.read(guide.user, row)


def test_several_are_read_with_an_event_each_or_not_at_all(place):
    rows = [goal(place, TEXT), preparation(place, "Ruimte")]
    theirs = goal(MembershipFactory(), "Iets anders")

    assert [found.get("goal", found.get("expectations")) for found in vault.read_all(place.user, rows)] == [
        TEXT,
        "Ruimte",
    ]
    with pytest.raises(MayNotRead):
        vault.read_all(place.user, [*rows, theirs])
    assert AccessEvent.objects.count() == 2


def test_what_was_removed_meanwhile_does_not_open(place):
    row = goal(place, TEXT)
    LearningGoal.objects.all().delete()

    with pytest.raises(MayNotRead):
        vault.read(place.user, row)


@contextmanager
def taken_back():
    """What happens inside is undone; unlike atomic() it lets the door have the outermost transaction."""
    here = transaction.savepoint()
    yield
    transaction.savepoint_rollback(here)


def test_where_no_event_can_be_kept_there_is_no_text(place):
    row = goal(place, TEXT)

    with taken_back():
        with connection.cursor() as cursor:
            cursor.execute("set transaction read only")
        with pytest.raises(DatabaseError, match="read-only"):
            vault.read(place.user, row)


def test_a_caller_cannot_take_the_event_back(place):
    row = goal(place, TEXT)

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        vault.read(place.user, row)


def test_an_event_is_not_changed_and_not_deleted_by_the_application(place):
    vault.read(place.user, goal(place, TEXT))

    for act in (
        lambda: AccessEvent.objects.update(actor_id=place.pk),
        lambda: AccessEvent.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            act()


def test_no_event_goes_before_36_months_whatever_is_asked(place):
    vault.read(place.user, goal(place, TEXT))

    with connection.cursor() as cursor:
        cursor.execute("select vault_purge_events('2999-01-01')")
        assert cursor.fetchone() == (0,)
    AccessEvent.objects.bulk_create(
        [
            AccessEvent(
                at="2020-01-01T00:00Z", actor_id=place.pk, owner_id=place.pk, kind="x", about_id=place.pk
            )
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute("select vault_purge_events('2999-01-01')")
        assert cursor.fetchone() == (1,)
    assert AccessEvent.objects.count() == 1


def change(row, **values):
    LearningGoal.objects.filter(pk=row.pk).update(**values)


def test_a_text_swapped_into_another_row_or_field_does_not_open(place):
    mine, second = goal(place, TEXT, progress="Gaat goed"), goal(place, "Tweede", progress="")
    theirs = goal(MembershipFactory(), "Van een ander", progress="")

    for values in (
        {"goal": second.goal},
        {"goal": mine.progress},
        {"goal": theirs.goal},
        {"goal": b"leesbaar"},
    ):
        with taken_back():
            change(mine, **values)
            with pytest.raises(CannotOpen):
                vault.read(place.user, mine)

    change(mine, vault=theirs.vault)
    for somebody in (place.user, theirs.membership.user):
        with pytest.raises(vault.VaultError):
            vault.read(somebody, mine)


@pytest.mark.parametrize(
    "change_bytes", [lambda b: b[:-1], lambda b: b"", lambda b: bytes([b[0] ^ 1]) + b[1:]]
)
def test_a_changed_text_or_key_raises_and_says_nothing_of_what_is_inside(place, change_bytes):
    row = goal(place, TEXT)
    for kind, pk, field in ((LearningGoal, row.pk, "goal"), (Vault, row.vault_id, "wrapped")):
        with taken_back():
            kept = bytes(getattr(kind.objects.get(pk=pk), field))
            kind.objects.filter(pk=pk).update(**{field: change_bytes(kept)})
            with pytest.raises(CannotOpen) as refusal:
                vault.read(place.user, row)
            assert "Kanarie" not in repr(refusal.value)
    assert not AccessEvent.objects.exists()


def test_the_key_of_another_vault_does_not_open_mine(place):
    row, theirs = goal(place, TEXT), goal(MembershipFactory(), "Van een ander")
    Vault.objects.filter(pk=row.vault_id).update(wrapped=theirs.vault.wrapped)

    with pytest.raises(CannotOpen):
        vault.read(place.user, row)


def test_what_was_shredded_opens_never_again(place):
    row = goal(place, TEXT)
    vault.shred(place.user)

    with pytest.raises(CannotOpen):
        vault.read(place.user, row)
    with pytest.raises(CannotOpen):
        vault.write(place.user, row, {"goal": "Opnieuw"})
    again = goal(place, "Een nieuw begin")
    assert vault.read(place.user, again)["goal"] == "Een nieuw begin"
    with pytest.raises(CannotOpen):
        vault.read(place.user, row)


def test_nobody_writes_into_a_text_of_somebody_else(place):
    row = goal(place, TEXT)

    with pytest.raises(CannotOpen):
        vault.write(UserFactory(), row, {"goal": "Iets anders"})
    assert vault.read(place.user, row)["goal"] == TEXT


def test_only_the_fields_that_were_given_are_written(place):
    row = goal(place, TEXT, progress="Begin")
    vault.write(place.user, row, {"progress": "Gaat goed"})

    assert vault.read(place.user, row) == {"goal": TEXT, "progress": "Gaat goed"}


def test_who_writes_does_not_share_again_what_was_taken_back_meanwhile(place, guide):
    row = goal(place, TEXT, shared_with=guide)
    LearningGoal.objects.update(shared_with=None)

    vault.write(place.user, row, {"progress": "Gaat goed"})

    with pytest.raises(MayNotRead):
        vault.read(guide.user, row)


def test_a_text_without_a_place_is_refused_and_not_lost(place):
    with pytest.raises(FieldDoesNotExist):
        vault.write(place.user, LearningGoal(membership=place, number=1), {"gaol": TEXT})
    assert not LearningGoal.objects.exists()


def test_one_need_not_write_anything(place):
    vault.write(place.user, row := Preparation(membership=place), {})

    assert set(vault.read(place.user, row).values()) == {""}


def test_texts_of_two_kinds_with_the_same_number_are_kept_apart(place):
    row, other = goal(place, TEXT), Preparation(membership=place)
    other.pk = row.pk
    vault.write(place.user, other, {"expectations": "Ruimte"})

    read = vault.read_all(place.user, [row, other])

    assert (read[0]["goal"], read[1]["expectations"]) == (TEXT, "Ruimte")


def test_the_day_of_shredding_stays_the_first(place):
    goal(place, TEXT)
    vault.shred(place.user)
    first = Vault.objects.get().shredded_at

    vault.shred(place.user)

    assert Vault.objects.get().shredded_at == first


def test_a_second_vault_of_one_person_is_not_made(place):
    goal(place, TEXT)
    preparation(place, "Ruimte")

    assert Vault.objects.count() == 1


def sealed_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if issubclass(model, Sealed)]


def test_every_sealed_model_has_a_door_and_one_without_is_refused(monkeypatch):
    assert len(sealed_models()) >= 2
    assert not [found for found in run_checks() if found.id == "vault.E001"]

    monkeypatch.setattr(doors, "_doors", {})

    assert [found for found in run_checks() if found.id == "vault.E001"]


def test_no_attribute_of_a_sealed_row_gives_its_text(place):
    for row in (goal(place, TEXT, progress=TEXT), preparation(place, TEXT)):
        row.refresh_from_db()
        for name in dir(row):
            if name in ("objects", "_meta"):
                continue
            value = getattr(row, name, None)
            said = bytes(value) if isinstance(value, bytes | memoryview) else repr(value).encode()
            assert b"Kanarie" not in said, name
        assert "Kanarie" not in str(row) + repr(row)


def test_every_field_for_bytes_of_a_sealed_model_is_a_sealed_one():
    for model in sealed_models():
        kinds = {
            type(f)
            for f in model._meta.concrete_fields
            if f.get_internal_type() in ("BinaryField", "TextField")
        }
        assert kinds == {SealedField}


def test_a_door_is_not_registered_after_the_start():
    with pytest.raises(RuntimeError):
        doors.register(LearningGoal, lambda actor, obj: True, house="", label="")


def test_each_kind_of_event_says_in_words_what_was_opened_and_one_of_a_later_version_its_name():
    assert doors.label_of(AccessEvent._meta.label_lower) == "The list of who opened texts"
    assert doors.label_of(LearningGoal._meta.label_lower) == "Learning goal"
    assert doors.label_of("programs.something") == "programs.something"


def test_a_model_gets_one_door_and_keeps_it(place, monkeypatch):
    monkeypatch.setattr(doors, "_doors", {})
    with monkeypatch.context() as starting:
        starting.setattr(apps, "ready", False)
        house = "membership__program__institution"
        doors.register(LearningGoal, lambda actor, obj: actor == obj.vault.owner, house=house, label="")

        with pytest.raises(ValueError, match="two doors"):
            doors.register(LearningGoal, lambda actor, obj: True, house=house, label="")

    row = goal(place, TEXT)
    assert vault.read(place.user, row)["goal"] == TEXT
    with pytest.raises(MayNotRead):
        vault.read(UserFactory(), row)


def test_a_text_without_a_door_is_not_opened(place, monkeypatch):
    row = goal(place, TEXT)
    monkeypatch.setattr(doors, "_doors", {})

    with pytest.raises(ValueError, match="no door"):
        vault.read(place.user, row)


def test_sealed_texts_of_any_short_length_look_alike(place):
    rows = [goal(place, text) for text in ("", "a", "b" * 250)]

    assert len({len(bytes(row.goal)) for row in rows}) == 1
    assert len(bytes(rows[0].goal)) == len(sealing.seal(sealing.new_key(), b"", about=b""))
