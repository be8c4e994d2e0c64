"""Guides and rooms are taken while a session lasts; the database refuses to take them twice."""

import datetime as dt
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from accounts.models import User
from intervision import clock
from programs import occupying
from programs.models import Group, Guide, Occupation
from programs.refusals import refusals
from sessions.errors import GuideBusy, RoomBusy, SessionsError
from sessions.models import GroupSession

BY_ID = attrgetter("pk")


@dataclass(frozen=True)
class Clash:
    """Somebody who leads ``session`` is elsewhere at that time; said in words, decided by a person."""

    session: GroupSession
    person: User


def leaders(session: GroupSession) -> list[User]:
    """Who leads this session: the substitute instead of the lead, and whoever leads along."""
    on = session.group.program.institution.on_day(session.starts_at)
    rows = Guide.objects.filter(group=session.group_id).filter(_on(on)).select_related("user")
    if session.substitute_id is None or session.substitute is None:
        return [row.user for row in rows]
    along = [row.user for row in rows if row.role == Guide.Role.CO and row.user_id != session.substitute_id]
    return [session.substitute, *along]


def _on(day: dt.date) -> Q:
    """Assignments that hold on ``day``; one that begins later counts from its own first day."""
    ends = Q(until_on__isnull=True) | Q(until_on__gte=day)
    suspended = Q(suspended_from__isnull=True) | Q(suspended_from__gt=day)
    return ends & suspended & Q(from_on__lte=day)


@transaction.atomic
def occupy(session: GroupSession) -> None:
    """Take leaders and room for ``session`` as it is now, instead of what it took before.

    Raises GuideBusy or RoomBusy, having changed nothing. A cancelled session takes nothing.
    Lock order: sessions by time, in each people by id and then the room, so that two series never wait
    for each other.
    """
    free(session)
    if session.is_cancelled:
        return
    for person in sorted(leaders(session), key=BY_ID):
        _take(session, person)
    if session.room_id:
        with refusals(programs_occupation_room_once=RoomBusy):
            _write(session, room_id=session.room_id)


def free(session: GroupSession) -> None:
    Occupation.objects.filter(about_id=session.pk).delete()


@transaction.atomic
def follow_guides(group: Group) -> list[Clash]:
    """After a guide came or went: coming sessions of ``group`` take who leads them now.

    Nobody is refused here, because who leads has been decided: whoever is elsewhere at that time is
    returned, to be said in words, and is not taken for that session.
    """
    clashes = []
    coming = group.sessions.upcoming(clock.now()).select_related("group__program__institution", "substitute")
    for session in coming.select_for_update(of=("self",)):
        Occupation.objects.filter(about_id=session.pk, person__isnull=False).delete()
        for person in sorted(leaders(session), key=BY_ID):
            try:
                _take(session, person)
            except SessionsError:
                clashes.append(Clash(session, person))
    return clashes


def _take(session: GroupSession, person: User) -> None:
    with refusals(programs_occupation_person_once=GuideBusy):
        _write(session, person_id=person.pk)


def _write(session: GroupSession, **whose: Any) -> None:
    period = DateTimeTZRange(session.starts_at, session.ends_at)
    occupying.take(period, about_id=session.pk, group_id=session.group_id, **whose)
