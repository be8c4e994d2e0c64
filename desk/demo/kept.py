"""How the programs of the demonstration stood in nights of the past, as the nights of use keep it."""

import datetime as dt
from collections import defaultdict

from accounts.models import Institution
from checklist import keeping
from checklist.models import SnapshotRun
from intervision import clock
from programs.models import Program
from surveys.actions import half_years
from surveys.models import Result

#: Well after the hour at which a night begins.
AT = dt.time(2, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def keep_past() -> None:
    """The nights after answers were shown, and the last ones of two half-years: what a director's picture is of.

    What was said at intake interviews is told as it is by last night.
    """
    nights: dict[dt.date, dict[Program, None]] = defaultdict(dict)
    for night, program in (*_after_answers(), *_before_half_years()):
        nights[night][program] = None
    for night in sorted(nights):
        at = dt.datetime.combine(night, AT)
        if at < clock.now():
            _keep(night, list(nights[night]), at)
    keeping.take(list(Program.objects.select_related("institution").order_by("pk")), clock.now())


def _after_answers() -> list[tuple[dt.date, Program]]:
    shown = Result.objects.filter(group=None).select_related("program__institution").order_by("released_at")
    return [(result.released_at.astimezone(dt.UTC).date() + DAY, result.program) for result in shown]


def _before_half_years() -> list[tuple[dt.date, Program]]:
    found = []
    for house in Institution.objects.order_by("name"):
        last = half_years.begins(house, clock.now()) - DAY
        before = half_years.begins(house, dt.datetime.combine(last, AT)) - DAY
        for night in (before, last):
            begun = house.programs.filter(groups__sessions__ends_at__date__lt=night).distinct()
            found += [(night, program) for program in begun.select_related("institution").order_by("pk")]
    return found


def _keep(night: dt.date, programs: list[Program], at: dt.datetime) -> None:
    written, failed = keeping.keep(programs, at, run=_run(night, at, len(programs)))
    SnapshotRun.objects.filter(night=night).update(written=written, failed=failed)


def _run(night: dt.date, at: dt.datetime, programs: int) -> SnapshotRun:
    return SnapshotRun.objects.create(night=night, began_at=at, finished_at=at, total=programs, done=programs)
