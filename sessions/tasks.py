"""What Celery calls: each task calls one function and may run twice."""

import logging
from collections.abc import Callable

from celery import shared_task

from intervision import clock
from programs.errors import ProgramsError
from programs.models import Program
from sessions.actions import messages, stages
from sessions.models import GroupSession

log = logging.getLogger(__name__)


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True, expires=3600)
def hourly() -> None:
    """Stages whose day has come, sessions of cancelled programs, and reminders for who came in late."""
    now = clock.now()
    for program in stages.due_to_run(now):
        if stages.has_begun(program, now):
            _try(stages.open_running, program)
    for program in Program.objects.filter(stage=Program.Stage.RUNNING):
        _try(stages.complete, program)
    for program in stages.cancelled_with_sessions():
        stages.call_off(program)
    coming = GroupSession.objects.of_live_programs().upcoming(now).filter(starts_at__lt=now + messages.AHEAD)
    messages.remind(coming.select_related("group__program__institution", "substitute"), at=now)


def _try(action: Callable[..., Program], program: Program) -> None:
    """What blocks stays on the worklist, with its reason."""
    try:
        action(program, by=None)
    except ProgramsError:
        log.info("stage waits", extra={"program": str(program.pk)})
