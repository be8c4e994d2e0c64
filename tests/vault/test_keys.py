"""Keys live in the environment; a process with other ones opens nothing and begins nothing."""

import pytest
from django.core.management import call_command

from vault import keyring, sealing, secrets, tally, wrapping
from vault.errors import CannotOpen
from vault.models import HouseKey, KeyCheck

pytestmark = pytest.mark.django_db


def kek(name):
    return keyring.written(keyring.Kek(name, sealing.new_key()))


UNREADABLE = {
    "nothing": "",
    "no key": "a",
    "an empty key": "a:",
    "no name": ":AAAA",
    "too short": "a:c2hvcnQ=",
    "not base64": "a:***",
    "a name twice": f"{kek('a')},{kek('a')}",
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_keys_that_cannot_be_read_are_refused_without_naming_them(settings, text):
    settings.INTERVISION_KEKS = text

    with pytest.raises(CannotOpen) as refusal:
        keyring.all_keks()

    assert "c2hv" not in refusal.value.why


def test_a_seed_of_a_second_factor_comes_back():
    sealed = secrets.seal("JBSWY3DPEHPK3PXP")

    assert "JBSWY3DP" not in sealed
    assert secrets.open(sealed) == "JBSWY3DPEHPK3PXP"


@pytest.mark.parametrize("text", ["JBSWY3DPEHPK3PXP", "", "sealed1.", "sealed1.é", "sealed1.AAAA"])
def test_a_seed_that_never_was_sealed_does_not_come_back_as_it_is(text):
    with pytest.raises(CannotOpen):
        secrets.open(text)


def test_counts_open_with_their_window_only():
    key, other = tally.new_key(), tally.new_key()
    sealed = tally.seal(key, b"counts", about="one")

    assert tally.open(key, sealed, about="one") == b"counts"
    for wrong in (
        (other, sealed, "one"),
        (key, sealed, "two"),
        (key, sealed[:-1], "one"),
        (b"", sealed, "one"),
    ):
        with pytest.raises(CannotOpen):
            tally.open(wrong[0], wrong[1], about=wrong[2])


def test_the_key_of_a_window_is_not_stored_in_clear():
    assert tally.unwrapped(tally.new_key()) not in tally.new_key()
    assert len(HouseKey.objects.get(pk="tally").wrapped) > sealing.STEP


@pytest.mark.parametrize("wrong", [kek("first"), kek("other"), ""], ids=["same name", "other name", "none"])
def test_with_wrong_keys_nothing_opens_and_nothing_is_begun(settings, wrong):
    sealed = secrets.seal("seed")
    settings.INTERVISION_KEKS = wrong

    with pytest.raises(CannotOpen):
        secrets.open(sealed)
    with pytest.raises(CannotOpen):
        tally.new_key()
    with pytest.raises(CannotOpen):
        wrapping.refuse_wrong_keys()
    assert KeyCheck.objects.count() == 1


def test_readiness_says_that_texts_cannot_be_opened_while_pages_go_on(client, settings):
    secrets.seal("seed")
    assert client.get("/readyz").json()["texts"] is True

    settings.INTERVISION_KEKS = kek("other")

    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["texts"]) == (503, False)
    assert client.get("/help/").status_code == 200


def test_a_new_key_in_front_wraps_what_is_new_and_the_old_one_still_opens(settings):
    sealed = secrets.seal("seed")
    settings.INTERVISION_KEKS = f"{kek('new')},{settings.INTERVISION_KEKS}"

    assert secrets.open(sealed) == "seed"
    tally.new_key()
    assert HouseKey.objects.get(pk="tally").kek == "new"


def test_make_key_prints_a_key_that_can_be_used(capsys):
    call_command("make_key")

    (made,) = keyring.parsed(capsys.readouterr().out.strip())
    assert len(made.secret) == 32
