"""Fills an empty database with the demonstration, all of it or nothing."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.db.models import F
from django.utils import translation

from checklist import picture
from desk.actions import purging
from desk.demo import house, kept, known, programs, second_house, shaping, writing
from intervision import clock
from outbox.models import Message

#: Messages due earlier than this before now count as delivered long ago; the others leave for the mailbox.
RECENT = dt.timedelta(days=14)
#: When the night before last let go of what is kept no longer.
NIGHT, DAY = dt.time(2), dt.timedelta(days=1)


def fill(say: Callable[[str], None] = lambda words: None, *, shapes: bool = True) -> None:
    """Build the hospital and its programs around today. The caller has seen that the database is empty.

    With ``shapes`` also last year's round, and the second hospital, whose programs show what the checklist says
    (docs/demonstration.md).
    """
    now = clock.now()
    with transaction.atomic():
        built = _build(now, say, shapes=shapes)
    # What opens a text is never a part of something larger, nor is a night's purge.
    writing.read(built)
    purging.purge(at=dt.datetime.combine(built.today, NIGHT, dt.UTC) - DAY)


def _build(now: dt.datetime, say: Callable[[str], None], *, shapes: bool) -> house.House:
    built = house.build(now)
    say(f"{built.institution}: {len(built.residents)} residents, {len(built.guides)} guides")
    with translation.override(built.institution.language):
        if shapes:
            shaping.last_year(built)
        for story in programs.STORIES:
            story(built)
            say((story.__doc__ or "").strip().splitlines()[0])
        writing.write(built)
        if shapes:
            second = second_house.build(now)
            shaping.build_all(second)
            say(f"{second.institution}: {(shaping.build_all.__doc__ or '').strip()}")
    known.came_in(now)
    kept.keep_past()
    if shapes:
        picture.take_due(at=now)
    _settle_mail(built, now)
    return built


def _settle_mail(built: house.House, now: dt.datetime) -> None:
    """Mail of the past has gone, one letter could not be delivered, and the last days' is about to leave."""
    waiting = Message.objects.filter(state=Message.State.PENDING)
    old = waiting.filter(due_at__lt=now - RECENT)
    old.update(state=Message.State.SENT, sent_at=F("due_at"))
    lost = (
        waiting.filter(due_at__lte=now)
        .exclude(recipient=built.resident)
        .order_by("due_at", "dedupe_key")
        .first()
    )
    if lost:
        Message.objects.filter(pk=lost.pk).update(
            state=Message.State.DEAD, attempts=1, error_class="SMTPRecipientsRefused"
        )
