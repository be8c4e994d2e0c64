import datetime as dt

from accounts.models import BusyTime
from catalogue import retention
from intervision import batches


def purge(*, at: dt.datetime) -> dict[str, int]:
    """Delete days away and duties that are long over."""
    away = BusyTime.objects.filter(until_at__lt=retention.cutoff("availability", at))
    return {"availability": batches.delete(away)}
