"""What Celery calls."""

from celery import shared_task

from desk.actions import offering, purging
from intervision import clock


@shared_task(
    acks_late=True,
    reject_on_worker_lost=True,
    ignore_result=True,
    expires=3600,
    soft_time_limit=240,
    time_limit=270,
)
def purge() -> None:
    """Once a night: what is kept no longer, in every room, with one report."""
    purging.purge(at=clock.now())


@shared_task(
    acks_late=True,
    reject_on_worker_lost=True,
    ignore_result=True,
    expires=600,
    soft_time_limit=240,
    time_limit=270,
)
def offer_texts() -> None:
    """Every hour: members of programs that ended are told what leaves when, and where to take it along."""
    offering.offer(at=clock.now())
