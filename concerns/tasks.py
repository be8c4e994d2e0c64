"""What Celery calls. It calls one function and may run twice."""

from celery import shared_task

from concerns import actions
from intervision import clock


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True, expires=3600)
def every_night() -> None:
    actions.every_night(at=clock.now())
