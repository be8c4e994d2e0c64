"""What stands between a program and the stages that hang on its sessions: this room's part of the guards."""

import datetime as dt

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intervision import clock
from programs import stages
from programs.models import Program
from programs.stages import Finding, page
from sessions.models import LOG_OPEN, GroupSession

Stage = Program.Stage


def blocks(program: Program, to: str) -> list[Finding]:
    """What must be mended before ``program`` moves to the stage ``to``; the guards of programs included."""
    found = stages.blocks(program, to)
    if to in (Stage.CALLS, Stage.COMPLETED):
        where = page("planning:dates", program.pk)
        found += [
            Finding("sessions_remain", sentence, where)
            for sentence in blocks_completing(program, at=clock.now())
        ]
    return found


def warnings(program: Program, to: str) -> list[Finding]:
    """What is worth a look before that move."""
    return [*stages.warnings(program, to), *own_warnings(program, to)]


def own_warnings(program: Program, to: str) -> list[Finding]:
    """Of those, what only this room sees: groups that begin without a date."""
    planned = GroupSession.objects.filter(group=OuterRef("pk")).exclude(state=GroupSession.State.CANCELLED)
    without = program.groups.exclude(Exists(planned)) if to == Stage.RUNNING else program.groups.none()
    if not (names := list(without.values_list("name", flat=True))):
        return []
    sentence = ngettext("%(names)s has no session yet.", "%(names)s have no session yet.", len(names))
    said = sentence % {"names": stages.named(names)}
    return [Finding("no_sessions", said, page("planning:dates", program.pk))]


def after_running(program: Program) -> str:
    """Where a program goes when its sessions are over: the workshop has its calls in between."""
    has_calls = program.format == Program.Format.WORKSHOP and program.stage != Stage.CALLS
    return Stage.CALLS if has_calls else Stage.COMPLETED


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
