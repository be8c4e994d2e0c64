"""The one clock of the application; every room may import this module.

Times that people plan by come from ``now()``. In a demonstration it runs ahead of real time by one stored
offset, so that reminders are seen to go out. Sign-in sessions, tokens, leases and rate limits keep real time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from intervision.prepared import Statement

STORED = Statement("select ahead from intervision_democlock")
_ahead: ContextVar[timedelta | None] = ContextVar("clock_ahead", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    if not settings.DEMO:
        return timezone.now()
    ahead = _ahead.get()
    return timezone.now() + (read() if ahead is None else ahead)


def today() -> date:
    """The calendar day of ``now()`` in the active time zone."""
    return timezone.localdate(now())


def read() -> timedelta:
    """Read the stored offset for the rest of this request or task. No query outside a demonstration."""
    if not settings.DEMO:
        return timedelta()
    ahead: timedelta = next(iter(STORED.rows()), (timedelta(),))[0]
    _ahead.set(ahead)
    return ahead


@transaction.atomic
def advance(by: timedelta) -> timedelta:
    """Move the demonstration's clock forward and return how far it is ahead of real time.

    Raises ValueError outside a demonstration and for a step that is not forward.
    """
    if not settings.DEMO:
        raise ValueError("the clock moves only in a demonstration")
    if by <= timedelta():
        raise ValueError("the clock moves forward only")
    model = apps.get_model("intervision", "DemoClock")
    model.objects.get_or_create(pk=1)
    row = model.objects.select_for_update().get(pk=1)
    ahead: timedelta = row.ahead + by
    row.ahead = ahead
    row.save()
    _ahead.set(ahead)
    return ahead


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let ``now()`` run from ``moment`` in this block: how a demonstration gets its past.

    Raises ValueError outside a demonstration.
    """
    if not settings.DEMO:
        raise ValueError("the clock moves only in a demonstration")
    token = _ahead.set(moment - timezone.now())
    try:
        yield
    finally:
        _ahead.reset(token)
