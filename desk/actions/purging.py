"""Letting go of what the retention table says is kept no longer: every room in turn, one report."""

import datetime as dt
import logging
from collections import Counter
from collections.abc import Collection
from functools import partial
from importlib import import_module
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import periods
from accounts.models import Appointment, PurgeReport, User
from catalogue import retention
from catalogue.retention import House
from desk.actions import erasing
from programs.models import DepartmentRule, EvaluativeRelation, Guide, Membership
from programs.retention import over_since

log = logging.getLogger(__name__)

ROOMS = ("vault", "outbox", "concerns", "sessions", "programs", "accounts")
#: Houses that keep accounts for less time, and since when they still keep them.
Sooner = list[tuple[UUID, dt.datetime]]
REPORTS_FOR = dt.timedelta(days=366)


def purge(*, at: dt.datetime) -> PurgeReport:
    """Run every room's purge, then let go of people without any tie. A room that fails holds up no other."""
    counts, failed = Counter[str](), []
    houses = periods.houses(at)
    for room in (*ROOMS, "desk"):
        try:
            counts.update(_of_room(room, at, houses))
        except Exception:  # whatever it is, the others go on, and the report says so
            log.exception("purge failed", extra={"room": room})
            failed.append(room)
    PurgeReport.objects.filter(ran_at__lt=at - REPORTS_FOR).delete()
    return PurgeReport.objects.create(ran_at=at, counts=dict(counts), failed=failed)


def _of_room(room: str, at: dt.datetime, houses: list[House]) -> dict[str, int]:
    if room == "desk":
        return {"accounts": forget_idle(at=at, houses=houses)}
    counts: dict[str, int] = import_module(f"{room}.retention").purge(at=at, houses=houses)
    return counts


def due(*, at: dt.datetime, houses: list[House]) -> Counter[str]:
    """How much of each kind ``purge`` would let go of; nothing goes."""
    found = Counter(accounts=idle(at, houses).count())
    for room in ROOMS:
        for kind, queries in import_module(f"{room}.retention").old(at=at, houses=houses).items():
            found[kind] += sum(rows.count() for rows in queries)
    return found


def forget_idle(*, at: dt.datetime, houses: list[House]) -> int:
    """Erase whoever has had no role and no place for as long as accounts are kept; returns how many."""
    gone = 0
    for user in idle(at, houses).iterator(chunk_size=200):
        with transaction.atomic():
            row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
            if idle(at, houses).filter(pk=row.pk).exists():
                erasing.let_go(row, at=at)
                gone += 1
    return gone


def idle(at: dt.datetime, houses: Collection[House] = ()) -> QuerySet[User]:
    """People whose last tie ended long ago: no role, no place in a program, nobody whom they evaluate.

    Each tie counts for as long as its own house keeps accounts.
    """
    before = retention.cutoff("accounts", at)
    sooner = [(house.id, moment) for house, moment in retention.shorter("accounts", at, houses)]
    people = User.objects.filter(_known_since(before, sooner), erased_at__isnull=True)
    over = over_since("accounts", at, houses)
    for tie in _ties(before, sooner, over):
        people = people.exclude(Exists(tie))
    ordered: QuerySet[User] = people.order_by("pk")
    return ordered


def _ties(before: dt.datetime, sooner: Sooner, over: list[UUID]) -> list[QuerySet[Any]]:
    """What holds somebody: of each sort the rows of the person ``OuterRef("pk")``."""
    ended = (Membership.State.LEFT, Membership.State.DECLINED)
    mine = {"user": OuterRef("pk")}
    until = partial(_since, before=before, sooner=sooner)
    left = until("left_on", "program__institution") | until("declined_at", "program__institution")
    evaluates = {"evaluator": OuterRef("pk")}
    return [
        Appointment.objects.filter(Q(until_on=None) | until("until_on", "institution"), **mine),
        Membership.objects.exclude(state__in=ended).exclude(program__in=over).filter(**mine),
        Membership.objects.filter(left, **mine),
        Guide.objects.filter(
            Q(until_on=None) | until("until_on", "group__program__institution"), **mine
        ).exclude(group__program__in=over),
        EvaluativeRelation.objects.filter(Q(until_on=None) | until("until_on", "institution"), **evaluates),
        DepartmentRule.objects.filter(
            Q(until_on=None) | until("until_on", "department__institution"), **evaluates
        ),
    ]


def _since(field: str, house: str, *, before: dt.datetime, sooner: Sooner) -> Q:
    """Rows whose day or moment ``field`` is not yet older than their ``house`` keeps accounts."""

    def value(moment: dt.datetime) -> dt.date:
        return moment.date() if field.endswith("_on") else moment

    since = Q(**{f"{field}__gte": value(before)})
    for pk, moment in sooner:
        since &= ~Q(**{house: pk, f"{field}__lt": value(moment)})
    return since


def _known_since(before: dt.datetime, sooner: Sooner) -> Q:
    """Who is not known for so short that nobody can have had the time to give them a role."""
    since = Q(created_at__lt=before)
    for pk, moment in sooner:
        mine = {"user": OuterRef("pk")}
        had = Appointment.objects.filter(institution=pk, **mine)
        took_part = Membership.objects.filter(program__institution=pk, **mine)
        guided = Guide.objects.filter(group__program__institution=pk, **mine)
        since |= Q(Exists(had) | Exists(took_part) | Exists(guided), created_at__lt=moment)
    return since
