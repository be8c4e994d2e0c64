"""The one door to sealed texts: rule, then the event, then the text, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from intervision import clock
from vault import doors, sealing, wrapping
from vault.errors import CannotOpen, MayNotRead
from vault.models import AccessEvent, Sealed, SealedField, Vault


def read(actor: Any, obj: Sealed) -> dict[str, str]:
    """The texts of ``obj`` by field, "" where none was written, and an event that ``actor`` opened it.

    Raises MayNotRead or CannotOpen, and then there is no event; where no event can be kept there is no text.
    Not inside a transaction of the caller's, which could take the event back.
    """
    return read_all(actor, [obj])[0]


@transaction.atomic(durable=True)
def read_all(actor: Any, objs: Sequence[Sealed]) -> list[dict[str, str]]:
    """``read`` for several rows, all or none, with one event each."""
    rows = fresh(objs)
    for row in rows:
        if not door_of(type(row)).may_read(actor, row):
            raise MayNotRead
    at = clock.now()
    AccessEvent.objects.bulk_create(
        AccessEvent(
            at=at,
            actor_id=actor.pk,
            owner_id=row.vault.owner_id,
            kind=row._meta.label_lower,
            about_id=row.pk,
            house_id=row.of_house,
        )
        for row in rows
    )
    keys = {vault.pk: wrapping.unwrap(vault) for vault in {row.vault for row in rows}}
    return [opened(row, keys[row.vault_id]) for row in rows]


@transaction.atomic
def write(owner: Any, obj: Sealed, texts: Mapping[str, str]) -> None:
    """Seal ``texts`` by field into ``obj`` of ``owner`` and save those fields; a new ``obj`` is saved whole.

    Raises CannotOpen without the right key, and for a row of a shredded vault.
    The caller has checked that this is the owner's own row.
    """
    vault = open_vault(owner)
    if obj._state.adding:
        obj.vault = vault
    elif obj.vault_id != vault.pk:
        raise CannotOpen("shredded or of somebody else")
    key = wrapping.unwrap(vault)
    for field, text in texts.items():
        obj._meta.get_field(field)
        setattr(obj, field, sealing.seal(key, text.encode(), about=about(obj, field)))
    obj.save(update_fields=None if obj._state.adding else list(texts))


@transaction.atomic
def shred(owner: Any) -> None:
    """Delete the key of ``owner``: what was sealed with it opens never again."""
    Vault.objects.filter(owner=owner, shredded_at=None).update(wrapped=None, shredded_at=clock.now())


def fresh(objs: Iterable[Sealed]) -> list[Any]:
    """The rows as they are now, so that no rule is asked about what was; raises MayNotRead for one that went.

    Each knows as ``of_house`` the institution it belongs to.
    """
    found: dict[Any, Any] = {}
    for model in {type(obj) for obj in objs}:
        rows = model._base_manager.select_related("vault__owner").annotate(of_house=F(door_of(model).house))
        found |= {(model, pk): row for pk, row in rows.in_bulk([obj.pk for obj in objs]).items()}
    try:
        return [found[type(obj), obj.pk] for obj in objs]
    except KeyError:
        raise MayNotRead from None


def door_of(model: type[Sealed]) -> doors.Door:
    door = doors.find(model)
    if door is None:
        raise ValueError(f"{model._meta.label} has no door")
    return door


def open_vault(owner: Any) -> Vault:
    """The vault of ``owner``, locked against shredding until the transaction ends; made at first use."""
    open_ones = Vault.objects.select_for_update(no_key=True).filter(owner=owner, shredded_at=None)
    vault = open_ones.first()
    if vault is None:
        vault = Vault(owner=owner)
        wrapping.wrap(vault, sealing.new_key())
        Vault.objects.bulk_create([vault], ignore_conflicts=True)  # two first texts at once: one vault stays
        vault = open_ones.get()
    return vault


def opened(row: Sealed, key: bytes) -> dict[str, str]:
    return {field: text(row, field, key) for field in sealed_fields(row)}


def text(row: Sealed, field: str, key: bytes) -> str:
    sealed = getattr(row, field)
    return "" if sealed is None else sealing.unseal(key, bytes(sealed), about=about(row, field)).decode()


def sealed_fields(row: Sealed) -> list[str]:
    return [field.name for field in row._meta.concrete_fields if isinstance(field, SealedField)]


def about(row: Sealed, field: str) -> bytes:
    return sealing.about(row._meta.label_lower, row.pk, field, row.vault_id)
