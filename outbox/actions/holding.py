"""After an older database was put back: what it calls due may have left already, so nothing leaves by itself."""

import datetime as dt

from django.db import transaction

from outbox.models import Claim, Hold, Message

State = Message.State
RESTORED = "restored"


@transaction.atomic
def hold(*, at: dt.datetime) -> int:
    """Send nothing until ``release``. What was due by ``at`` is marked "perhaps sent"; returns how many.

    Each of those is sent again only when somebody asks for it.
    """
    Hold.objects.get_or_create(defaults={"since": at})
    waiting = Message.objects.filter(state__in=(State.PENDING, State.LEASED))
    marked = waiting.filter(due_at__lte=at).update(
        state=State.UNKNOWN, claim=None, lease_until=None, error_class=RESTORED
    )
    waiting.update(state=State.PENDING, claim=None, lease_until=None)
    Claim.objects.all().delete()
    return marked


@transaction.atomic
def release(*, at: dt.datetime) -> int:
    """Let messages leave again. Returns how many fell due during the hold and are not sent: the lost time may have
    sent them. What was caused since the hold began is new, and leaves.
    """
    marked = 0
    for since in Hold.objects.values_list("since", flat=True):
        old = Message.objects.filter(state=State.PENDING, created_at__lte=since, due_at__lte=at)
        marked += old.update(state=State.UNKNOWN, error_class=RESTORED)
    Hold.objects.all().delete()
    return marked
