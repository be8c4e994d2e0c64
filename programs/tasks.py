"""What Celery calls. Each calls one function and may run twice."""

from celery import shared_task

from intervision import clock
from programs import suspensions
from programs.actions import intake_times, stages, waiting


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True, expires=600)
def advance() -> None:
    """Every ten minutes: programs whose closing date is past, or whose people all answered."""
    stages.advance_due(at=clock.now())


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True, expires=600)
def follow_leads() -> None:
    """Every ten minutes: intake times with a guide who was replaced or suspended, also by a date that came."""
    intake_times.follow_leads(at=clock.now())


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True, expires=300)
def renew_offers() -> None:
    """Every five minutes: seats that were held in vain go to the next, and free seats to whoever waits."""
    waiting.renew(at=clock.now())


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True, expires=3600)
def check_independence() -> None:
    """Once a night: coordinators learn of assignments that an evaluation has put out of force."""
    suspensions.tell_coordinators(at=clock.now())
