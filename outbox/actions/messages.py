import datetime as dt
import logging
import uuid
from collections.abc import Collection
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from outbox import kinds
from outbox.errors import NothingToTryAgain
from outbox.models import Message

log = logging.getLogger(__name__)


def enqueue(
    kind: str,
    *,
    about_id: uuid.UUID,
    to: AbstractBaseUser,
    key: str,
    at: dt.datetime,
    due_at: dt.datetime | None = None,
) -> Message:
    """Have ``kind`` told to ``to`` at ``due_at``, at once if not given; ``at`` is now.

    Part of the caller's transaction: it is told if and only if that commits. ``key`` names cause and moment
    (``invite:{session}:{user}:{sequence}``); a key that exists is returned as it is and nothing is added.
    ``to`` may be an unsaved person with no more than ``email`` and ``language``, who asked to be written to.
    Raises ValueError for a kind that no room registered.
    """
    if kinds.find(kind) is None:
        raise ValueError(f"no room registered the kind {kind!r}")
    new = uuid.uuid4()
    message, created = Message.objects.get_or_create(
        dedupe_key=key,
        defaults={
            "id": new,
            "kind": kind,
            "about_id": about_id,
            **receiver(to),
            "due_at": due_at or at,
            "message_id": f"{new}@{sending_domain()}",
            "created_at": at,
        },
    )
    if created and message.due_at <= at:
        kick_on_commit()
    return message


def receiver(to: Any) -> dict[str, Any]:
    """The columns that say who gets it: a person's row, or an address with a language."""
    if to._state.adding:
        return {"address": to.email, "language": to.language}
    return {"recipient_id": to.pk}


def sending_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def kick_on_commit() -> None:
    """Ask for one delivery when the transaction commits, however many messages it writes."""
    waiting = transaction.get_connection().run_on_commit
    if not any(function is kick for _, function, _ in waiting):
        transaction.on_commit(kick)


def kick() -> None:
    """Ask a worker to deliver now. If nobody hears it the next tick does: the request has succeeded."""
    from outbox.tasks import tick

    try:
        tick.delay()
    except Exception as error:  # a hint that is lost may have any cause, and none concerns the caller
        log.warning("kick lost", extra={"error_class": type(error).__name__})


def cancel(
    *,
    kind: str | None = None,
    about_id: uuid.UUID | None = None,
    to: AbstractBaseUser | None = None,
    key_prefix: str | None = None,
    reason: str = "",
) -> int:
    """Take back what has not left and return how many; they stay, visibly cancelled. Conditions add up.

    What is being sent at this moment is decided by its ``render``, which answers Gone.
    """
    chosen = {
        "kind": kind,
        "about_id": about_id,
        "recipient_id": to.pk if to else None,
        "dedupe_key__startswith": key_prefix,
    }
    conditions = {name: value for name, value in chosen.items() if value is not None}
    if not conditions:
        raise ValueError("cancel needs a condition: without one it would take back every message")
    return Message.objects.filter(state=Message.State.PENDING, **conditions).update(
        state=Message.State.CANCELLED, lease_until=None, error_class=reason
    )


def forget_addresses(about_ids: Collection[uuid.UUID]) -> int:
    """Delete what was told, or still to be told, about these to people we know by an address only; how many."""
    gone, _each = Message.objects.filter(about_id__in=about_ids, recipient=None).delete()
    return int(gone)


@transaction.atomic
def try_again(message: Message) -> Message:
    """Deliver ``message`` once more, under the same Message-ID. Returns it as saved.

    The caller has checked that the person may. Raises NothingToTryAgain.
    """
    fresh = Message.objects.select_for_update().get(pk=message.pk)
    if not fresh.can_be_tried_again:
        raise NothingToTryAgain
    fresh.state = Message.State.PENDING
    fresh.attempts, fresh.lease_until, fresh.error_class = 0, None, ""
    fresh.save()
    kick_on_commit()
    return fresh
