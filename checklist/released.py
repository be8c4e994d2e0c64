"""What a coordinator may know of what was said to the guide alone: logs and ticks, pooled.

Themes, ticks and answers of session logs reach a coordinator only pooled over three groups or more, and once a
year, when nothing in it can be changed any more, so that looking twice does not tell one session from the next.
Ticks of the intake interviews are pooled over the program, five members or more; what was told stays as it is until
five more can be added. A group's own guide sees the group's own logs, answers and ticks.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import cast

from checklist.facts.whole import FACTS
from checklist.inputs import AfterRepair, Answers, Fact
from checklist.rows import GroupRow, Id, Scope, TicksRow
from sessions.models import LOG_OPEN

OF_LOGS = ("own_case_share", "next_step_share", "recovery_theme_sessions", "early_signs_theme_sessions")
OF_INTAKES = ("intake_frame_share", "learning_goal_share")
OF_REPORTS = ("confidentiality_incidents",)
GROUPS_AT_LEAST = 3
GUIDES_AT_LEAST = 3
DAY, YEAR = dt.timedelta(days=1), dt.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of a guide; from ``closed_on`` on it cannot be changed any more."""

    group: Id
    guide: Id
    item: str
    answer: int
    day: dt.date
    closed_on: dt.date
    in_log: bool = False


def for_coordinator(facts: dict[str, Fact], scope: Scope, min_n: int) -> dict[str, Fact]:
    """``facts`` with those of logs and ticks as far as they may be told."""
    logged = pooled_logs(scope)
    told = {key: FACTS[key](logged) if logged else None for key in OF_LOGS}
    return facts | told | _ticks(scope.ticks, min_n)


def _ticks(told: TicksRow | None, min_n: int) -> dict[str, Fact]:
    if told is None or told.people < min_n:
        return dict.fromkeys(OF_INTAKES)
    shares = (Fraction(told.framed, told.people), Fraction(told.goals, told.people))
    return dict(zip(OF_INTAKES, shares, strict=True))


def ticks_due(scope: Scope, min_n: int) -> TicksRow | None:
    """What is to be told of the intakes now: the first time of ``min_n`` members or more, then of as many more.

    So the difference between two times is never about fewer.
    """
    people = sum(len(group.members_at_first(scope.at)) for group in scope.groups)
    before = scope.ticks.people if scope.ticks else 0
    if people - before < min_n or not _ticks_are_in(scope):
        return None
    framed, goals = (Fraction(cast(Fraction, FACTS[key](scope))) * people for key in OF_INTAKES)
    return TicksRow(people, int(framed), int(goals))


def _ticks_are_in(scope: Scope) -> bool:
    """Every group with members began on an earlier day, and all interviews are noted or there was time for that."""
    groups = [group for group in scope.groups if group.members_on(scope.on) or group.took_place]
    first = [group.planned[0].day if group.planned else scope.on for group in groups]
    if any(day >= scope.on for day in first):
        return False
    noted = (member.intake_at for group in groups for member in group.members_at_first(scope.at))
    return all(noted) or all(day + LOG_OPEN < scope.on for day in first)


def pooled_logs(scope: Scope) -> Scope | None:
    """The scope with what was logged in whole past years only; None while fewer than three groups are in it.

    A later year is added once three groups or more logged in it, so that no difference between two years is
    about fewer.
    """
    shown = None
    for since, until in years(scope):
        if _logged(scope, shown or since, until) >= GROUPS_AT_LEAST:
            shown = until
    if shown is None:
        return None
    cut = (
        replace(group, sessions=tuple(s for s in group.sessions if s.day < shown)) for group in scope.groups
    )
    return replace(scope, groups=tuple(group for group in cut if any(s.log for s in group.took_place)))


def _logged(scope: Scope, since: dt.date, until: dt.date) -> int:
    """In how many groups a session was logged in that time."""
    return sum(any(s.log and since <= s.day < until for s in group.took_place) for group in scope.groups)


def years(scope: Scope) -> Iterator[tuple[dt.date, dt.date]]:
    """Past years from the first session, each until its end, once no log of it can be changed any more.

    Once all is over and closed, the last part as well. Where a year is cut depends on the first session alone, so
    that no part ever grows.
    """
    days = [session.day for group in scope.groups for session in group.took_place]
    if not days:
        return
    since, closed = min(days), max(days) + LOG_OPEN
    over = scope.frame.stage == "completed" and closed < scope.on
    while since + YEAR <= (scope.on if over else scope.on - LOG_OPEN):
        yield since, since + YEAR
        since += YEAR
    if over and since <= closed:
        yield since, closed + DAY


def after_repair(groups: Iterable[GroupRow], *, own: bool = False) -> AfterRepair:
    """Whether trust is back after what was repaired in ``groups``; ``own`` reads what a group said to itself."""
    repairs = [one for group in groups for one in group.repairs]
    if not repairs:
        return ""
    back = all(one.trusted if own else one.trusted_pooled for one in repairs)
    return "restored" if back else "awaits"


def answers_of_guides(scope: Scope) -> dict[str, Answers]:
    """What guides answered themselves, of the last past year in which three of them, in three groups, did.

    Years do not overlap and nothing in them can be changed any more, so that nothing can be subtracted.
    """
    found: dict[str, Answers] = {}
    for since, until in years(scope):
        if scope.on - until <= YEAR + LOG_OPEN:
            found |= _pooled(one for one in said(scope) if since <= one.closed_on < until)
    return found


def _pooled(told: Iterable[Said]) -> dict[str, Answers]:
    by_item: dict[str, list[Said]] = defaultdict(list)
    for one in told:
        by_item[one.item].append(one)
    return {
        item: _mean([one.answer for one in all_of_it])
        for item, all_of_it in by_item.items()
        if len({one.group for one in all_of_it}) >= GROUPS_AT_LEAST
        and len({one.guide for one in all_of_it}) >= GUIDES_AT_LEAST
    }


def answers_of_own_guide(scope: Scope) -> dict[str, Answers]:
    """Of one group, to its guide: all that was said in logs, and what was said last when asked; none a year old."""
    fresh = [one for one in said(scope) if scope.on - one.day < YEAR]
    last = {one.item: one for one in fresh}
    return {
        item: _mean([one.answer for one in fresh if one.item == item and (one.in_log or one is last[item])])
        for item in last
    }


def said(scope: Scope) -> Iterator[Said]:
    """What guides answered about their own work, in logs and when asked, of each group in order of time."""
    for group in scope.groups:
        guide = group.leads[0].user if group.leads else group.id
        for session in group.took_place:
            for item, answer in session.log.answers.items() if session.log else ():
                yield Said(group.id, guide, item, answer, session.day, session.day + LOG_OPEN, in_log=True)
        for row in group.rounds:
            for item, answer in row.answers.items():
                yield Said(group.id, row.by, item, answer, row.day, row.closed_on)


def _mean(answers: Sequence[int]) -> Answers:
    return Answers(Fraction(sum(answers), len(answers)), len(answers))
