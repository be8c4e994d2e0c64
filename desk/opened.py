"""Who opened which kind of text of whose, for the privacy officer: never a text, its title or its topic."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from accounts.models import User
from catalogue import retention
from intervision import clock
from programs.models import Group, Membership
from sessions.models import GroupSession
from vault import doors
from vault.models import AccessEvent


@dataclass(frozen=True)
class Line:
    """``who`` and ``whose`` are None for somebody who is erased."""

    at: dt.datetime
    who: User | None
    what: str
    whose: User | None


def events(user: User) -> QuerySet[AccessEvent]:
    """What others opened in the houses ``user`` watches over, but of nobody whom ``user`` evaluated while events are
    kept, or who was in a group that ``user`` belonged to, guided or stood in for."""
    houses = user.appointments.watching().values("institution")
    evaluated = RawSQL(
        "select resident_id from programs_evaluation where evaluator_id = %s and period && daterange(%s, %s, '[]')",
        (user.pk, retention.cutoff("access_events", clock.now()).date(), clock.today()),
    )
    met = Q(pk__in=GroupSession.objects.met_by(user).values("group"))
    groups = Group.objects.filter(Q(memberships__user=user) | Q(guides__user=user) | met)
    theirs = Q(group__in=groups) | Q(attendances__session__group__in=groups)
    fellows = Membership.objects.filter(theirs).exclude(user=user)
    return (
        AccessEvent.objects.by_others()
        .filter(house_id__in=houses)
        .exclude(owner_id__in=evaluated)
        .exclude(owner_id__in=fellows.values("user"))
    )


def narrowed(
    rows: QuerySet[AccessEvent], *, person: str, since: dt.datetime | None, until: dt.datetime | None
) -> QuerySet[AccessEvent]:
    """By part of a name, of who opened or of whose it was, and from a moment up to another."""
    if person:
        named = User.objects.filter(name__icontains=person).order_by().values("pk")
        rows = rows.filter(Q(actor_id__in=named) | Q(owner_id__in=named))
    if since:
        rows = rows.filter(at__gte=since)
    if until:
        rows = rows.filter(at__lt=until)
    return rows


def lines(rows: Iterable[AccessEvent]) -> Iterator[Line]:
    found = list(rows)
    ids = {pk for event in found for pk in (event.actor_id, event.owner_id)}
    people: dict[Any, User] = User.objects.filter(erased_at=None).in_bulk(ids)
    for event in found:
        what = doors.label_of(event.kind)
        yield Line(event.at, people.get(event.actor_id), what, people.get(event.owner_id))
