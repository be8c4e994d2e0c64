import datetime as dt
from collections.abc import Collection

from django.db.models import Q

from catalogue import retention
from catalogue.retention import House, Old
from intervision import batches
from outbox.models import Claim, Job, Message


def old(*, at: dt.datetime, houses: Collection[House] = ()) -> Old:
    """What was told or done longer before ``at`` than people were told. What is still to be told is not old."""
    ended = [Message.State.SENT, Message.State.UNKNOWN, Message.State.DEAD, Message.State.CANCELLED]
    before = retention.cutoff("messages", at)
    over = Q(due_at__lt=before)
    for house, sooner in retention.shorter("messages", at, houses):
        over |= Q(recipient__in=house.people, due_at__lt=sooner)
    done = Job.objects.filter(finished_at__lt=before)
    return {"messages": [Message.objects.filter(over, state__in=ended), done]}


def purge(*, at: dt.datetime, houses: Collection[House] = ()) -> dict[str, int]:
    gone = batches.delete_all(old(at=at, houses=houses))
    held = Message.objects.filter(state=Message.State.LEASED).values("claim")
    Claim.objects.exclude(pk__in=held).delete()
    return gone
