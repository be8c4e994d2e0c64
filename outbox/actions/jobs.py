import datetime as dt
import logging
import uuid

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from outbox import jobs
from outbox.models import Job

log = logging.getLogger(__name__)


def start_job(
    kind: str, *, about_id: uuid.UUID, by: AbstractBaseUser, at: dt.datetime, total: int = 0
) -> Job:
    """Have ``kind`` done in a worker after the caller's transaction commits; ``at`` is now.

    Raises ValueError for work that no room registered.
    """
    if jobs.find(kind) is None:
        raise ValueError(f"no room registered the work {kind!r}")
    job = Job.objects.create(kind=kind, about_id=about_id, started_by_id=by.pk, created_at=at, total=total)
    transaction.on_commit(lambda: kick(job.pk))
    return job


def kick(pk: uuid.UUID) -> None:
    """Ask a worker for this job. If nobody hears it the next tick asks again."""
    from outbox.tasks import run_job

    try:
        run_job.delay(str(pk))
    except Exception as error:  # a hint that is lost may have any cause, and none concerns the caller
        log.warning("kick lost", extra={"error_class": type(error).__name__})


def stop_and_keep(job: Job, *, at: dt.datetime) -> None:
    """Ask the worker to stop at its next step and to keep what it has. A job not begun stops at once.

    The caller has checked that the person may.
    """
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED)
    if not waiting.update(state=Job.State.STOPPED, stop_asked_at=at, finished_at=at):
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(stop_asked_at=at)
