"""A group's series of sessions: plan it, plan it anew while nobody knows, take that back."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from intervision import clock
from programs.errors import NothingToUndo
from programs.models import Group, Program, Room, UndoableStep
from sessions.actions import messages, occupations
from sessions.errors import DatesTaken, SeriesAnnounced, SessionsError
from sessions.models import GroupSession

SERIES = "series"
#: What of a session its way back remembers.
KEPT = (
    "id",
    "number",
    "starts_at",
    "ends_at",
    "first_planned_at",
    "room_id",
    "outside_reference",
    "video_link",
)


@dataclass(frozen=True, slots=True)
class Moment:
    """One session of a series."""

    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Place:
    room: Room | None = None
    outside_reference: str = ""


@transaction.atomic
def plan_series(
    group: Group, moments: Sequence[Moment], *, by: User | None, place: Place | None = None
) -> UndoableStep:
    """Give ``group`` these sessions, in order of time, instead of those it had. All or none.

    Raises SeriesAnnounced when the dates it had were told to people, and DatesTaken, which names each
    date that guide or room cannot keep.
    """
    now = clock.now()
    Group.objects.select_for_update(no_key=True).get(pk=group.pk)
    before = list(group.sessions.all())
    if not may_plan_anew(group, before, at=now):
        raise SeriesAnnounced
    _remove(before)
    made = _make(group, sorted(moments, key=lambda one: one.starts_at), place or Place())
    messages.remind(made, at=now)
    kept = [{name: _plain(getattr(row, name)) for name in KEPT} for row in before]
    return UndoableStep.objects.create(
        program=group.program, by=by, kind=SERIES, before={"group": str(group.pk), "sessions": kept}
    )


@transaction.atomic
def add_session(group: Group, moment: Moment, *, by: User, place: Place | None = None) -> GroupSession:
    """One more session, for example instead of a cancelled one; everybody concerned is told.

    Raises GuideBusy or RoomBusy, having changed nothing.
    """
    now = clock.now()
    Group.objects.select_for_update(no_key=True).get(pk=group.pk)
    highest = group.sessions.order_by("-number").values_list("number", flat=True).first() or 0
    row = _row(group, highest + 1, moment, place or Place())
    row.save(force_insert=True)
    occupations.occupy(row)
    messages.tell(messages.ADDED, row, at=now, by=by)
    messages.remind([row], at=now)
    return row


def may_plan_anew(group: Group, sessions: Sequence[GroupSession], *, at: dt.datetime) -> bool:
    """While nothing has left the house: no session begun or changed by hand, and nobody told."""
    if not sessions:
        return True
    if any(row.starts_at <= at or not row.is_open for row in sessions):
        return False
    if (
        group.program.stage != Program.Stage.DRAFT
        and group.memberships.filter(invited_at__isnull=False).exists()
    ):
        return False
    return not messages.has_left_the_house(sessions)


def latest_plan(group: Group) -> UndoableStep | None:
    """The planning of ``group`` that can be taken back now."""
    steps = group.program.undoable_steps.filter(kind=SERIES, before__group=str(group.pk))
    return steps.filter(undone_at__isnull=True).first()


@transaction.atomic
def undo_series(step: UndoableStep) -> None:
    """Give the group the sessions it had before. Raises NothingToUndo, SeriesAnnounced or DatesTaken."""
    group = Group.objects.select_for_update(no_key=True).get(pk=uuid.UUID(step.before["group"]))
    newest = latest_plan(group)
    if newest is None or newest.pk != step.pk:
        raise NothingToUndo
    now = clock.now()
    current = list(group.sessions.all())
    if not may_plan_anew(group, current, at=now):
        raise SeriesAnnounced
    _remove(current)
    rows = [
        GroupSession(group=group, refreshments=group.program.refreshments, **_values(kept))
        for kept in step.before["sessions"]
    ]
    _save(rows)
    messages.remind(rows, at=now)
    UndoableStep.objects.filter(pk=step.pk).update(undone_at=now)


def _make(group: Group, moments: Sequence[Moment], place: Place) -> list[GroupSession]:
    rows = [_row(group, number, one, place) for number, one in enumerate(moments, start=1)]
    _save(rows)
    return rows


def _row(group: Group, number: int, moment: Moment, place: Place) -> GroupSession:
    return GroupSession(
        group=group,
        number=number,
        starts_at=moment.starts_at,
        ends_at=moment.ends_at,
        first_planned_at=moment.starts_at,
        room=place.room,
        outside_reference=place.outside_reference,
        video_link=place.room.video_link if place.room else "",
        refreshments=group.program.refreshments,
    )


def _save(rows: Sequence[GroupSession]) -> None:
    """Write all of ``rows`` or none. Raises DatesTaken."""
    refused = []
    for row in rows:
        row.save(force_insert=True)
        try:
            occupations.occupy(row)
        except SessionsError as error:
            refused.append((row.starts_at, str(error)))
    if refused:
        raise DatesTaken(refused)


def _remove(rows: Sequence[GroupSession]) -> None:
    for row in rows:
        messages.forget(row, reason="planned anew")
        occupations.free(row)
        row.delete()


def _plain(value: Any) -> str | int | None:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def _values(kept: dict[str, Any]) -> dict[str, Any]:
    moments = {name: dt.datetime.fromisoformat(kept[name]) for name in kept if name.endswith("_at")}
    return kept | moments
