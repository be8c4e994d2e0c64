"""The keys that wrap every other key. They live in the environment, never in the database.

``INTERVISION_KEKS`` is ``name:key`` pairs, comma separated, newest first; a key is 32 bytes in URL-safe base64.
The newest wraps; the others only open what they wrapped before ``rotate_keys``.
"""

import base64
import binascii
from dataclasses import dataclass, field

from django.conf import settings

from vault import sealing
from vault.errors import CannotOpen


@dataclass(frozen=True)
class Kek:
    name: str
    secret: bytes = field(repr=False)


def parsed(text: str) -> tuple[Kek, ...]:
    """The keys in ``text``; raises ValueError, which names no key, when it cannot be read."""
    keks = []
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, colon, encoded = pair.partition(":")
        try:
            secret = base64.urlsafe_b64decode(encoded.strip())
        except (binascii.Error, ValueError):
            raise ValueError("a key is not base64") from None
        if not (name and colon and len(name) <= 40 and len(secret) == sealing.KEY_BYTES):
            raise ValueError("a key is not name:key with 32 bytes")
        keks.append(Kek(name, secret))
    if len({kek.name for kek in keks}) < len(keks):
        raise ValueError("two keys have one name")
    return tuple(keks)


def all_keks() -> tuple[Kek, ...]:
    """Newest first; raises CannotOpen when there is none or they cannot be read."""
    try:
        keks = parsed(settings.INTERVISION_KEKS)
    except ValueError as error:
        raise CannotOpen(str(error)) from None
    if not keks:
        raise CannotOpen("no key is set")
    return keks


def newest() -> Kek:
    return all_keks()[0]


def named(name: str) -> Kek:
    for kek in all_keks():
        if kek.name == name:
            return kek
    raise CannotOpen("the key that wrapped this is not set")


def written(kek: Kek) -> str:
    """How ``kek`` stands in the environment."""
    return f"{kek.name}:{base64.urlsafe_b64encode(kek.secret).decode()}"
