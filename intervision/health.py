"""Two questions a machine asks: does the process answer, and does everything behind it work."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import cache

import redis
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError as BrokerError

from intervision.celery import app

log = logging.getLogger(__name__)

LATEST_TICK = timedelta(minutes=3)


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Whether database, broker, tick and sealed texts work. For watching; messages outlive an absent broker."""
    found = {name: works(probe) for name, probe in PROBES.items()}
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def works(probe: Callable[[], bool]) -> bool:
    from django.db import Error

    try:
        return probe()
    except (Error, redis.RedisError, BrokerError, OSError):
        return False


def database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return True


def broker() -> bool:
    with app.connection_for_write() as broker_connection:
        broker_connection.ensure_connection(max_retries=1, timeout=2)
    return True


def tick() -> bool:
    from outbox import heartbeat_age

    age = heartbeat_age()
    return age is not None and age < LATEST_TICK


def texts() -> bool:
    """Whether this process has the keys of what is sealed."""
    from vault import CannotOpen, wrapping

    try:
        wrapping.refuse_wrong_keys()
    except CannotOpen:
        return False
    return True


@cache
def warn_of_closed_texts() -> None:
    """Said once by each process that serves: planning goes on without those keys, so nothing else would tell."""
    if not works(texts):
        log.error("sealed texts cannot be opened with the keys that are set")


PROBES = {"database": database, "broker": broker, "tick": tick, "texts": texts}
