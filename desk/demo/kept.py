"""How the programs of the demonstration stood in the nights after answers were shown, as the nights of use keep it."""

import datetime as dt

from checklist import keeping
from intervision import clock
from surveys.models import Result

#: Well after the hour at which a night begins.
AT = dt.time(2, tzinfo=dt.UTC)


def keep_past() -> None:
    shown = Result.objects.filter(group=None).order_by("released_at").values_list("released_at", flat=True)
    for night in dict.fromkeys(at.astimezone(dt.UTC).date() + dt.timedelta(days=1) for at in shown):
        moment = dt.datetime.combine(night, AT)
        if moment < clock.now():
            with clock.at(moment):
                keeping.keep_due(until=float("inf"))
