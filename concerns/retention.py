"""Lets go of who made a report, and of the code to follow it, some time after it is settled."""

import datetime as dt
from collections.abc import Collection

from catalogue.retention import House, Old
from concerns.models import KNOWN_FOR, LeakReport


def old(*, at: dt.datetime, houses: Collection[House] = ()) -> Old:
    """Nothing that a house could keep for less time."""
    return {}


def purge(*, at: dt.datetime, houses: Collection[House] = ()) -> dict[str, int]:
    """Forget who reported. How many is not said: it would tell whoever reads of that night that there was a report."""
    settled = LeakReport.objects.filter(state__in=LeakReport.SETTLED).exclude(reporter=None, code_hash="")
    over = [
        row.pk
        for row in settled.select_related("group__program__institution")
        if row.group.program.institution.on_day(at) > row.since_on + KNOWN_FOR
    ]
    LeakReport.objects.filter(pk__in=over).update(reporter=None, code_hash="")
    return {}
