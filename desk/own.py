"""Everything kept about one person, from every room, and what the retention table says of it."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from accounts.models import User
from catalogue.kept import Section
from catalogue.retention import Retention, Table

#: Every room that keeps something about people, in the order in which a person reads it.
ROOMS = ("accounts", "programs", "sessions", "concerns", "checklist", "vault", "outbox")


def export(user: User) -> list[Section]:
    return [section for room in ROOMS for section in offered(room, "export_own")(user)]


def offered(room: str, name: str) -> Callable[..., Iterable[Any]]:
    function: Callable[..., Iterable[Any]] = getattr(import_module(f"{room}.own"), name)
    return function


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of the retention table with what there is of it about one person."""

    kind: Retention
    sections: list[Section]


def by_kind(sections: list[Section], table: Table) -> list[Kept]:
    """Each kind of which there is something, in the order of the table."""
    full = [section for section in sections if section.rows]
    found = [Kept(kind, [section for section in full if section.kind == key]) for key, kind in table.items()]
    return [kept for kept in found if kept.sections]


def as_file(user: User, sections: list[Section], table: Table, at: dt.datetime) -> dict[str, Any]:
    """What the JSON file holds: the table in the reader's language, then every section, empty ones too."""
    kinds = [
        {"kind": key, "name": str(kind.name), "who_reads": str(kind.reads), "until": str(kind.until)}
        for key, kind in table.items()
    ]
    about = {"id": str(user.pk), "made_at": at, "kinds": kinds}
    return about | {section.key: {"kind": section.kind, "rows": list(section.rows)} for section in sections}
