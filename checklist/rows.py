"""A program's rows as plain values: what the facts are computed from, and a test can write by hand."""

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from programs.independence import Independence

Id = Hashable
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Independences(Protocol):
    """Answers whether somebody is known to evaluate a member."""

    def status(self, guide: Any, member: Any, /) -> Independence: ...


@dataclass(frozen=True)
class MemberRow:
    """One seat in a group. ``training_years`` is how many years the training of the member's department takes;
    ``clashes`` are sessions that fall on a duty, the day after a night, or leave; ``duties_until`` says until
    when the member's duties are known."""

    id: Id
    user: Id
    joined_on: dt.date
    left_on: dt.date | None = None
    paused_from: dt.date | None = None
    paused_until: dt.date | None = None
    suspended_from: dt.date | None = None
    year: int | None = None
    training_years: int | None = None
    discipline: str = ""
    slot_at: dt.datetime | None = None
    intake_at: dt.datetime | None = None
    intake_by: Id | None = None
    framed: bool = False
    goal: bool = False
    #: The day they saved a goal, or said that they keep one to themselves.
    goal_on: dt.date | None = None
    confirmed_at: dt.datetime | None = None
    clashes: frozenset[Id] = frozenset()
    duties_until: dt.datetime | None = None

    def is_paused(self, on: dt.date) -> bool:
        begun = self.paused_from is not None and self.paused_from <= on
        return begun and (self.paused_until is None or on <= self.paused_until)

    def takes_part(self, on: dt.date) -> bool:
        """In the group on that day, whatever day the seat was given; not left, paused or suspended."""
        gone = self.left_on is not None and self.left_on <= on
        suspended = self.suspended_from is not None and self.suspended_from <= on
        return not gone and not suspended and not self.is_paused(on)

    def took_part(self, on: dt.date) -> bool:
        return self.joined_on <= on and self.takes_part(on)


@dataclass(frozen=True)
class GuideRow:
    """A current guide. ``kind`` is empty while nothing is noted about the person; ``hours`` are those of training
    in guiding groups and in counselling."""

    user: Id
    leads: bool = True
    suspended: bool = False
    kind: str = ""
    cbt: bool = False
    steering: bool = False
    hours: float = 0
    confirmed_at: dt.datetime | None = None


@dataclass(frozen=True)
class RoomRow:
    onsite: bool = True
    daylight: bool = False
    temperature: bool = False


@dataclass(frozen=True)
class LogRow:
    own_case: bool = False
    next_step: bool = False
    themes: tuple[str, ...] = ()
    answers: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class SessionRow:
    """``present`` are memberships. Times are aware, in the zone of the institution."""

    id: Id
    starts_at: dt.datetime
    ends_at: dt.datetime
    state: str = "planned"
    first_planned_at: dt.datetime | None = None
    room: RoomRow | None = None
    refreshments: bool = False
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    present: frozenset[Id] = frozenset()
    interruptions: int = 0
    log: LogRow | None = None

    @property
    def day(self) -> dt.date:
        return self.starts_at.date()

    @property
    def took_place(self) -> bool:
        """Without a log it does not count as having taken place."""
        return self.state == "logged"

    @property
    def is_cancelled(self) -> bool:
        return self.state == "cancelled"

    @property
    def moved_days(self) -> int:
        return abs((self.day - self.first_planned_at.date()).days) if self.first_planned_at else 0


@dataclass(frozen=True)
class RoundRow:
    """What a guide answered about their own work, on which day, and on which day it can be changed no longer."""

    by: Id
    answers: Mapping[str, int]
    day: dt.date
    closed_on: dt.date


@dataclass(frozen=True)
class RepairRow:
    """A leak that was repaired; whether the group trusts again by its own word since, and by the pooled one."""

    trusted: bool = False
    trusted_pooled: bool = False


@dataclass(frozen=True)
class GroupRow:
    id: Id
    name: str = ""
    closed: bool = False
    #: Found true that something left the group, and not repaired yet.
    incidents: int = 0
    #: It has ground rules that can be confirmed.
    ruled: bool = True
    members: tuple[MemberRow, ...] = ()
    guides: tuple[GuideRow, ...] = ()
    sessions: tuple[SessionRow, ...] = ()
    #: What was answered first comes first.
    rounds: tuple[RoundRow, ...] = ()
    repairs: tuple[RepairRow, ...] = ()

    @cached_property
    def planned(self) -> tuple[SessionRow, ...]:
        """Every session that is not cancelled, the first one first."""
        return tuple(sorted((s for s in self.sessions if not s.is_cancelled), key=lambda s: s.starts_at))

    @cached_property
    def took_place(self) -> tuple[SessionRow, ...]:
        return tuple(session for session in self.planned if session.took_place)

    @cached_property
    def leads(self) -> tuple[GuideRow, ...]:
        return tuple(guide for guide in self.guides if guide.leads)

    def members_on(self, day: dt.date) -> tuple[MemberRow, ...]:
        if day not in self._on:
            self._on[day] = tuple(member for member in self.members if member.takes_part(day))
        return self._on[day]

    @cached_property
    def _on(self) -> dict[dt.date, tuple[MemberRow, ...]]:
        """Nearly every fact asks for the members of today."""
        return {}

    def roster(self, session: SessionRow) -> frozenset[Id]:
        """Who belonged there: the members of that day, and whoever came and sits elsewhere now."""
        return frozenset(m.id for m in self.members if m.took_part(session.day)) | session.present

    def members_at_first(self, at: dt.datetime) -> tuple[MemberRow, ...]:
        """Members at session 1; nobody until it has begun."""
        return self._at_first if self.planned and self.planned[0].starts_at <= at else ()

    @cached_property
    def _at_first(self) -> tuple[MemberRow, ...]:
        there = self.roster(self.planned[0])
        return tuple(member for member in self.members if member.id in there)


@dataclass(frozen=True)
class TicksRow:
    """Of how many members with a first session was told with how many of them both were discussed, who has a goal."""

    people: int
    framed: int
    goals: int


@dataclass(frozen=True)
class TextRow:
    """A version of the program's texts, each in every language it is written in."""

    purposes: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    published_at: dt.datetime | None = None

    @property
    def has_purpose(self) -> bool:
        return any(text.strip() for text in self.purposes)

    @property
    def has_limits(self) -> bool:
        return any(text.strip() for text in self.limits)


@dataclass(frozen=True)
class FrameRow:
    """What was decided about the program as a whole; the same whether stored or just being typed.

    ``texts`` is None where nobody has looked for them.
    """

    format: str
    title: str = ""
    description: str = ""
    stage: str = "draft"
    target_size: int | None = None
    interval_weeks: int | None = None
    session_minutes: int | None = None
    sessions_total: int | None = None
    participation: str = "voluntary"
    degree_required: bool | None = False
    coaching_alongside: bool | None = None
    coaching_mode: str = ""
    requires_prior_error: bool | None = None
    refreshments: bool | None = False
    texts: tuple[TextRow, ...] | None = None
    first_invited_at: dt.datetime | None = None
    zone: ZoneInfo = AMSTERDAM
    working_days: tuple[int, ...] = (1, 2, 3, 4, 5)
    working_from: dt.time = dt.time(8)
    working_until: dt.time = dt.time(18)


@dataclass(frozen=True)
class Scope:
    """What is scored: one group, or all groups of a program. ``coordinators`` are those in force."""

    frame: FrameRow
    at: dt.datetime
    groups: tuple[GroupRow, ...] = ()
    coordinators: tuple[Id, ...] = ()
    independence: Independences | None = None
    #: Whether somebody is appointed to look into reports; without, that there is none says nothing.
    looked_into: bool = True
    #: What was told last of the intake interviews, pooled over the program.
    ticks: TicksRow | None = None

    @cached_property
    def on(self) -> dt.date:
        return self.at.astimezone(self.frame.zone).date()

    def members(self) -> list[MemberRow]:
        return [member for group in self.groups for member in group.members_on(self.on)]
