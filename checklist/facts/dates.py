"""Facts of the sessions that are planned. Until there are dates, what the frame says about them counts."""

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction

from checklist import derivations
from checklist.inputs import Fact, Range
from checklist.rows import GroupRow, MemberRow, Scope, SessionRow

SESSIONS_FOR_AN_INTERVAL = 3


def interval_weeks_planned(scope: Scope) -> Fact:
    weeks = [_interval(group.planned, SESSIONS_FOR_AN_INTERVAL) for group in scope.groups]
    known = [week for week in weeks if week is not None]
    enough = (scope.frame.sessions_total or 0) >= SESSIONS_FOR_AN_INTERVAL
    framed = scope.frame.interval_weeks if enough and not _planned(scope) else None
    return derivations.median(known) if known else framed


def _interval(sessions: tuple[SessionRow, ...], at_least: int) -> Fraction | None:
    return derivations.interval_weeks([session.day for session in sessions], at_least=at_least)


def trajectory_months_planned(scope: Scope) -> Fact:
    """The shortest of the groups."""
    months = [derivations.trajectory_months([s.day for s in group.planned]) for group in scope.groups]
    known = [month for month in months if month is not None]
    if known or _planned(scope):
        return min(known, default=None)
    weeks, total = scope.frame.interval_weeks, scope.frame.sessions_total
    if not weeks or not total or total < 2:
        return None
    return Fraction(7 * weeks * (total - 1)) / derivations.DAYS_PER_MONTH


def duration_minutes_planned(scope: Scope) -> Fact:
    lengths = median_minutes((session.starts_at, session.ends_at) for session in _planned(scope))
    return scope.frame.session_minutes if lengths is None else lengths


def onsite_share(scope: Scope) -> Fact:
    rooms = [session.room for session in _planned(scope) if session.room]
    return derivations.share(sum(room.onsite for room in rooms), len(rooms))


def room_comfort_share(scope: Scope) -> Fact:
    rooms = [session.room for session in _planned(scope) if session.room]
    return derivations.room_comfort_share([(room.daylight, room.temperature) for room in rooms])


def refreshments_share(scope: Scope) -> Fact:
    sessions = _planned(scope)
    if not sessions:
        return None if scope.frame.refreshments is None else int(scope.frame.refreshments)
    return derivations.share(sum(session.refreshments for session in sessions), len(sessions))


def working_hours_share_planned(scope: Scope) -> Fact:
    return working_hours(scope, [(session.starts_at, session.ends_at) for session in _planned(scope)])


def working_hours(scope: Scope, spans: list[derivations.Span]) -> Fraction | None:
    frame = scope.frame
    zone = frame.zone
    local = [(start.astimezone(zone), end.astimezone(zone)) for start, end in spans]
    return derivations.working_hours_share(
        local, days=frame.working_days, start=frame.working_from, end=frame.working_until
    )


def duty_clash_share(scope: Scope) -> Fact:
    """A clash is known at once; its absence only as far as the member's duties are known."""
    pairs, clashes, unknown = 0, 0, 0
    for group in scope.groups:
        for member in group.members_on(scope.on):
            free = [session for session in group.planned if session.id not in member.clashes]
            pairs += len(group.planned)
            clashes += len(group.planned) - len(free)
            unknown += _not_known(member, free)
    found = derivations.share_with_unknown(clashes, pairs, unknown)
    return None if isinstance(found, Range) and found.low == 0 and found.high == 1 else found


def _not_known(member: MemberRow, sessions: list[SessionRow]) -> int:
    """How many of them lie beyond what is known of the member's duties."""
    until = member.duties_until
    return sum(session.ends_at > until for session in sessions) if until else len(sessions)


def group_closed(scope: Scope) -> Fact:
    """Every group: nobody joins any more, and nobody joined after its first session."""
    return all(group.closed and not _joined_late(group) for group in scope.groups) if scope.groups else None


def _joined_late(group: GroupRow) -> bool:
    return bool(group.planned) and any(member.joined_on > group.planned[0].day for member in group.members)


def _planned(scope: Scope) -> list[SessionRow]:
    return [session for group in scope.groups for session in group.planned]


def median_minutes(spans: Iterable[derivations.Span]) -> Fraction | None:
    """Of the time that passed, also in the night the clock changes."""
    seconds = (
        int((end.astimezone(dt.UTC) - start.astimezone(dt.UTC)).total_seconds()) for start, end in spans
    )
    middle = derivations.median(seconds)
    return None if middle is None else middle / 60
