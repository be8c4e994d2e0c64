import datetime as dt

from catalogue import retention
from intervision import batches
from outbox.models import Claim, Job, Message


def purge(*, at: dt.datetime) -> dict[str, int]:
    """Delete what was told or done longer before ``at`` than people were told. What is still to be told stays."""
    ended = [Message.State.SENT, Message.State.UNKNOWN, Message.State.DEAD, Message.State.CANCELLED]
    before = retention.cutoff("messages", at)
    gone = batches.delete(Message.objects.filter(state__in=ended, due_at__lt=before))
    gone += batches.delete(Job.objects.filter(finished_at__lt=before))
    held = Message.objects.filter(state=Message.State.LEASED).values("claim")
    Claim.objects.exclude(pk__in=held).delete()
    return {"messages": gone}
