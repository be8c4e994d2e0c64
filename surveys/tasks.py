"""What Celery calls. It may run twice."""

from celery import shared_task

from intervision import clock
from surveys.actions import closing


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True, expires=300)
def close_due() -> None:
    """Every five minutes: windows and pools whose deadline is past."""
    closing.close_due(at=clock.now())
