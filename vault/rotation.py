"""Wrapping every key anew under the newest key of the environment. The keys themselves, and so the texts, stay."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from vault import keyring, wrapping
from vault.errors import CannotOpen
from vault.models import HouseKey, Vault

AT_ONCE = 100


def waiting() -> int:
    return sum(len(ids) for ids in old().values())


def old() -> dict[type[HouseKey] | type[Vault], list[Any]]:
    """Rows that an earlier key wraps, by kind."""
    newest = keyring.newest().name
    return {
        HouseKey: list(HouseKey.objects.exclude(kek=newest).values_list("pk", flat=True)),
        Vault: list(Vault.objects.exclude(kek=newest).exclude(wrapped=None).values_list("pk", flat=True)),
    }


def rotate() -> Iterator[tuple[int, int]]:
    """Rewrap in batches, each its own transaction; yields how many are done and how many did not open.

    A row is locked only while its batch is, and readers wait for nobody. Asks again at the end, for what processes
    with an older environment have wrapped meanwhile. Raises CannotOpen before anything when the newest key is not
    what its name stood for, or an older one is missing.
    """
    wrapping.refuse_wrong_keys()
    wrapping.prove(keyring.newest())
    done, failed = 0, set[Any]()
    while left := [(kind, pk) for kind, ids in old().items() for pk in ids if pk not in failed]:
        for start in range(0, len(left), AT_ONCE):
            batch = left[start : start + AT_ONCE]
            failed |= rewrap(batch)
            done += len(batch)
            yield done - len(failed), len(failed)
    if not failed:
        wrapping.forget_unused()


@transaction.atomic
def rewrap(batch: list[tuple[type[HouseKey] | type[Vault], Any]]) -> set[Any]:
    """Returns the ids of rows that did not open."""
    failed = set[Any]()
    for kind, pk in batch:
        row = kind.objects.select_for_update().filter(pk=pk).exclude(wrapped=None).first()
        if row is None:
            continue  # shredded meanwhile
        try:
            wrapping.wrap(row, wrapping.unwrap(row))
        except CannotOpen:
            failed.add(pk)
        else:
            row.save(update_fields=["kek", "wrapped"])
    return failed
