"""The way back from the last change of one session, until somebody was told of it."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction

from accounts.models import User
from intervision import clock
from outbox.models import Message
from programs.errors import NothingToUndo
from programs.locking import lock_program
from programs.models import UndoableStep
from programs.refusals import refusals
from sessions.actions import messages, occupations
from sessions.errors import PeopleTold, SubstituteEvaluates
from sessions.models import GroupSession

CHANGE = "session_change"
#: What a change may touch, and its way back restores.
KEPT = (
    "starts_at",
    "ends_at",
    "room_id",
    "outside_reference",
    "video_link",
    "substitute_id",
    "state",
    "cancel_reason",
)


def note(row: GroupSession, *, at: dt.datetime, by: User | None) -> UndoableStep:
    """Write down the session as it is stored, before the change ``row`` carries is saved."""
    stored = GroupSession.objects.values(*KEPT).get(pk=row.pk)
    before = {
        "session": str(row.pk),
        "sequence": row.sequence,
        "was": {k: _plain(v) for k, v in stored.items()},
    }
    return UndoableStep.objects.create(
        program=row.group.program, by=by, kind=CHANGE, before=before, created_at=at
    )


def latest(row: GroupSession) -> UndoableStep | None:
    """The change that can be taken back now, unless people were told of it."""
    if row.group.program.is_over or row.is_logged:
        return None
    steps = UndoableStep.objects.filter(kind=CHANGE, program=row.group.program, undone_at__isnull=True)
    return steps.filter(before__session=str(row.pk), before__sequence=row.sequence).first()


def tells_nobody(row: GroupSession) -> bool:
    """Whether the last change can be taken back and no message about it was so much as planned."""
    step = latest(row)
    news = (messages.CHANGED, messages.CANCELLED, messages.SUBSTITUTE)
    return step is not None and not _since(step, row).filter(kind__in=news).exists()


@transaction.atomic
def undo(session: GroupSession) -> GroupSession:
    """Make the session what it was before its last change; a cancelled one takes place again.

    Raises NothingToUndo, PeopleTold, SubstituteEvaluates, CoordinatesTheProgram, GuideBusy or RoomBusy, having
    changed nothing.
    """
    now = clock.now()
    lock_program(session.group.program_id)
    rows = GroupSession.objects.select_related("group__program__institution", "room")
    row = rows.select_for_update(of=("self",)).get(pk=session.pk)
    step = latest(row)
    if step is None:
        raise NothingToUndo
    waiting = (Message.State.PENDING, Message.State.CANCELLED)
    if _since(step, row).exclude(state__in=waiting).exists():
        raise PeopleTold
    was = {
        key: dt.datetime.fromisoformat(v) if key.endswith("_at") else v
        for key, v in step.before["was"].items()
    }
    if was["starts_at"] != row.starts_at and was["starts_at"] <= now:
        raise NothingToUndo
    with refusals(no_evaluator_stands_in=SubstituteEvaluates):
        GroupSession.objects.filter(pk=row.pk).update(**was, sequence=row.sequence + 1)
    UndoableStep.objects.filter(pk=step.pk).update(undone_at=now)
    fresh = rows.get(pk=row.pk)
    occupations.occupy(fresh)
    messages.forget(fresh, reason="taken back")
    messages.remind([fresh], at=now)
    return fresh


def _since(step: UndoableStep, row: GroupSession) -> Any:
    return Message.objects.about([row.pk]).filter(created_at__gte=step.created_at)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value
