"""What Celery calls. A task takes ids at most, calls one function and may run twice."""

import uuid
from time import monotonic

from celery import shared_task

from outbox import delivery, work
from outbox.actions.jobs import kick
from outbox.models import Job
from outbox.models.heartbeat import beat

#: Seconds a tick may spend, below the worker's soft limit.
BUDGET = 40


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True, expires=60)
def tick() -> None:
    """Once a minute, and after each cause: a sign of life, what is due, and work that nobody took up."""
    beat()
    delivery.deliver_due(until=monotonic() + BUDGET)
    for pk in Job.objects.unfinished().values_list("pk", flat=True):
        kick(pk)


@shared_task(
    acks_late=True,
    reject_on_worker_lost=True,
    ignore_result=True,
    expires=60,
    soft_time_limit=240,
    time_limit=270,
)
def run_job(pk: str) -> None:
    work.run(uuid.UUID(pk))
