"""Deleting much without anybody waiting for it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

SIZE = 1000


def delete(rows: "models.QuerySet[Any]", *, size: int = SIZE) -> int:
    """Delete ``rows`` a batch at a time; returns how many of that model went. What depends on them goes along."""
    label, gone = rows.model._meta.label, 0
    while pks := list(rows.order_by().values_list("pk", flat=True)[:size]):
        gone += rows.model._base_manager.filter(pk__in=pks).delete()[1].get(label, 0)
    return gone


def delete_all(kinds: "Mapping[str, Iterable[models.QuerySet[Any]]]") -> dict[str, int]:
    """``delete`` each of the rows of each kind; returns how many of each kind went."""
    return {kind: sum(delete(rows) for rows in found) for kind, found in kinds.items()}
