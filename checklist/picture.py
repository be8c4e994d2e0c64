"""What a director is told, kept for the whole half-year: rings and counts as they stood when it began.

A figure is told from three groups and ten people on. It also waits until whoever subtracts it from one of an earlier
half-year is left with nothing, or with as many again: while fewer groups than that changed, the earlier figure stays,
with its own day.
"""

import datetime as dt
import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import catalogue
from accounts.models import Institution
from checklist import counting, pooling
from checklist.counting import Figure, Seats
from checklist.models import HousePicture
from checklist.pooling import Pooled
from checklist.scoring import Score
from surveys.actions import half_years

log = logging.getLogger(__name__)

#: Before the key of a condition.
RINGS = "rings:"
#: A figure as it is kept: value, day, and what each group adds, by its id.
Kept = dict[str, Any]


def of(house: Institution, at: dt.datetime) -> HousePicture:
    """Of the half-year in which ``at`` falls. Looking makes none: until the task did, it is empty and not stored."""
    from_on = half_years.begins(house, at)
    shown = HousePicture.objects.defer("adds").filter(institution=house, from_on=from_on).first()
    if shown is None:
        return HousePicture(institution=house, from_on=from_on, content={}, adds={})
    shown.institution = house
    return shown


def take_due(*, at: dt.datetime) -> int:
    """For every house whose half-year has begun without one; how many. May run twice."""
    recent = HousePicture.objects.filter(from_on__gte=at - dt.timedelta(days=200))
    there = set(recent.values_list("institution", "from_on"))
    houses = [(house, half_years.begins(house, at)) for house in Institution.objects.order_by("pk")]
    due = [(house, from_on) for house, from_on in houses if (house.pk, from_on) not in there]
    return sum(_made(house, from_on, at) for house, from_on in due)


def _made(house: Institution, from_on: dt.date, at: dt.datetime) -> bool:
    try:
        _make(house, from_on, at)
    except Exception:  # one that cannot be made must not keep the others from it
        log.exception("no picture", extra={"institution": str(house.pk)})
        return False
    return True


def rings(house: Institution, at: dt.datetime) -> Pooled:
    """In two questions, however many programs there are."""
    shown = of(house, at)
    told = {name.removeprefix(RINGS): one for name, one in shown.content.items() if name.startswith(RINGS)}
    if not told:
        return Pooled(shown.from_on, until(house, shown), None)
    values = {key: one["value"] for key, one in told.items()}
    days = {key: dt.date.fromisoformat(one["on"]) for key, one in told.items() if one["value"] is not None}
    since = max(days.values(), default=shown.from_on)
    score = pooling.pool(values, pooling.answers_of_house(house, since))
    return Pooled(since, until(house, shown), score, since < shown.from_on, _older(score, days, since))


def _older(score: Score, days: Mapping[str, dt.date], since: dt.date) -> dict[str, dt.date]:
    oldest = {
        key: min((days.get(item.item.key, since) for item in layer.items), default=since)
        for key, layer in score.layers.items()
    }
    return {key: day for key, day in oldest.items() if day < since}


def until(house: Institution, shown: HousePicture) -> dt.date | None:
    """The day of the next one; None where this half-year's is not made yet."""
    return house.on_day(half_years.ends(house, shown.from_on)) if shown.taken_at else None


def _make(house: Institution, from_on: dt.date, at: dt.datetime) -> HousePicture:
    values = {
        "taken_at": at,
        "catalogue_version": catalogue.load().version,
        **_contents(house, from_on, at),
    }
    made, _new = HousePicture.objects.get_or_create(institution=house, from_on=from_on, defaults=values)
    return made


def _contents(house: Institution, from_on: dt.date, at: dt.datetime) -> dict[str, dict[str, Any]]:
    """What is told, and apart from it what each group added."""
    taken = counting.seats(house.pk)
    begins = dt.datetime.combine(from_on, dt.time.min, house.zone)
    rings = pooling.figures(house, taken, begins)
    counts = counting.figures(house.pk, taken, at)
    new = {
        **{f"{RINGS}{key}": _new(figure, from_on) for key, figure in rings.items()},
        **{name: _new(figure, house.on_day(at)) for name, figure in counts.items()},
    }
    earlier = list(HousePicture.objects.filter(institution=house, from_on__lt=from_on))
    told = {
        name: _told(one, [_of(name, row) for row in earlier if name in row.content], taken)
        for name, one in new.items()
        if _enough(one["adds"], taken)
    }
    return {
        "content": {name: {"value": one["value"], "on": one["on"]} for name, one in told.items()},
        "adds": {name: one["adds"] for name, one in told.items()},
    }


def _new(figure: Figure, day: dt.date) -> Kept:
    adds = {str(group): added for group, added in figure.adds.items()}
    return {"value": figure.value, "on": day.isoformat(), "adds": adds}


def _of(name: str, row: HousePicture) -> Kept:
    return {**row.content[name], "adds": row.adds[name]}


def _told(new: Kept, earlier: Sequence[Kept], taken: Seats) -> Kept:
    """``new``, or the last of ``earlier`` while too few groups changed since any of them."""
    return new if all(_leaves_enough(new, one, taken) for one in earlier) else earlier[-1]


def _enough(groups: Collection[str], taken: Seats) -> bool:
    return counting.enough([UUID(group) for group in groups], taken)


def _leaves_enough(now: Kept, then: Kept, taken: Seats) -> bool:
    """Whether nothing or enough is left of ``now`` without what ``then`` told already, or the other way round.

    A figure may differ though no group adds anything else: somebody is now in two of them.
    """
    adds, before = now["adds"], then["adds"]
    changed = {group for group in {*adds, *before} if adds.get(group) != before.get(group)}
    return _enough(changed, taken) if changed else bool(now["value"] == then["value"])
