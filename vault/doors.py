"""Who may read which sealed text. Each room registers its own in ``apps.py: ready()``, and later nobody can."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _

from vault.looking import LOOKED_UP
from vault.models import Sealed

#: Called as ``may_read(actor, obj)`` with an AUTH_USER_MODEL row, whose class this room does not name.
MayRead = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Door:
    may_read: MayRead
    #: The way from the row to the id of the institution it belongs to, as a query names it.
    house: str
    #: What the text is, for the list of who opened it.
    label: str | LazyText


_doors: dict[type[Sealed], Door] = {}


def register(model: type[Sealed], may_read: MayRead, *, house: str, label: str | LazyText) -> None:
    """Let ``vault.read`` open rows of ``model`` for whom ``may_read`` names.

    Raises RuntimeError after the start and ValueError for a model that has a door.
    """
    if apps.ready:
        raise RuntimeError("doors are registered in ready(), not later")
    if model in _doors:
        raise ValueError(f"{model._meta.label} has two doors")
    _doors[model] = Door(may_read, house, label)


def find(model: type[Sealed]) -> Door | None:
    return _doors.get(model)


def label_of(kind: str) -> str:
    """What texts of the model ``kind`` are, in words; the kind where a later version no longer knows it."""
    if kind == LOOKED_UP:
        return _("The list of who opened texts")
    found = (str(door.label) for model, door in _doors.items() if model._meta.label_lower == kind)
    return next(found, kind)
