"""When somebody can come: their half-days and busy times against the times that are offered."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.models.time import HALF_DAYS, Availability, BusyTime
from intervision.prepared import Question
from programs.models import Guide, IntakeSlot

Period = tuple[dt.datetime, dt.datetime]
NOTHING_SAID = "-" * HALF_DAYS
AFTERNOON_FROM = dt.time(13)


@dataclass(frozen=True, slots=True)
class Week:
    """What is known of one person; ``answers`` are the fourteen letters of ``Availability``.

    A half-day that was not answered is possible, but not known to be fine.
    """

    answers: str = NOTHING_SAID
    busy: tuple[Period, ...] = ()

    def allows(self, slot: IntakeSlot, zone: ZoneInfo) -> bool:
        """Not on a "never", not during a duty or a day away."""
        if any(self.answers[half_day] == "n" for half_day in half_days_of(slot, zone)):
            return False
        return not any(start < slot.ends_at and slot.starts_at < end for start, end in self.busy)

    def likes(self, slot: IntakeSlot, zone: ZoneInfo) -> bool:
        return all(self.answers[half_day] == "f" for half_day in half_days_of(slot, zone))


Slot = TypeVar("Slot", bound=IntakeSlot)


def weeks_of(people: Collection[uuid.UUID], *, at: dt.datetime) -> Mapping[uuid.UUID, Week]:
    """What is known of each of ``people`` (ids) from ``at`` on; two queries however many they are."""
    grids = dict(Availability.objects.filter(user__in=people).values_list("user", "answers"))
    busy = defaultdict(list)
    rows = BusyTime.objects.filter(user__in=people, until_at__gt=at)
    for person, start, end in rows.values_list("user", "from_at", "until_at"):
        busy[person].append((start, end))
    return {person: Week(grids.get(person, NOTHING_SAID), tuple(busy[person])) for person in people}


def week_of(person: uuid.UUID, *, at: dt.datetime) -> Week:
    return weeks_of([person], at=at)[person]


busy_of: Question[Period] = Question(
    lambda person, at: (
        BusyTime.objects.filter(user=person, until_at__gt=at).order_by().values_list("from_at", "until_at")
    ),
    uuid.UUID,
    dt.datetime,
)
free_for: Question[IntakeSlot] = Question(
    lambda program, group, today, at: (
        IntakeSlot.objects.free(at=at)
        .filter(program=program, guide__in=leads_of(group, today))
        .select_related("room", "guide")
        .only("starts_at", "ends_at", "channel", "room__name", "guide__name")
        .order_by("starts_at", "pk")
    ),
    uuid.UUID,
    uuid.UUID,
    dt.date,
    dt.datetime,
)


def leads_of(group: uuid.UUID, on: dt.date) -> "QuerySet[Guide, Any]":
    return Guide.objects.active(on).filter(group=group, role=Guide.Role.LEAD).values("user")


def best_first(slots: Iterable[Slot], week: Week, zone: ZoneInfo) -> list[Slot]:
    """Those that ``week`` allows: on a fine half-day before others, early before late."""
    possible = [slot for slot in slots if week.allows(slot, zone)]
    return sorted(possible, key=lambda slot: (not week.likes(slot, zone), slot.starts_at))


def half_days_of(slot: IntakeSlot, zone: ZoneInfo) -> list[int]:
    """The half-days that ``slot`` touches, 0 for Monday morning."""
    start, end = slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)
    morning = 2 * start.weekday()
    touched = [morning] if start.time() < AFTERNOON_FROM else []
    if end.date() > start.date() or end.time() > AFTERNOON_FROM:
        touched.append(morning + 1)
    return touched
