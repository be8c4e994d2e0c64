"""What Celery calls. It may run twice."""

from time import monotonic

from celery import shared_task

from checklist import asking, keeping, picture
from intervision import clock

#: Seconds that scoring may take at a time, below the worker's soft limit.
BUDGET = 35


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True, expires=300)
def ask_due() -> None:
    """Every five minutes: questions around the sessions that are near."""
    asking.ask_due(at=clock.now())


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True, expires=60)
def keep_scores() -> None:
    """Every minute: what directors are told of a half-year that began, programs that moved, and tonight's snapshots
    as far as they are not taken yet."""
    picture.take_due(at=clock.now())
    keeping.keep_due(until=monotonic() + BUDGET)
