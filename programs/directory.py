"""The guides of an institution as a page of a program shows them: training, load, independence."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from programs import independence
from programs.models import FacilitatorProfile, Guide, Program, TrainingRecord


@dataclass(frozen=True)
class Entry:
    profile: FacilitatorProfile
    #: Hours of training in leading conversations (guiding groups and counselling).
    hours: Decimal
    steers: bool
    #: Groups led today, in any program of the institution. Read with ``with_load``.
    load: int
    #: Names of the program's people whom this person evaluates.
    evaluates: list[str]
    #: How many of the program's people it is not known of.
    not_known: int

    @property
    def is_full(self) -> bool:
        return self.load >= self.profile.capacity


def entries(program: Program, profiles: Iterable[FacilitatorProfile], on: dt.date) -> list[Entry]:
    """One entry for each of ``profiles``, in a fixed number of queries."""
    shown = list(profiles)
    people = {row.user_id: row.name for row in program.memberships.live().select_related("user")}
    status = independence.statuses([profile.user_id for profile in shown], people, on)
    return [_entry(profile, people, status) for profile in shown]


def with_load(profiles: QuerySet[FacilitatorProfile], on: dt.date) -> QuerySet[FacilitatorProfile]:
    """Each with ``load``: how many groups of its institution the person leads on the day ``on``."""
    led = Guide.objects.active(on).filter(
        user=OuterRef("user"), group__program__institution=OuterRef("institution")
    )
    counted = led.order_by().values("user").annotate(count=Count("pk")).values("count")
    return profiles.annotate(load=Coalesce(Subquery(counted), 0))


def _entry(
    profile: FacilitatorProfile,
    people: dict[UUID, str],
    status: dict[tuple[UUID, UUID], independence.Independence],
) -> Entry:
    own = {person: status[profile.user_id, person] for person in people}
    trainings = list(profile.user.training_records.all())
    return Entry(
        profile=profile,
        hours=sum((row.hours for row in trainings if row.topic in LEADING), Decimal(0)),
        steers=any(row.topic == TrainingRecord.Topic.STEERING for row in trainings),
        load=profile.load,  # type: ignore[attr-defined]
        evaluates=sorted(
            people[key] for key, value in own.items() if value == independence.Independence.CONFLICT
        ),
        not_known=sum(value == independence.Independence.NOT_KNOWN for value in own.values()),
    )


LEADING = {TrainingRecord.Topic.FACILITATION, TrainingRecord.Topic.COUNSELLING}
