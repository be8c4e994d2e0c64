"""What an institution changed in how long it keeps things, and what the next night lets go of because of it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts import periods
from accounts.models import Institution, InstitutionEvent, PurgeReport, User
from catalogue import retention
from catalogue.retention import Retention
from desk.actions import purging
from intervision import clock

NIGHT = dt.timedelta(days=1)
#: Whoever knows when one person wrote would read from a small number that it was them.
OWN_TEXTS, FEW = ("goal", "preparation", "private_line"), 5
#: Changes that the page shows.
MOST = 50


@dataclass(frozen=True)
class Change:
    at: dt.datetime
    who: str
    #: The kind as it was kept before, and as it was from then on.
    differences: list[tuple[Retention, Retention]]


def next_night() -> dt.datetime | None:
    """When things are let go of next: a day after the last time; None where that is over or never was."""
    last = PurgeReport.objects.order_by("-ran_at").values_list("ran_at", flat=True).first()
    return last + NIGHT if last and last + NIGHT > clock.now() else None


def amount(kind: str, count: int) -> str:
    """How much went or goes of a kind; of texts that are people's own few are not counted out."""
    return _("fewer than five") if kind in OWN_TEXTS and count < FEW else str(count)


def going(
    institution: Institution, numbers: Mapping[str, int], at: dt.datetime
) -> list[tuple[Retention, str]]:
    """How much of each kind goes at ``at`` only because ``institution`` would keep things for ``numbers``."""
    as_asked = Institution(pk=institution.pk, own_periods=dict(numbers))
    others = [house for house in periods.houses(at) if house.id != institution.pk]
    now = purging.due(at=at, houses=[*others, periods.house(institution, at)])
    then = purging.due(at=at, houses=[*others, periods.house(as_asked, at)])
    more: Counter[str] = then - now
    return [(kind.of_others, amount(key, more[key])) for key, kind in retention.load().items() if more[key]]


def changes(institution: Institution) -> list[Change]:
    """Who changed what, the latest first."""
    rows = InstitutionEvent.objects.filter(id=institution.pk).order_by("-pgh_id")
    events: list[Any] = list(rows[: MOST + 1])
    contexts = [event.pgh_context or {} for event in events]
    names = User.objects.in_bulk({UUID(one["user"]) for one in contexts if "user" in one})
    return list(_said(events, {str(pk): user.name for pk, user in names.items()}))[:MOST]


def _said(events: list[Any], names: Mapping[str, str]) -> Iterator[Change]:
    before = [event.own_periods for event in events[1:]]
    for event, was in zip(events, [*before, {}], strict=True):
        facts = event.pgh_context or {}
        at = dt.datetime.fromisoformat(facts["at"]) if "at" in facts else event.pgh_created_at
        differences = [
            (kind.shortened(was.get(key)), kind.shortened(event.own_periods.get(key)))
            for key, kind in ((key, kind.of_others) for key, kind in retention.load().items())
            if was.get(key) != event.own_periods.get(key)
        ]
        if differences:
            who = names.get(facts.get("user", ""), _("somebody who is erased")) if "user" in facts else ""
            yield Change(at, who, differences)
