"""A session that changes after it was planned: another time or room, cancelled, somebody stands in."""

import datetime as dt

from django.db import transaction

from accounts import links
from accounts.models import User
from intervision import clock
from programs.locking import lock_program
from programs.models import Program, Room
from programs.refusals import refusals
from sessions.actions import messages, occupations, undo
from sessions.errors import AlreadyOver, SessionCancelled, SessionChanged, SubstituteEvaluates
from sessions.models import GroupSession


@transaction.atomic
def move_session(
    session: GroupSession,
    *,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    by: User,
    seen: int | None = None,
) -> GroupSession:
    """Another time; it keeps its number. Everybody concerned is told. Returns the session as saved.

    ``seen`` is the sequence an editor saw. Raises SessionChanged when it has grown since, GuideBusy,
    RoomBusy, AlreadyOver or SessionCancelled, having changed nothing.
    """
    now = clock.now()
    row = _locked(session, at=now)
    if (row.starts_at, row.ends_at) == (starts_at, ends_at):
        return row
    _check(row, seen)
    row.starts_at, row.ends_at = starts_at, ends_at
    _save(row, "starts_at", "ends_at", at=now, by=by)
    return _told(row, at=now, by=by)


@transaction.atomic
def change_room(
    session: GroupSession,
    *,
    room: Room | None,
    outside_reference: str = "",
    by: User,
    seen: int | None = None,
) -> GroupSession:
    """Another place. Raises SessionChanged, RoomBusy, AlreadyOver or SessionCancelled, having changed nothing."""
    now = clock.now()
    row = _locked(session, at=now)
    if (row.room_id, row.outside_reference) == (room.pk if room else None, outside_reference):
        return row
    _check(row, seen)
    moved = row.room_id != (room.pk if room else None)
    row.room, row.outside_reference = room, outside_reference
    row.video_link = room.video_link if room else ""
    _save(row, "room", "outside_reference", "video_link", at=now, by=by)
    return _told(row, at=now, by=by) if moved else row


@transaction.atomic
def cancel_session(
    session: GroupSession, *, reason: str, by: User | None, seen: int | None = None
) -> GroupSession:
    """It does not take place; guide and room are free again and everybody concerned is told.

    Raises AlreadyOver for one that was logged, and SessionChanged; one that is cancelled stays as it is.
    """
    now = clock.now()
    row = _row(session)
    if row.is_cancelled:
        return row
    if row.is_logged:
        raise AlreadyOver
    _check(row, seen)
    row.state, row.cancel_reason = GroupSession.State.CANCELLED, GroupSession.CancelReason(reason)
    _save(row, "state", "cancel_reason", at=now, by=by)
    messages.forget(row, reason="cancelled")
    messages.tell(messages.CANCELLED, row, at=now, by=by)
    return row


@transaction.atomic
def substitute(
    session: GroupSession, user: User | None, *, by: User, seen: int | None = None
) -> GroupSession:
    """``user`` stands in for the guide this once (None: the guide comes after all).

    Raises SessionChanged, SubstituteEvaluates, CoordinatesTheProgram, GuideBusy, AlreadyOver or SessionCancelled,
    having changed nothing.
    """
    now = clock.now()
    row = _locked(session, at=now)
    if row.substitute_id == (user.pk if user else None):
        return row
    _check(row, seen)
    row.substitute = user
    _save(row, "substitute", at=now, by=by)
    links.revoke(row.pk)
    told = _told(row, at=now, by=by)
    messages.tell_substitute(row, at=now)
    return told


@transaction.atomic
def day_off(program: Program, on: dt.date, *, by: User) -> list[GroupSession]:
    """A day that is off for everyone: every session of ``program`` on it is cancelled. May run twice."""
    reason = GroupSession.CancelReason.STRIKE
    return [cancel_session(row, reason=reason, by=by) for row in sessions_on(program, on)]


def sessions_on(program: Program, on: dt.date) -> list[GroupSession]:
    """Sessions that would be on the local day ``on``, soonest first."""
    start = dt.datetime.combine(on, dt.time(), program.institution.zone)
    rows = GroupSession.objects.filter(
        group__program=program,
        state__in=GroupSession.OPEN,
        starts_at__gte=start,
        starts_at__lt=start + dt.timedelta(days=1),
    )
    return list(rows.select_related("group__program__institution", "room"))


@transaction.atomic
def say_took_place(session: GroupSession) -> GroupSession:
    """The coordinator's answer where nothing was logged. It still does not count as held without a log."""
    row = _row(session)
    if row.is_open and row.is_over(clock.now()):
        row.state = GroupSession.State.HELD
        row.save(update_fields=["state"])
    return row


def _row(session: GroupSession) -> GroupSession:
    lock_program(session.group.program_id)
    rows = GroupSession.objects.select_related("group__program__institution", "room", "substitute")
    return rows.select_for_update(of=("self",)).get(pk=session.pk)


def _locked(session: GroupSession, *, at: dt.datetime) -> GroupSession:
    """The row as it is now, locked, and still to come."""
    row = _row(session)
    if row.is_cancelled:
        raise SessionCancelled
    if not row.is_open or row.is_over(at):
        raise AlreadyOver
    return row


def _check(row: GroupSession, seen: int | None) -> None:
    if seen is not None and seen != row.sequence:
        raise SessionChanged


def _save(row: GroupSession, *fields: str, at: dt.datetime, by: User | None) -> None:
    row.sequence += 1
    undo.note(row, at=at, by=by)
    with refusals(no_evaluator_stands_in=SubstituteEvaluates):
        row.save(update_fields=[*fields, "sequence"])
    occupations.occupy(row)


def _told(row: GroupSession, *, at: dt.datetime, by: User) -> GroupSession:
    """What was said about the session as it was is taken back, and what it is now is told."""
    messages.forget(row, reason="changed")
    messages.tell(messages.CHANGED, row, at=at, by=by)
    messages.remind([row], at=at)
    return row
