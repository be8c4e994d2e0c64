import datetime as dt
from collections.abc import Collection

from catalogue.retention import House, Old
from intervision import batches
from programs import offers
from programs.retention import over_since
from sessions.models import Attendance, GuideRound, PrivateLine, SessionLog


def old(*, at: dt.datetime, houses: Collection[House] = ()) -> Old:
    """Names and logs of sessions of programs long over; what members kept for themselves is old sooner."""
    programs = over_since("attendance", at, houses)
    there = Attendance.objects.filter(session__group__program__in=programs, membership__isnull=False)
    logs = SessionLog.objects.filter(session__group__program__in=programs)
    rounds = GuideRound.objects.filter(group__program__in=programs)
    sooner = over_since("private_line", at, houses)
    places = offers.may_leave(at).values("pk")
    lines = PrivateLine.objects.filter(session__group__program__in=sooner, membership__in=places)
    return {"attendance": [there, logs, rounds], "private_line": [lines]}


def purge(*, at: dt.datetime, houses: Collection[House] = ()) -> dict[str, int]:
    """Leave only counts of old sessions: how many were there, how often care broke in."""
    found = old(at=at, houses=houses)
    there, *logs = found["attendance"]
    named = there.update(membership=None, says="")
    gone = batches.delete_all(found | {"attendance": logs})
    return gone | {"attendance": named + gone["attendance"]}
