import datetime as dt
from collections.abc import Collection

from django.db.models import Q

from accounts.models import BusyTime
from catalogue import retention
from catalogue.retention import House, Old
from intervision import batches


def old(*, at: dt.datetime, houses: Collection[House] = ()) -> Old:
    """Days away and duties that are long over."""
    over = Q(until_at__lt=retention.cutoff("availability", at))
    for house, before in retention.shorter("availability", at, houses):
        over |= Q(user__in=house.people, until_at__lt=before)
    return {"availability": [BusyTime.objects.filter(over)]}


def purge(*, at: dt.datetime, houses: Collection[House] = ()) -> dict[str, int]:
    return batches.delete_all(old(at=at, houses=houses))
