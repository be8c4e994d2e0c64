"""Which questions a group gets and when: the catalogue's, around its own sessions (domain notes, 7).

``surveys`` asks and keeps; what is asked, and of whom, is decided here.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from django.db.models import Prefetch, QuerySet

import catalogue
from catalogue.kinds import Item
from checklist.asking_guides import ask_guides
from programs.models import Group, Guide, Program
from sessions.models import GroupSession
from surveys import outcomes
from surveys.actions import opening
from surveys.actions.opening import Moment
from surveys.models import Kind, Window
from surveys.questions import Question

#: The last minutes of a session, in the room.
BEFORE_END = dt.timedelta(minutes=15)
#: For who could not answer there.
AFTER_END = dt.timedelta(days=2)
TWO_WEEKS = dt.timedelta(days=14)
#: A workshop is asked once more six weeks later.
WORKSHOP_AFTER = dt.timedelta(weeks=6)
#: Windows are made a day ahead, so that their mails are ready.
AHEAD = dt.timedelta(days=1)
#: Only what belongs to signing up is asked before a program runs.
SIGNING_UP = (Program.Stage.RECRUITING, Program.Stage.INTAKES)
LIVE = (*SIGNING_UP, Program.Stage.RUNNING, Program.Stage.CALLS, Program.Stage.COMPLETED)
ABOUT_GUIDE = ("intervisor_choice", "intervisor_behaviour")
SETS = {
    Kind.ENROL: ("enrol",),
    Kind.CALL: ("call",),
    Kind.FIRST: ("first",),
    Kind.PULSE: ("pulse",),
    Kind.MIDWAY: ("midway",),
    Kind.END: ("midway", "end"),
}
#: One short form right after the workshop; later only what needs time.
WORKSHOP_SETS = {Kind.PULSE: ("pulse", "first", "midway"), Kind.END: ("end",)}


def ask_due(*, at: dt.datetime) -> int:
    """Open what is near, follow what moved, withdraw what was cancelled; how many windows are as planned."""
    return sum(ask_of(program, at=at) for program in live())


def ask_of(program: Program, *, at: dt.datetime) -> int:
    planned = [(group, moment) for group in program.groups.all() for moment in moments(program, group)]
    ends: dict[tuple[Kind, int | None], dt.datetime] = {}
    for _group, moment in planned:
        key = (moment.kind, moment.pair)
        ends[key] = max(ends.get(key, moment.closes_at), moment.closes_at)
    asked = 0
    for group, moment in planned:
        if moment.opens_at <= at + AHEAD and (moment.waits_until or moment.closes_at) > at:
            whole = replace(moment, pool_closes_at=ends[moment.kind, moment.pair])
            asked += opening.ask(group, whole, at=at) is not None
    _withdraw(program)
    return asked + ask_guides(program, at=at, ahead=AHEAD)


def live() -> QuerySet[Program]:
    """Programs whose groups meet, with all that ``ask_of`` reads."""
    guides = Guide.objects.active().order_by("from_on")
    groups = Group.objects.filter(paused_at__isnull=True).prefetch_related(
        Prefetch("sessions", GroupSession.objects.order_by("number")), Prefetch("guides", guides)
    )
    programs = Program.objects.filter(stage__in=LIVE).select_related("institution")
    return programs.prefetch_related(Prefetch("groups", groups)).order_by("pk")


def _withdraw(program: Program) -> None:
    """Nothing is asked about a session that does not take place."""
    cancelled = GroupSession.objects.filter(group__program=program, state=GroupSession.State.CANCELLED)
    open_ = Window.objects.filter(
        kind=Kind.PULSE, state=Window.State.OPEN, about_id__in=cancelled.values("pk")
    )
    for about_id in open_.values_list("about_id", flat=True):
        opening.withdraw(Kind.PULSE, about_id)


def moments(program: Program, group: Group) -> Iterator[Moment]:
    """Everything that is asked of ``group`` over its whole life, as its sessions are planned now."""
    sessions = [one for one in group.sessions.all() if not one.is_cancelled]
    guides = [guide.user_id for guide in group.guides.all() if guide.role == Guide.Role.LEAD]
    if not sessions:
        return
    yield from _at_sign_up(program, group, sessions[0], guides)
    if program.stage in SIGNING_UP:
        return
    if program.format == Program.Format.WORKSHOP:
        yield from _of_workshop(program, group, sessions[0], guides)
        return
    yield from _pulses(program, sessions, guides)
    first, last, total = sessions[0], sessions[-1], max(len(sessions), program.sessions_total)
    if first.number == 1:
        opens = first.ends_at - BEFORE_END
        yield _about_group(program, group, Kind.FIRST, guides, opens, first.ends_at + TWO_WEEKS)
    half = (total + 1) // 2
    if 2 <= half <= len(sessions) and total > half:
        opens = sessions[half - 1].ends_at - BEFORE_END
        following = sessions[half].ends_at + AFTER_END if half < len(sessions) else opens + TWO_WEEKS
        yield _about_group(program, group, Kind.MIDWAY, guides, opens, following)
    if len(sessions) >= max(program.sessions_total, 2):
        opens = last.ends_at - BEFORE_END
        yield _about_group(program, group, Kind.END, guides, opens, last.ends_at + TWO_WEEKS)
        yield _outcomes(program, group, Kind.GAINED, opens, last.ends_at + TWO_WEEKS)


def _at_sign_up(program: Program, group: Group, first: GroupSession, guides: list[UUID]) -> Iterator[Moment]:
    """From the start of the program until the group meets."""
    opens = program.started_at
    if opens is None or first.number != 1 or opens >= first.starts_at:
        return
    yield _about_group(program, group, Kind.ENROL, guides, opens, first.starts_at)
    yield _outcomes(program, group, Kind.HOPED, opens, first.starts_at)


def _outcomes(
    program: Program, group: Group, kind: Kind, opens_at: dt.datetime, closes_at: dt.datetime
) -> Moment:
    """What the program may bring: a list of its own, so that it can be left out as one."""
    asked = outcomes.questions(program.format)
    return Moment(kind, group.pk, asked, (), opens_at, closes_at, pool_closes_at=closes_at)


def _pulses(program: Program, sessions: Sequence[GroupSession], guides: list[UUID]) -> Iterator[Moment]:
    """One at each session; sessions 1 and 2 are a pair, 3 and 4 the next, whatever is cancelled."""
    asked = questions(program.format, SETS[Kind.PULSE])
    pairs: dict[int, list[GroupSession]] = defaultdict(list)
    for session in sessions:
        pairs[(session.number + 1) // 2].append(session)
    for pair, both in pairs.items():
        for session in both:
            closes = session.ends_at + AFTER_END
            yield Moment(
                kind=Kind.PULSE,
                about_id=session.pk,
                questions=asked,
                guides=guides,
                opens_at=session.ends_at - BEFORE_END,
                closes_at=closes,
                pool_closes_at=closes,
                number=session.number,
                pair=pair,
                waits_until=max(one.ends_at for one in both) + AFTER_END,
            )


def _of_workshop(
    program: Program, group: Group, session: GroupSession, guides: list[UUID]
) -> Iterator[Moment]:
    opens = session.ends_at - BEFORE_END
    yield Moment(
        kind=Kind.PULSE,
        about_id=session.pk,
        questions=questions(program.format, WORKSHOP_SETS[Kind.PULSE]),
        guides=guides,
        opens_at=opens,
        closes_at=opens + TWO_WEEKS,
        pool_closes_at=opens + TWO_WEEKS,
        number=session.number,
    )
    later = session.ends_at + WORKSHOP_AFTER
    yield _about_group(program, group, Kind.END, guides, later, later + TWO_WEEKS, WORKSHOP_SETS)
    yield _outcomes(program, group, Kind.GAINED, later, later + TWO_WEEKS)
    if program.coaching_mode not in ("", Program.CoachingMode.NOT_OFFERED):
        yield _about_group(program, group, Kind.CALL, guides, later, later + TWO_WEEKS)


def _about_group(
    program: Program,
    group: Group,
    kind: Kind,
    guides: list[UUID],
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    sets: dict[Kind, tuple[str, ...]] = SETS,
) -> Moment:
    asked = questions(program.format, sets[kind])
    return Moment(kind, group.pk, asked, guides, opens_at, closes_at, pool_closes_at=closes_at)


def questions(format_key: str, asks: Iterable[str]) -> list[Question]:
    """In the order of the catalogue, those on by default."""
    known = catalogue.load()
    items = (item for ask in asks for item in known.questions(format_key, ask, "resident_feedback"))
    return [Question(item.key, item.measure.reverse, about_guide(item)) for item in items]


def about_guide(item: Item) -> bool:
    return item.factor in ABOUT_GUIDE or "-guide-" in item.key
