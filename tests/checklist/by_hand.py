"""Rows written by hand: the smallest ones that a fact is computed from."""

import datetime as dt
from typing import Any

from checklist.rows import AMSTERDAM, FrameRow, GroupRow, GuideRow, LogRow, MemberRow, Scope, SessionRow
from programs.independence import Independence

TODAY = dt.date(2026, 11, 2)
NOW = dt.datetime(2026, 11, 2, 9, tzinfo=AMSTERDAM)


def on(year: int, month: int, day: int, hour: int = 14, minute: int = 0) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=AMSTERDAM)


def member(number: int = 1, **fields: Any) -> MemberRow:
    values = {"id": f"m{number}", "user": f"u{number}", "joined_on": dt.date(2026, 1, 1)}
    return MemberRow(**values | fields)


def members(*years: int | None, **fields: Any) -> tuple[MemberRow, ...]:
    return tuple(member(number, year=year, **fields) for number, year in enumerate(years, 1))


def session(at: dt.datetime, *, minutes: int = 165, **fields: Any) -> SessionRow:
    ends = (at.astimezone(dt.UTC) + dt.timedelta(minutes=minutes)).astimezone(at.tzinfo)
    values = {"id": f"{at}", "starts_at": at, "ends_at": ends, "first_planned_at": at}
    return SessionRow(**values | fields)


def took_place(at: dt.datetime, *present: str, minutes: int = 165, **fields: Any) -> SessionRow:
    row = session(at, minutes=minutes)
    values = {"state": "logged", "started_at": row.starts_at, "ended_at": row.ends_at, "log": LogRow()}
    return session(at, minutes=minutes, present=frozenset(present), **values | fields)


def group(name: str = "g1", **fields: Any) -> GroupRow:
    return GroupRow(name, name, **fields)


def guide(user: str = "g", **fields: Any) -> GuideRow:
    return GuideRow(user, **fields)


class Known:
    """Who is known to evaluate whom; every other pair is independent unless it is among ``open_pairs``."""

    def __init__(self, *conflicts: tuple[str, str], open_pairs: tuple[tuple[str, str], ...] = ()) -> None:
        self.conflicts, self.open_pairs = conflicts, open_pairs

    def status(self, one: Any, other: Any, /) -> Independence:
        if (one, other) in self.conflicts:
            return Independence.CONFLICT
        return Independence.NOT_KNOWN if (one, other) in self.open_pairs else Independence.INDEPENDENT


def scope(
    *groups: GroupRow, independence: Any = None, coordinators: tuple[str, ...] = (), **frame: Any
) -> Scope:
    values: dict[str, Any] = {"format": "intervision", "title": "Intervision", "target_size": 6}
    return Scope(
        FrameRow(**values | frame),
        NOW,
        groups,
        coordinators,
        Known() if independence is None else independence,
    )
