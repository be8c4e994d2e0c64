"""Lets a stored program live: each thing is done when it would be done, by the actions that pages call."""

import datetime as dt
import heapq
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import time_machine

from accounts.models import BusyTime, User
from checklist import asking, keeping
from programs.models import Group, Membership, Program
from sessions.actions.logs import Entry, expected, log_session
from sessions.models import GroupSession
from surveys.actions import climate, closing
from surveys.actions.answering import answer
from surveys.models import ClimateRound, Window
from tests.factories.programs import RoomFactory
from tests.factories.sessions import GroupSessionFactory

ZONE = ZoneInfo("Europe/Amsterdam")
#: A number for everybody, or one for each in their order.
Value = int | tuple[int, ...]


def on(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=ZONE)


class Life:
    """What happens, in whatever order it is told, in the order of time. Questions open and close by themselves."""

    def __init__(self) -> None:
        self._events: list[tuple[dt.datetime, int, Callable[[], object]]] = []
        self._turn = count()

    def at(self, moment: dt.datetime, happens: Callable[[], object]) -> None:
        heapq.heappush(self._events, (moment, next(self._turn), happens))

    def live(self, until: dt.datetime) -> None:
        while self._events:
            moment, _turn, happens = heapq.heappop(self._events)
            with time_machine.travel(moment, tick=False):
                _ask_and_close(moment)
                happens()
        with time_machine.travel(until, tick=False):
            _ask_and_close(until)


def _ask_and_close(moment: dt.datetime) -> None:
    asking.ask_due(at=moment)
    closing.close_due(at=moment)


def nights(program: Program, *moments: dt.datetime) -> None:
    """What each of these nights tells of the program's intake interviews."""
    for moment in moments:
        with time_machine.travel(moment, tick=False):
            keeping.take([Program.objects.select_related("institution").get(pk=program.pk)], moment)


def planned(group: Group, *starts: dt.datetime, minutes: int, **fields: Any) -> list[GroupSession]:
    """A series in the room of the group; each time is that of the clock on the wall."""
    room = fields.pop("room", None) or RoomFactory(institution=group.program.institution)
    return [
        GroupSessionFactory(
            group=group, number=number, starts_at=start, ends_at=later(start, minutes), room=room, **fields
        )
        for number, start in enumerate(starts, 1)
    ]


def every(first: dt.datetime, *, days: int, times: int) -> list[dt.datetime]:
    return [first + dt.timedelta(days=days * n) for n in range(times)]


def later(moment: dt.datetime, minutes: int) -> dt.datetime:
    return (moment.astimezone(dt.UTC) + dt.timedelta(minutes=minutes)).astimezone(ZONE)


def logged(
    session: GroupSession,
    *,
    by: User,
    absent: Iterable[Membership] = (),
    starts: int = 0,
    ends: int = 0,
    **entry: Any,
) -> None:
    """The guide's log; it began ``starts`` minutes after its time and ended ``ends`` minutes after."""
    session.refresh_from_db()
    away = {member.pk for member in absent}
    present = [member.pk for member in expected(session) if member.pk not in away]
    started, ended = later(session.starts_at, starts), later(session.ends_at, ends)
    log_session(session, Entry(present, started, ended, **entry), by=by)


def reply(
    kind: str,
    group: Group,
    people: Iterable[Membership],
    moment: dt.datetime,
    said: Mapping[str, Value] | None = None,
    *,
    number: int = 0,
    else_: int = 1,
) -> None:
    """Everybody of ``people`` answers, each by themselves."""
    window = Window.objects.get(group=group, kind=kind, number=number)
    for place, member in enumerate(people):
        given = {question.key: _of(place, (said or {}).get(question.key, else_)) for question in window.asked}
        answer(window, member.user, given, at=moment)


def reply_about_climate(
    about: ClimateRound, who: str, people: int, moment: dt.datetime, said: Mapping[str, Value]
) -> None:
    stratum = about.strata.get(who=who)
    for place, invitation in enumerate(stratum.invitations.order_by("pk")[:people]):
        given = {question.key: _of(place, said.get(question.key, 3)) for question in stratum.asked}
        climate.answer(invitation, given, at=moment)


def _of(place: int, value: Value) -> int:
    return value[place] if isinstance(value, tuple) else value


def busy(member: Membership, session: GroupSession, kind: str = "duty") -> None:
    """Something else falls on this session."""
    from_at, until_at = session.starts_at - dt.timedelta(hours=2), session.ends_at - dt.timedelta(hours=1)
    BusyTime.objects.create(user=member.user, kind=kind, from_at=from_at, until_at=until_at)


def duties_known(members: Iterable[Membership], until: dt.datetime) -> None:
    """A last duty of each, so that no duty before it is no duty."""
    for member in members:
        from_at = until - dt.timedelta(hours=8)
        BusyTime.objects.create(user=member.user, kind="duty", from_at=from_at, until_at=until)
