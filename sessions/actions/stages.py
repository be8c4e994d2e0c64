"""The stages that hang on sessions: running from the day of the first one, ended after the last, or called off.

The guards of programs hold here too; this room adds what only it can see.
"""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from intervision import clock
from programs.actions import stages as programs
from programs.actions.stages import move
from programs.locking import lock_program
from programs.models import Program
from sessions import stages
from sessions.actions import changes, messages
from sessions.errors import SessionsRemain
from sessions.models import GroupSession

Stage = Program.Stage


@transaction.atomic
def open_running(program: Program, *, by: User | None, note: str = "") -> Program:
    """The groups have begun; on the way a format with intakes passes that stage.

    Raises as ``programs.actions.stages.move`` does, having changed nothing.
    """
    row = Program.objects.get(pk=program.pk)
    if row.stage == Stage.RECRUITING and row.has_intakes:
        row = move(row, Stage.INTAKES, by=by, note=note)
    return move(row, Stage.RUNNING, by=by, note=note, also=stages.own_warnings(row, Stage.RUNNING))


@transaction.atomic
def complete(program: Program, *, by: User | None, note: str = "") -> Program:
    """After the last session; the workshop goes on to its calls, and from these to the end.

    Raises SessionsRemain with what blocks, and as ``programs.actions.stages.move`` does.
    """
    row = lock_program(program.pk)
    if reasons := stages.blocks_completing(row, at=clock.now()):
        raise SessionsRemain(reasons)
    return move(row, stages.after_running(row), by=by, note=note)


@transaction.atomic
def cancel_program(program: Program, *, by: User) -> Program:
    """End the program for good, with every session that is still to come.

    Guides and rooms are free again, and nothing more is said about any session: whoever knows of the program
    is told once that it does not go on, who stands in included. Raises as ``programs.actions.stages.cancel``.
    """
    standing_in = User.objects.filter(pk__in=coming(program).values("substitute"))
    ended = programs.cancel(program, by=by, also=list(standing_in))
    call_off(ended)
    return ended


@transaction.atomic
def call_off(program: Program) -> int:
    """Cancel the coming sessions of a cancelled program; how many. May run twice."""
    rows = list(coming(program))
    for row in rows:
        changes.cancel_session(row, reason=GroupSession.CancelReason.OTHER, by=None)
    for row in GroupSession.objects.filter(group__program=program):
        messages.forget(row, reason="program cancelled")
    return len(rows)


def coming(program: Program) -> QuerySet[GroupSession]:
    """Sessions that have not begun and are not cancelled, soonest first."""
    rows = GroupSession.objects.filter(group__program=program, state__in=GroupSession.OPEN)
    return rows.filter(starts_at__gt=clock.now())


def cancelled_with_sessions() -> QuerySet[Program]:
    """Programs cancelled elsewhere than on the page, whose sessions have to follow."""
    left = GroupSession.objects.filter(state__in=GroupSession.OPEN, starts_at__gt=clock.now())
    return Program.objects.filter(stage=Stage.CANCELLED, groups__sessions__in=left).distinct()


def due_to_run(at: dt.datetime) -> QuerySet[Program]:
    """Programs that wait although a session is near; ``has_begun`` then asks for the local day."""
    near = GroupSession.objects.exclude(state=GroupSession.State.CANCELLED).filter(
        starts_at__lt=at + dt.timedelta(hours=24)
    )
    waiting = Program.objects.filter(stage__in=(Stage.RECRUITING, Stage.INTAKES))
    return waiting.filter(groups__sessions__in=near).select_related("institution").distinct()


def has_begun(program: Program, at: dt.datetime) -> bool:
    """Whether the local day of the first session has come."""
    planned = GroupSession.objects.exclude(state=GroupSession.State.CANCELLED)
    first = planned.filter(group__program=program).first()
    house = program.institution
    return first is not None and house.on_day(first.starts_at) <= house.on_day(at)
