"""Keys of the environment are replaced while people write and read."""

import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

import vault
from programs.models import LearningGoal, Membership
from tests.factories.accounts import UserFactory
from tests.factories.own_texts import goal
from tests.factories.programs import MembershipFactory
from vault import keyring, sealing, secrets, tally
from vault.errors import CannotOpen
from vault.models import HouseKey, KeyCheck, Vault


def kek(name):
    return keyring.written(keyring.Kek(name, sealing.new_key()))


def rotate():
    said = StringIO()
    call_command("rotate_keys", stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_after_rotation_everything_opens_with_the_new_key_alone(settings):
    place = MembershipFactory()
    row, seed, window = goal(place, "Nee leren zeggen"), secrets.seal("seed"), tally.new_key()
    counts = tally.seal(window, b"counts", about="one")
    new = kek("new")
    settings.INTERVISION_KEKS = f"{new},{settings.INTERVISION_KEKS}"

    said = rotate()
    settings.INTERVISION_KEKS = new

    assert "3 of 3" in said
    assert vault.read(place.user, row)["goal"] == "Nee leren zeggen"
    assert secrets.open(seed) == "seed"
    assert tally.open(window, counts, about="one") == b"counts"
    assert list(KeyCheck.objects.values_list("kek", flat=True)) == ["new"]
    assert "0 keys" in rotate()


@pytest.mark.django_db
def test_before_rotation_the_old_key_is_still_needed(settings):
    place = MembershipFactory()
    row = goal(place)
    settings.INTERVISION_KEKS = kek("new")

    with pytest.raises(CannotOpen):
        vault.read(place.user, row)
    with pytest.raises(CommandError):
        rotate()


@pytest.mark.django_db
def test_a_key_that_does_not_open_stays_as_it_is_and_the_others_are_wrapped_anew(settings):
    places = [MembershipFactory() for _ in range(3)]
    rows = [goal(place) for place in places]
    Vault.objects.filter(pk=rows[0].vault_id).update(wrapped=b"broken")
    settings.INTERVISION_KEKS = f"{kek('new')},{settings.INTERVISION_KEKS}"

    with pytest.raises(CommandError, match="1 keys"):
        rotate()

    assert Vault.objects.filter(kek="new").count() == 2
    assert KeyCheck.objects.count() == 2


@pytest.mark.django_db
def test_a_shredded_vault_is_left_alone(settings):
    place = MembershipFactory()
    row = goal(place)
    vault.shred(place.user)
    settings.INTERVISION_KEKS = f"{kek('new')},{settings.INTERVISION_KEKS}"

    rotate()

    with pytest.raises(CannotOpen):
        vault.read(place.user, row)


@pytest.mark.django_db(transaction=True)
def test_people_write_and_read_while_keys_are_wrapped_anew(settings):
    places = [MembershipFactory(user=UserFactory()) for _ in range(12)]
    rows = [goal(place, f"Doel {number}") for number, place in enumerate(places)]
    secrets.seal("seed")
    errors, stop, rounds = [], threading.Event(), []

    def work():
        try:
            while not stop.is_set():
                for place, row in zip(places, rows, strict=True):
                    before = vault.read(place.user, LearningGoal.objects.get(pk=row.pk))["goal"]
                    vault.write(place.user, LearningGoal.objects.get(pk=row.pk), {"goal": before + "."})
                rounds.append(1)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for name in ("second", "third", "fourth"):
        settings.INTERVISION_KEKS = f"{kek(name)},{settings.INTERVISION_KEKS}"
        rotate()
    while len(rounds) < 4 and not errors:
        stop.wait(0.01)
    stop.set()
    for worker in workers:
        worker.join()

    assert errors == []
    assert set(Vault.objects.values_list("kek", flat=True)) == {"fourth"}
    assert HouseKey.objects.get(pk="secrets").kek == "fourth"
    for number, place in enumerate(places):
        assert vault.read(place.user, rows[number])["goal"].startswith(f"Doel {number}")


@pytest.mark.django_db(transaction=True)
def test_two_first_texts_at_once_share_one_vault():
    place = MembershipFactory()
    ready, errors = threading.Barrier(4), []

    def begin():
        try:
            ready.wait(30)
            goal(Membership.objects.get(pk=place.pk))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=begin) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert errors == []
    assert Vault.objects.count() == 1
    assert {len(vault.read(place.user, row)["goal"]) for row in LearningGoal.objects.all()} == {
        len("Say no in time")
    }
