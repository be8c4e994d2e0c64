"""Letting go of what the retention table says is kept no longer: every room in turn, one report."""

import datetime as dt
import logging
from collections import Counter
from importlib import import_module

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Appointment, PurgeReport, User
from catalogue import retention
from desk.actions import erasing
from programs.models import DepartmentRule, EvaluativeRelation, Guide, Membership
from programs.retention import over_since

log = logging.getLogger(__name__)

ROOMS = ("vault", "outbox", "sessions", "programs", "accounts")
REPORTS_FOR = dt.timedelta(days=366)


def purge(*, at: dt.datetime) -> PurgeReport:
    """Run every room's purge, then let go of people without any tie. A room that fails holds up no other."""
    counts, failed = Counter[str](), []
    for room in (*ROOMS, "desk"):
        try:
            counts.update(_of_room(room, at))
        except Exception:  # whatever it is, the others go on, and the report says so
            log.exception("purge failed", extra={"room": room})
            failed.append(room)
    PurgeReport.objects.filter(ran_at__lt=at - REPORTS_FOR).delete()
    return PurgeReport.objects.create(ran_at=at, counts=dict(counts), failed=failed)


def _of_room(room: str, at: dt.datetime) -> dict[str, int]:
    if room == "desk":
        return {"accounts": forget_idle(at=at)}
    counts: dict[str, int] = import_module(f"{room}.retention").purge(at=at)
    return counts


def forget_idle(*, at: dt.datetime) -> int:
    """Erase whoever has had no role and no place for as long as accounts are kept; returns how many."""
    gone = 0
    for user in idle(at).iterator(chunk_size=200):
        with transaction.atomic():
            row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
            if idle(at).filter(pk=row.pk).exists():
                erasing.let_go(row, at=at)
                gone += 1
    return gone


def idle(at: dt.datetime) -> QuerySet[User]:
    """People whose last tie ended long ago: no role, no place in a program, nobody whom they evaluate."""
    before = retention.cutoff("accounts", at)
    day = before.date()
    lasting = Q(until_on__isnull=True) | Q(until_on__gte=day)
    over = over_since("accounts", at)
    ended = (Membership.State.LEFT, Membership.State.DECLINED)
    mine = {"user": OuterRef("pk")}
    ties = (
        Appointment.objects.filter(lasting, **mine),
        Membership.objects.exclude(state__in=ended).exclude(program__in=over).filter(**mine),
        Membership.objects.filter(Q(left_on__gte=day) | Q(declined_at__gte=before), **mine),
        Guide.objects.filter(lasting, **mine).exclude(group__program__in=over),
        EvaluativeRelation.objects.filter(lasting, evaluator=OuterRef("pk")),
        DepartmentRule.objects.filter(lasting, evaluator=OuterRef("pk")),
    )
    people = User.objects.filter(erased_at__isnull=True, created_at__lt=before)
    for tie in ties:
        people = people.exclude(Exists(tie))
    ordered: QuerySet[User] = people.order_by("pk")
    return ordered
