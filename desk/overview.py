"""A program's groups and sessions as its overview shows them, in two queries."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from desk import timeline
from intervision.addresses import address
from intervision.prepared import Question
from intervision.templatetags.times import Said, said
from programs.models import Group, Guide, Program
from sessions.models import GroupSession

State = GroupSession.State
DOTS: dict[str, timeline.DotState] = {State.LOGGED: "done", State.CANCELLED: "missed"}
PAGE = 50


class Planned(NamedTuple):
    """A session as an overview needs it, in the order ``sessions`` asks."""

    group_id: UUID
    number: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    state: str
    video_link: str
    room: str | None

    @property
    def is_cancelled(self) -> bool:
        return self.state == State.CANCELLED


@dataclass
class GroupLine:
    group: Group
    now: dt.datetime
    sessions: list[Planned] = field(default_factory=list)

    @cached_property
    def next(self) -> Planned | None:
        return next((one for one in self.sessions if one.ends_at > self.now and not one.is_cancelled), None)

    @cached_property
    def states(self) -> list[str]:
        return [one.state for one in self.sessions]

    @property
    def logged(self) -> int:
        return self.states.count(State.LOGGED)

    @property
    def planned(self) -> int:
        return len(self.states) - self.states.count(State.CANCELLED)


class Row(NamedTuple):
    """A group in the table."""

    url: str
    name: str
    #: Names of who guides it today.
    leads: str
    suspended: bool
    people: str
    took_place: str
    next: Said | None
    no_room: bool


def row_of(line: GroupLine) -> Row:
    group: Any = line.group
    return Row(
        address("desk:group", group.pk),
        group.name,
        group.leads or "",
        bool(group.suspended),
        _("%(taken)s of %(places)s") % {"taken": group.taken, "places": group.places},
        _("%(done)s of %(all)s") % {"done": line.logged, "all": line.planned},
        said(line.next.starts_at) if line.next else None,
        bool(line.next and not line.next.room and not line.next.video_link),
    )


class Which(NamedTuple):
    url: str
    number: str
    group: str


class Upcoming(NamedTuple):
    starts_at: dt.datetime
    ends_at: dt.datetime
    room: str
    row: Which


def upcoming(lines: Sequence[GroupLine]) -> list[Upcoming]:
    """The next session of each group, soonest first."""
    return sorted(_upcoming(line.group, line.next) for line in lines if line.next)


def _upcoming(group: Group, one: Planned) -> Upcoming:
    which = Which(address("desk:group", group.pk), str(one.number), group.name)
    return Upcoming(one.starts_at, one.ends_at, one.room or "", which)


def groups_of(program: UUID, today: dt.date) -> QuerySet[Group]:
    """Each with ``leads``, the names of who guides it today, and ``suspended``, when one of them is."""
    current = Guide.objects.current(today).filter(group=OuterRef("pk"))
    names = current.order_by().values("group").annotate(n=StringAgg("user__name", ", ")).values("n")
    suspended = current.filter(suspended_from__isnull=False).values("suspended_from")[:1]
    groups = Group.objects.filter(program=program).only("name", "taken", "places")
    return groups.annotate(leads=Subquery(names), suspended=Subquery(suspended))


first_groups: Question[Group] = Question(
    lambda program, today: groups_of(program, today)[: PAGE + 1], UUID, dt.date
)


def lines(groups: Sequence[Group], now: dt.datetime) -> list[GroupLine]:
    shown = {group.pk: GroupLine(group, now) for group in groups}
    for row in sessions.rows(list(shown)):
        session = Planned(*row)
        shown[session.group_id].sessions.append(session)
    return list(shown.values())


sessions: Question[tuple[Any, ...]] = Question(
    lambda groups: (
        GroupSession.objects.filter(group__in=RawSQL("select unnest(%s)", (groups,)))
        .order_by("starts_at")
        .values_list("group", "number", "starts_at", "ends_at", "state", "video_link", "room__name")
    ),
    list[UUID],
)


#: A group in the picture: its name, and of each session number, start and state.
Drawn = tuple[str, tuple[tuple[int, dt.datetime, str], ...]]


def picture(program: Program, shown: Sequence[GroupLine], now: dt.datetime) -> SafeString | None:
    """The program in time: a row for each group; nothing where nothing is planned."""
    house = program.institution
    rows = tuple(
        (line.group.name, tuple([(one.number, one.starts_at, one.state) for one in line.sessions]))
        for line in shown
    )
    return _picture(rows, house.zone, house.on_day(now), program.title, get_language())


@lru_cache(maxsize=200)
def _picture(
    shown: tuple[Drawn, ...], zone: ZoneInfo, today: dt.date, title: str, language: str | None
) -> SafeString | None:
    """Drawn once while nothing of it changes; ``language`` says in which words."""
    days = [at.astimezone(zone).date() for _name, sessions in shown for _number, at, _state in sessions]
    if not days:
        return None
    rows = [
        timeline.Row(
            name, dots=[_dot(number, at.astimezone(zone).date(), state) for number, at, state in sessions]
        )
        for name, sessions in shown
    ]
    week = dt.timedelta(days=7)
    title = _("Sessions of %(program)s") % {"program": title}
    found = _finding([state for _name, sessions in shown for _number, _at, state in sessions])
    return timeline.draw(
        rows, start=min(days) - week, end=max(days) + week, today=today, title=title, finding=found
    )


def _finding(states: list[str]) -> str:
    total = len(states) - states.count(State.CANCELLED)
    return ngettext(
        "%(done)s of %(total)s session took place.", "%(done)s of %(total)s sessions took place.", total
    ) % {"done": states.count(State.LOGGED), "total": total}


def _dot(number: int, on: dt.date, state: str) -> timeline.Dot:
    return timeline.Dot(on, f"{number}, {on:%d-%m-%Y}", DOTS.get(state, "planned"))
