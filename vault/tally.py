"""Counts of anonymous answers, for ``surveys`` alone: each window has a key, which goes when it is released.

Sealed counts have one length whatever they are, as long as they stay below 252 bytes or are padded by the caller.
"""

from vault import sealing, wrapping

WINDOW = sealing.about("window key")


def new_key() -> bytes:
    """A fresh key for one window, wrapped, to be stored with the window and deleted with it."""
    return sealing.seal(wrapping.house_key("tally"), sealing.new_key(), about=WINDOW)


def seal(key: bytes, plain: bytes, *, about: str) -> bytes:
    """``plain`` under the window's wrapped ``key``; ``about`` names the window and opens it again."""
    return sealing.seal(unwrapped(key), plain, about=sealing.about("tally", about))


def open(key: bytes, sealed: bytes, *, about: str) -> bytes:
    """What was sealed; raises CannotOpen for another window's key, name or changed bytes."""
    return sealing.unseal(unwrapped(key), bytes(sealed), about=sealing.about("tally", about))


def unwrapped(key: bytes) -> bytes:
    return sealing.unseal(wrapping.house_key("tally"), bytes(key), about=WINDOW)
