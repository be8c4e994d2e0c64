"""Keys at rest: wrapped by the newest key of the environment, and whether this process has the right ones."""

from django.db import transaction

from vault import keyring, sealing
from vault.errors import CannotOpen
from vault.keyring import Kek
from vault.models import HouseKey, KeyCheck, Vault, Wrapped

KNOWN = b"Intervision"


def wrap(row: Wrapped, key: bytes) -> None:
    """Put ``key`` into ``row``, unsaved, under the newest key of the environment, once that one is proven."""
    kek = keyring.newest()
    prove(kek)
    row.kek, row.wrapped = kek.name, sealing.seal(kek.secret, key, about=about(row))


def unwrap(row: Wrapped) -> bytes:
    """The key in ``row``; raises CannotOpen for a shredded one and without the right key of the environment."""
    if row.wrapped is None:
        raise CannotOpen("shredded")
    return sealing.unseal(keyring.named(row.kek).secret, bytes(row.wrapped), about=about(row))


def about(row: Wrapped) -> bytes:
    return sealing.about("key", row._meta.label_lower, row.pk)


def house_key(name: str) -> bytes:
    """The key ``name``, made at first use."""
    row = HouseKey.objects.filter(pk=name).first()
    if row is None:
        row = HouseKey(pk=name)
        wrap(row, sealing.new_key())
        row, _ = HouseKey.objects.get_or_create(pk=name, defaults={"kek": row.kek, "wrapped": row.wrapped})
    return unwrap(row)


def prove(kek: Kek) -> None:
    """Raise CannotOpen unless ``kek`` is what its name stood for before; a new name stands for it from now on.

    A new name is taken only while every older one opens: a process that was started with keys of another
    installation must not begin to write under them.
    """
    row = KeyCheck.objects.filter(pk=kek.name).first()
    if row is None:
        refuse_wrong_keys()
        value = sealing.seal(kek.secret, KNOWN, about=sealing.about("check", kek.name))
        row, _ = KeyCheck.objects.get_or_create(pk=kek.name, defaults={"value": value})
    if not opens(row):
        raise CannotOpen("a key is not the one its name stood for")


def opens(row: KeyCheck) -> bool:
    try:
        secret = keyring.named(row.kek).secret
        return sealing.unseal(secret, bytes(row.value), about=sealing.about("check", row.kek)) == KNOWN
    except CannotOpen:
        return False


def refuse_wrong_keys() -> None:
    """Raise CannotOpen unless this process can open everything that is wrapped. Asked by ``/readyz``."""
    keyring.all_keks()
    if not all(opens(row) for row in KeyCheck.objects.all()):
        raise CannotOpen("a key is missing or wrong")


def forget_unused() -> None:
    """Drop the check of each key that wraps nothing any more, so that it can leave the environment."""
    with transaction.atomic():
        KeyCheck.objects.select_for_update().count()
        used = set(Vault.objects.exclude(wrapped=None).values_list("kek", flat=True).distinct())
        used |= set(HouseKey.objects.values_list("kek", flat=True).distinct())
        KeyCheck.objects.exclude(pk__in=used | {keyring.newest().name}).delete()
