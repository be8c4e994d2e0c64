import datetime as dt

from outbox.models import Claim, Job, Message

KEPT = dt.timedelta(days=183)


def purge(*, at: dt.datetime) -> None:
    """Delete what was told or done half a year before ``at``. What is still to be told stays."""
    ended = [Message.State.SENT, Message.State.UNKNOWN, Message.State.DEAD, Message.State.CANCELLED]
    Message.objects.filter(state__in=ended, due_at__lt=at - KEPT).delete()
    Job.objects.filter(finished_at__lt=at - KEPT).delete()
    held = Message.objects.filter(state=Message.State.LEASED).values("claim")
    Claim.objects.exclude(pk__in=held).delete()
