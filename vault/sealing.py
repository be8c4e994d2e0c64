"""AES-256-GCM on bytes, padded so that lengths say little. Knows no row, no key store and no Django."""

import json
import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.errors import CannotOpen

KEY_BYTES = 32
STEP = 256  # bytes; what is sealed is filled up to a multiple of this
VERSION = b"\x01"
NONCE_BYTES = 12
LENGTH = struct.Struct(">I")


def new_key() -> bytes:
    return AESGCM.generate_key(KEY_BYTES * 8)


def about(*parts: object) -> bytes:
    """Associated data: what a sealed text belongs to. No two lists of parts give the same bytes."""
    return json.dumps([str(part) for part in parts], ensure_ascii=True).encode()


def seal(key: bytes, plain: bytes, *, about: bytes) -> bytes:
    """``plain`` under ``key`` with a fresh nonce; only the same ``about`` opens it again."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, padded(plain), about)


def unseal(key: bytes, sealed: bytes, *, about: bytes) -> bytes:
    """What was sealed; raises CannotOpen for any other key, any other ``about`` and any changed byte."""
    version, nonce, body = sealed[:1], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    if version != VERSION or len(nonce) != NONCE_BYTES:
        raise CannotOpen("not sealed")
    try:
        return unpadded(AESGCM(key).decrypt(nonce, body, about))
    except InvalidTag:
        raise CannotOpen("does not open") from None


def padded(plain: bytes) -> bytes:
    whole = LENGTH.pack(len(plain)) + plain
    return whole + bytes(-len(whole) % STEP)


def unpadded(whole: bytes) -> bytes:
    (length,) = LENGTH.unpack_from(whole)
    return whole[LENGTH.size : LENGTH.size + length]
