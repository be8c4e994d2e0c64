"""The two stages that hang on sessions: running from the day of the first one, ended after the last."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from intervision import clock
from programs.models import GroundRules, Guide, Program, StageChange
from sessions.errors import NotReady
from sessions.models import LOG_OPEN, GroupSession

Stage = Program.Stage


@transaction.atomic
def open_running(program: Program, *, by: User | None) -> Program:
    """The groups have begun. Raises NotReady with what blocks; warnings are noted, not refused."""
    row = Program.objects.select_for_update().get(pk=program.pk)
    if row.stage == Stage.RUNNING:
        return row
    if row.stage not in (Stage.RECRUITING, Stage.INTAKES):
        raise NotReady([str(_("Only a program that has been started can run."))])
    if reasons := blocks_running(row):
        raise NotReady(reasons)
    return _change(row, Stage.RUNNING, by=by)


def blocks_running(program: Program) -> list[str]:
    """What stands in the way of running (domain notes, 4); sentences, empty when nothing does."""
    today = clock.today()
    rows = list(program.groups.filter(taken__gt=0))
    led = Guide.objects.active(today).filter(role=Guide.Role.LEAD, group__in=rows)
    leads = set(led.values_list("group", flat=True))
    ruled = set(GroundRules.objects.filter(group__in=rows).values_list("group", flat=True))
    without_rules = [row.name for row in rows if row.pk not in ruled]
    without_lead = [row.name for row in rows if row.pk not in leads]
    found = []
    if not rows:
        found.append(str(_("Nobody has a seat in a group yet.")))
    if without_lead:
        found.append(str(_("Without a guide: %(groups)s.")) % {"groups": ", ".join(without_lead)})
    if without_rules:
        found.append(str(_("Without ground rules: %(groups)s.")) % {"groups": ", ".join(without_rules)})
    return found


@transaction.atomic
def complete(program: Program, *, by: User | None) -> Program:
    """After the last session. The workshop goes on to its calls. Raises NotReady with what blocks."""
    row = Program.objects.select_for_update().get(pk=program.pk)
    following = Stage.CALLS if row.format == Program.Format.WORKSHOP else Stage.COMPLETED
    if row.stage in (following, Stage.COMPLETED):
        return row
    if row.stage != Stage.RUNNING:
        raise NotReady([str(_("Only a running program can be completed."))])
    if reasons := blocks_completing(row, at=clock.now()):
        raise NotReady(reasons)
    return _change(row, following, by=by)


def blocks_completing(program: Program, *, at: dt.datetime) -> list[str]:
    sessions = GroupSession.objects.filter(group__program=program)
    if not sessions.exists():
        return [str(_("No session was planned."))]
    coming = sessions.upcoming(at).count()
    if coming:
        return [str(_("Sessions still to come: %(count)s.")) % {"count": coming}]
    unlogged = sessions.filter(
        state__in=(*GroupSession.OPEN, GroupSession.State.HELD), ends_at__gt=at - LOG_OPEN
    )
    if unlogged.exists():
        return [str(_("Sessions whose log is still open: %(count)s.")) % {"count": unlogged.count()}]
    return []


def due_to_run(at: dt.datetime) -> QuerySet[Program]:
    """Programs that wait, though the day of their first session has come."""
    begun = GroupSession.objects.exclude(state=GroupSession.State.CANCELLED).filter(
        starts_at__lt=at + dt.timedelta(hours=24)
    )
    waiting = Program.objects.filter(stage__in=(Stage.RECRUITING, Stage.INTAKES))
    return waiting.filter(groups__sessions__in=begun).select_related("institution").distinct()


def has_begun(program: Program, at: dt.datetime) -> bool:
    """Whether the local day of the first session has come."""
    first = (
        GroupSession.objects.exclude(state=GroupSession.State.CANCELLED)
        .filter(group__program=program)
        .first()
    )
    house = program.institution
    return first is not None and house.on_day(first.starts_at) <= house.on_day(at)


def _change(program: Program, stage: str, *, by: User | None) -> Program:
    StageChange.objects.create(program=program, from_stage=program.stage, to_stage=stage, by=by)
    program.stage = stage
    program.save(update_fields=["stage"])
    return program
