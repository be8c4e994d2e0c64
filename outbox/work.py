"""Running a job in a worker. The row is the truth: a worker that dies leaves it to the next one."""

import logging
import uuid
from typing import Any

import pghistory
from django.db import InterfaceError, OperationalError
from django.db.models import F
from django.utils import translation

from intervision import clock
from outbox import jobs
from outbox.models import Job
from outbox.progress import Progress

log = logging.getLogger(__name__)

#: Work that took its worker down this often is not begun again.
MOST_ATTEMPTS = 3


def run(pk: uuid.UUID) -> None:
    """Do the job ``pk`` unless it is finished or another worker is busy with it."""
    with Progress(pk) as progress:
        if not progress.is_first():
            return
        job = Job.objects.unfinished().select_related("started_by").filter(pk=pk).first()
        if job is None:
            return
        if job.attempts >= MOST_ATTEMPTS:
            finish(job, Job.State.FAILED)
            return
        Job.objects.filter(pk=pk).update(state=Job.State.RUNNING, attempts=F("attempts") + 1, done=0)
        do(job, progress)


def do(job: Job, progress: Progress) -> None:
    kind = jobs.find(job.kind)
    if kind is None:
        raise ValueError(f"no room registered the work {job.kind!r}")
    started_by: Any = job.started_by
    try:
        with translation.override(started_by.language), pghistory.context(user=str(started_by.pk)):
            result = kind.run(job, progress)
    except (OperationalError, InterfaceError):
        raise  # the database went away: the row stays as it is and the tick asks again
    except Exception as error:
        log.exception("job failed", extra={"kind": job.kind})
        finish(job, Job.State.FAILED, error=type(error).__name__)
    else:
        finish(job, Job.State.STOPPED if progress.stop_asked else Job.State.DONE, **result)


def finish(job: Job, state: str, **result: Any) -> None:
    row = Job.objects.filter(pk=job.pk)
    row.update(state=state, result=result, message="", finished_at=clock.now())
    if state == Job.State.DONE:
        row.update(done=F("total"))
