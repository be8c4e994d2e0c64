import datetime as dt
from collections.abc import Collection

from django.db import connection
from django.db.models import Q

from catalogue import retention
from catalogue.retention import House, Old
from vault.models import AccessEvent

KIND = "access_events"


def old(*, at: dt.datetime, houses: Collection[House] = ()) -> Old:
    """Events that are older than people were told."""
    over = Q(at__lt=retention.cutoff(KIND, at))
    for house, before in retention.shorter(KIND, at, houses):
        over |= Q(house_id=house.id, at__lt=before)
    return {KIND: [AccessEvent.objects.filter(over)]}


def purge(*, at: dt.datetime, houses: Collection[House] = ()) -> dict[str, int]:
    """Let go of what is old. The database refuses any sooner than the house chose."""
    with connection.cursor() as cursor:
        cursor.execute("select vault_purge_events(%s)", [retention.cutoff(KIND, at)])
        gone = int(cursor.fetchone()[0])
        for house, before in retention.shorter(KIND, at, houses):
            cursor.execute("select vault_purge_events_of(%s, %s)", [house.id, before])
            gone += int(cursor.fetchone()[0])
    return {KIND: gone}
