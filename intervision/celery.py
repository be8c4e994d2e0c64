"""The Celery application. Messages name a task and ids; what is true stands in the database."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "intervision.settings")

app = Celery("intervision")
app.set_default()  # for the threads of the web server too
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """Celery leaves logging alone when somebody listens here; Django has set it up."""


@task_prerun.connect
def start_task(task_id: str, **kwargs: Any) -> None:
    from intervision import clock, logs

    logs.cause.set(task_id)
    clock.read()


@task_postrun.connect
def end_task(**kwargs: Any) -> None:
    from intervision import logs

    logs.cause.set(None)


@worker_ready.connect
def catch_up(**kwargs: Any) -> None:
    """Look for due messages at once: the time without a worker may have been long."""
    app.send_task("outbox.tasks.tick")
