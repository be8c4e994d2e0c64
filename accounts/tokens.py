"""Secrets in addresses: a row's id, a counter and a signature over what the row says.

Nothing is stored: raising the row's counter ends every token made before. Pure; no query.
"""

import binascii
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

LONGEST = 200


@dataclass(frozen=True)
class Token:
    """What a well-formed token claims; true only if ``fits`` says so."""

    pk: uuid.UUID
    counter: int
    signature: str


def make(salt: str, pk: uuid.UUID, counter: int, *says: object) -> str:
    """A token for the row ``pk``, valid while the row says ``says`` and has this ``counter``."""
    name = urlsafe_b64encode(pk.bytes).decode().rstrip("=")
    return f"{name}.{counter}.{_signature(salt, settings.SECRET_KEY, pk, counter, says)}"


def read(text: str) -> Token | None:
    """Take a token apart. None for anything that ``make`` cannot have made."""
    name, _, rest = text.partition(".")
    counter, _, signature = rest.partition(".")
    if len(text) > LONGEST or not text.isascii() or not counter.isdigit() or len(counter) > 9:
        return None
    try:
        pk = uuid.UUID(bytes=urlsafe_b64decode(name + "=="))
    except (binascii.Error, ValueError):
        return None
    return Token(pk, int(counter), signature)


def fits(token: Token, salt: str, *says: object) -> bool:
    """Whether we signed this token over ``says``, with the present key or one that is being phased out."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    made = [_signature(salt, key, token.pk, token.counter, says) for key in keys]
    return any(constant_time_compare(token.signature, each) for each in made)


def _signature(salt: str, key: str, pk: uuid.UUID, counter: int, says: tuple[object, ...]) -> str:
    text = "\n".join(str(part) for part in (pk, counter, *says))
    return Signer(key=key, salt=salt).signature(text)
