"""Seats in groups: give, move, take back, pause, leave. The database has the last word on each."""

import datetime as dt

from django.db import transaction

from programs.errors import AlreadyLeft, GroupClosed
from programs.models import Group, LearningGoal, Membership, Preparation, WaitingPlace
from programs.refusals import refusals

State = Membership.State


@transaction.atomic
def place(membership: Membership, group: Group, *, on: dt.date) -> Membership:
    """Give ``membership`` a seat in ``group`` from the day ``on``; moves it if it sits elsewhere.

    Keeps an acceptance that was given. Raises EvaluatorInGroup, GroupFull, GroupClosed or
    AlreadyLeft, having changed nothing. Whoever comes back has to name their reader again.
    """
    if group.program_id != membership.program_id:
        raise ValueError("the group is in another program")
    row = _locked(membership)
    if group.pk == row.group_id:
        return row
    if Group.objects.filter(pk=group.pk, closed=True).exists():
        raise GroupClosed
    row.group, row.joined_on = group, on
    row.suspended_from = None
    row.state = State.ACTIVE if row.accepted_at else State.PLACED
    _saved(row, "group", "joined_on", "suspended_from", "state")
    for kind in (Preparation, LearningGoal):
        kind.objects.share_no_more(membership=row, shared_with__group=group)
    return row


@transaction.atomic
def unplace(membership: Membership) -> Membership:
    """Take the seat back; the person stays in the program, waiting for a group."""
    row = _locked(membership)
    row.group, row.joined_on, row.suspended_from = None, None, None
    row.state = State.INTERESTED if row.accepted_at else State.INVITED
    return _saved(row, "group", "joined_on", "suspended_from", "state")


@transaction.atomic
def leave(membership: Membership, *, on: dt.date) -> Membership:
    """End ``membership`` on the day ``on``; the seat is free at once. No reason is asked."""
    row = _locked(membership)
    row.state = State.LEFT
    row.left_on = max(on, row.joined_on) if row.joined_on else on
    return _saved(row, "state", "left_on")


@transaction.atomic
def decline(membership: Membership, *, at: dt.datetime) -> Membership:
    """Not this time: frees the seat. The coordinator sees "not placed", never why."""
    row = _locked(membership)
    row.state, row.declined_at = State.DECLINED, at
    row.group, row.joined_on, row.suspended_from = None, None, None
    return _saved(row, "state", "declined_at", "group", "joined_on", "suspended_from")


@transaction.atomic
def accept(membership: Membership, *, at: dt.datetime) -> Membership:
    """Take part. With a seat the membership becomes active, without one it waits for a group."""
    row = _locked(membership)
    row.accepted_at = row.accepted_at or at
    row.state = State.ACTIVE if row.group_id else State.INTERESTED
    if row.group_id:
        # Whoever says yes to a seat, on whichever page, waits for none any more.
        row.waiting_places.waiting(WaitingPlace.Kind.GROUP).update(ended_at=at)
    return _saved(row, "accepted_at", "state")


@transaction.atomic
def pause(membership: Membership, *, from_on: dt.date, until_on: dt.date | None) -> Membership:
    """Out of every count between the two days; the seat is kept and no reason is asked."""
    row = _locked(membership)
    row.paused_from, row.paused_until = from_on, until_on
    return _saved(row, "paused_from", "paused_until")


@transaction.atomic
def resume(membership: Membership) -> Membership:
    row = _locked(membership)
    row.paused_from = row.paused_until = None
    return _saved(row, "paused_from", "paused_until")


def _locked(membership: Membership) -> Membership:
    """The row as it is now, locked. Raises AlreadyLeft when the membership has ended meanwhile."""
    row = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    if row.state in (State.LEFT, State.DECLINED):
        raise AlreadyLeft
    return row


def _saved(row: Membership, *fields: str) -> Membership:
    with refusals():
        row.save(update_fields=fields)
    return row
