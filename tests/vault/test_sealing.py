"""What is sealed opens with its key and for what it was sealed, and in no other way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault import sealing
from vault.errors import CannotOpen

KEY = sealing.new_key()
ABOUT = sealing.about("programs.learninggoal", "1", "goal", "2")


@given(st.text(max_size=2000))
def test_a_text_comes_back_as_it_was(text):
    sealed = sealing.seal(KEY, text.encode(), about=ABOUT)

    assert sealing.unseal(KEY, sealed, about=ABOUT).decode() == text


def test_the_same_text_is_never_sealed_alike():
    assert sealing.seal(KEY, b"a", about=ABOUT) != sealing.seal(KEY, b"a", about=ABOUT)


def test_lengths_show_only_steps_of_256_bytes():
    lengths = {len(sealing.seal(KEY, b"x" * length, about=ABOUT)) for length in range(253)}

    assert len(lengths) == 1
    assert len(sealing.seal(KEY, b"x" * 253, about=ABOUT)) == lengths.pop() + sealing.STEP


def test_a_flipped_bit_anywhere_does_not_open():
    sealed = sealing.seal(KEY, "woord".encode("utf-16"), about=ABOUT)

    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1 << (place % 8)
        with pytest.raises(CannotOpen):
            sealing.unseal(KEY, bytes(changed), about=ABOUT)


def test_a_text_that_was_cut_off_does_not_open():
    sealed = sealing.seal(KEY, b"words", about=ABOUT)

    for length in range(len(sealed)):
        with pytest.raises(CannotOpen):
            sealing.unseal(KEY, sealed[:length], about=ABOUT)


@pytest.mark.parametrize(
    "other",
    [
        sealing.about("programs.learninggoal", "1", "goal", "3"),
        sealing.about("programs.learninggoal", "1", "progress", "2"),
        sealing.about("programs.learninggoal", "7", "goal", "2"),
        sealing.about("programs.preparation", "1", "goal", "2"),
        sealing.about("programs.learninggoal", "1", "goal"),
    ],
)
def test_what_was_sealed_for_one_place_does_not_open_in_another(other):
    sealed = sealing.seal(KEY, b"words", about=ABOUT)

    with pytest.raises(CannotOpen):
        sealing.unseal(KEY, sealed, about=other)


def test_no_two_places_are_named_alike():
    assert sealing.about("a", "b") != sealing.about("ab") != sealing.about('a", "b')
