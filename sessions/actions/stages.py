"""The two stages that hang on sessions: running from the day of the first one, ended after the last.

The guards of programs hold here too; this room adds what only it can see.
"""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from intervision import clock
from programs.actions.stages import move
from programs.models import Program
from sessions.errors import SessionsRemain
from sessions.models import LOG_OPEN, GroupSession

Stage = Program.Stage


@transaction.atomic
def open_running(program: Program, *, by: User | None, note: str = "") -> Program:
    """The groups have begun; on the way a format with intakes passes that stage.

    Raises as ``programs.actions.stages.move`` does, having changed nothing.
    """
    row = Program.objects.get(pk=program.pk)
    if row.stage == Stage.RECRUITING and row.has_intakes:
        row = move(row, Stage.INTAKES, by=by, note=note)
    return move(row, Stage.RUNNING, by=by, note=note)


@transaction.atomic
def complete(program: Program, *, by: User | None, note: str = "") -> Program:
    """After the last session; the workshop goes on to its calls.

    Raises SessionsRemain with what blocks, and as ``programs.actions.stages.move`` does.
    """
    row = Program.objects.select_for_update().get(pk=program.pk)
    if reasons := blocks_completing(row, at=clock.now()):
        raise SessionsRemain(reasons)
    return move(row, after_running(row), by=by, note=note)


def after_running(program: Program) -> str:
    return Stage.CALLS if program.format == Program.Format.WORKSHOP else Stage.COMPLETED


def blocks_completing(program: Program, *, at: dt.datetime) -> list[str]:
    """What stands in the way of the end; sentences, empty when nothing does."""
    sessions = GroupSession.objects.filter(group__program=program)
    if not sessions.exists():
        return [_("No session was planned.")]
    if coming := sessions.upcoming(at).count():
        return [_("Sessions still to come: %(count)s.") % {"count": coming}]
    waiting = (*GroupSession.OPEN, GroupSession.State.HELD)
    if unlogged := sessions.filter(state__in=waiting, ends_at__gt=at - LOG_OPEN).count():
        return [_("Sessions whose log is still open: %(count)s.") % {"count": unlogged}]
    return []


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
