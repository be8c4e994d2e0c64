"""Sending what is due. Claim a batch, commit, send in order, mark each: no mail leaves inside a transaction.

A worker that dies leaves one row that may or may not have left, and we know which: the first of its batch
without a mark. Where that is harmless it is sent again under the same Message-ID; elsewhere it is shown as
uncertain.
"""

import datetime as dt
import logging
import smtplib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from intervision import clock
from outbox import kinds
from outbox.line import Line
from outbox.mail import Gone
from outbox.models import Claim, Hold, Message
from outbox.models.message import SENDING_ORDER
from outbox.rendering import render

log = logging.getLogger(__name__)

BATCH = 100
#: Longer than a tick may live with its budget and one stalled message, so that nobody takes a row in hand.
LEASE = dt.timedelta(seconds=55)
MOST_ATTEMPTS = 8
State = Message.State


def deliver_due(*, until: float) -> int:
    """Send what is due until none is left or ``monotonic()`` passes ``until``; return how many left."""
    settle_abandoned()
    sent = 0
    if Hold.objects.exists():
        return sent
    with Line() as line:
        for promise in kinds.PROMISES:
            while line.is_usable and monotonic() < until and (batch := claim(promise)):
                with quick_marks():
                    sent += send(batch, line, until=until)
    return sent


def claim(promise: kinds.Promise, *, limit: int = BATCH) -> list[Message]:
    """Take up to ``limit`` due messages of one promise, so that no other worker does, in sending order."""
    with transaction.atomic():
        due = Message.objects.due(clock.now()).filter(kind__in=kinds.promised(promise))
        locked = due.select_for_update(skip_locked=True, of=("self",)).select_related("recipient")
        batch = list(locked[:limit])
        if not batch:
            return []
        taken = Claim.objects.create()
        Message.objects.filter(pk__in=[message.pk for message in batch]).update(
            state=State.LEASED, claim=taken.pk, lease_until=Now() + LEASE
        )
    for message in batch:
        message.claim = taken.pk
    return batch


@contextmanager
def quick_marks() -> Iterator[None]:
    """Let marks commit without waiting for the disk, which doubles the speed and more on a slow one.

    A database that crashes may forget the last of them; it forgets the claim as well, see ``settle_abandoned``.
    """
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit to off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("reset synchronous_commit")


def send(batch: list[Message], line: Line, *, until: float) -> int:
    """Send ``batch`` in order and return how many left; what time or line did not allow is given back."""
    sent = 0
    for position, message in enumerate(batch):
        if not line.is_usable or monotonic() >= until:
            give_back(batch[position:])
            break
        sent += deliver(message, line)
    Claim.objects.filter(pk__in={message.claim for message in batch if message.claim}).delete()
    return sent


def give_back(messages: list[Message]) -> None:
    mine = Message.objects.filter(pk__in=[message.pk for message in messages], claim=messages[0].claim)
    mine.update(state=State.PENDING, claim=None, lease_until=None)


def deliver(message: Message, line: Line) -> bool:
    """Send one message, mark what became of it, and tell whether it left."""
    kind = kinds.find(message.kind)
    if kind is None:
        raise ValueError(f"no room registered the kind {message.kind!r}")
    at = clock.now()
    try:
        email = render(message, kind, at=at)
    except Exception as error:  # a room's fault must not hold up everybody else's messages
        log.exception("message cannot be rendered", extra={"kind": message.kind})
        put_off(message, type(error).__name__)
        return False
    if isinstance(email, Gone):
        mark(message, state=State.CANCELLED, error_class=email.reason[:80])
        return False
    try:
        line.send(email)
    except Exception as error:
        fail(message, error, line, repeatable=kind.promise == "at_least_once")
        return False
    mark(message, state=State.SENT, sent_at=at, error_class="")
    return True


def fail(message: Message, error: Exception, line: Line, *, repeatable: bool) -> None:
    """Mark ``message`` after ``error``: given up, uncertain, put off, or not tried at all."""
    reason = type(error).__name__
    log.warning("message not delivered", extra={"error_class": reason, "kind": message.kind})
    if is_final(error):
        mark(message, state=State.DEAD, error_class=reason)
    elif line.in_doubt and not repeatable:
        mark(message, state=State.UNKNOWN, error_class=reason)
    elif line.never_opened:
        mark(message, state=State.PENDING, error_class=reason, attempts=message.attempts)
    else:
        put_off(message, reason)


def is_final(error: Exception) -> bool:
    """Whether the server said no for good (5xx) to this message or its recipient, rather than to us."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def put_off(message: Message, reason: str) -> None:
    """Try again after 1, 2, 4 ... minutes; the eighth failure is the last."""
    if message.attempts + 1 >= MOST_ATTEMPTS:
        mark(message, state=State.DEAD, error_class=reason)
    else:
        later = Now() + dt.timedelta(minutes=2**message.attempts)
        mark(message, state=State.PENDING, lease_until=later, error_class=reason)


def mark(message: Message, **changes: Any) -> None:
    """Write what became of a message, unless its lease ran out and somebody else has it now."""
    mine = Message.objects.filter(pk=message.pk, claim=message.claim)
    mine.update(**{"claim": None, "lease_until": None, "attempts": F("attempts") + 1} | changes)


@transaction.atomic
def settle_abandoned() -> None:
    """Free the messages whose worker died. All but the one it had in hand were never begun.

    Where the database crashed since, it is not known which one that was: then all of its batch are uncertain.
    """
    left = Message.objects.filter(state=State.LEASED, lease_until__lte=Now()).select_for_update()
    left_in_order = list(left.order_by("claim", *SENDING_ORDER))
    claims = {message.claim for message in left_in_order if message.claim}
    known = set(Claim.objects.filter(pk__in=claims).values_list("pk", flat=True))
    repeatable = set(kinds.promised("at_least_once"))
    begun: dict[uuid.UUID | None, Message] = {}
    for message in left_in_order:
        first = begun.setdefault(message.claim, message)
        if message.kind not in repeatable and (message is first or message.claim not in known):
            mark(message, state=State.UNKNOWN, error_class="interrupted")
        else:
            give_back([message])
    Claim.objects.filter(pk__in=known).delete()
