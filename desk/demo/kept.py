"""How the programs of the demonstration stood in the nights after answers were shown, as the nights of use keep it."""

import datetime as dt

from checklist import keeping
from checklist.models import SnapshotRun
from intervision import clock
from surveys.models import Result

#: Well after the hour at which a night begins.
AT = dt.time(2, tzinfo=dt.UTC)


def keep_past() -> None:
    shown = Result.objects.filter(group=None).select_related("program__institution").order_by("released_at")
    for result in shown:
        night = result.released_at.astimezone(dt.UTC).date() + dt.timedelta(days=1)
        at = dt.datetime.combine(night, AT)
        if at < clock.now():
            values = {"began_at": at, "finished_at": at, "total": 1, "done": 1}
            run, _new = SnapshotRun.objects.get_or_create(night=night, defaults=values)
            run.written += keeping.keep([result.program], at, run=run)[0]
            run.save(update_fields=["written"])
