"""What Celery calls. Each calls one function and may run twice."""

from celery import shared_task

from intervision import clock
from programs.actions import intake_times, stages


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True, expires=600)
def advance() -> None:
    """Every ten minutes: programs whose closing date is past, or whose people all answered."""
    stages.advance_due(at=clock.now())


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True, expires=600)
def follow_leads() -> None:
    """Every ten minutes: intake times with a guide who was replaced or suspended, also by a date that came."""
    intake_times.follow_leads(at=clock.now())
