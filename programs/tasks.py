"""What Celery calls. Each calls one function and may run twice."""

from celery import shared_task

from intervision import clock
from programs.actions import stages


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True, expires=600)
def advance() -> None:
    """Every ten minutes: programs whose closing date is past, or whose people all answered."""
    stages.advance_due(at=clock.now())
