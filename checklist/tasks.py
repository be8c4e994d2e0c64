"""What Celery calls. It may run twice."""

from celery import shared_task

from checklist import asking
from intervision import clock


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True, expires=300)
def ask_due() -> None:
    """Every five minutes: questions around the sessions that are near."""
    asking.ask_due(at=clock.now())
