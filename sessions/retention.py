import datetime as dt

from intervision import batches
from programs.retention import over_since
from sessions.models import Attendance, PrivateLine, SessionLog


def purge(*, at: dt.datetime) -> dict[str, int]:
    """Leave only counts of sessions of programs long over: how many were there, how often care broke in.

    What members kept for themselves goes sooner.
    """
    programs = over_since("attendance", at)
    there = Attendance.objects.filter(session__group__program__in=programs, membership__isnull=False)
    named = there.update(membership=None, says="")
    logs = SessionLog.objects.filter(session__group__program__in=programs)
    lines = PrivateLine.objects.filter(session__group__program__in=over_since("private_line", at))
    return {"attendance": named + batches.delete(logs), "private_line": batches.delete(lines)}
