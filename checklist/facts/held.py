"""Facts of the sessions that took place: those the guide has logged."""

from checklist import derivations
from checklist.facts.dates import median_minutes, working_hours
from checklist.inputs import Fact
from checklist.rows import LogRow, Scope, SessionRow

MOVED_AT_MOST = 14


def interval_weeks_actual(scope: Scope) -> Fact:
    weeks = (derivations.interval_weeks([s.day for s in group.took_place]) for group in scope.groups)
    return derivations.median(week for week in weeks if week is not None)


def duration_minutes_actual(scope: Scope) -> Fact:
    return median_minutes(_logged_spans(scope))


def working_hours_share_actual(scope: Scope) -> Fact:
    return working_hours(scope, _logged_spans(scope))


def _logged_spans(scope: Scope) -> list[derivations.Span]:
    return [(s.started_at, s.ended_at) for s in _took_place(scope) if s.started_at and s.ended_at]


def held_share(scope: Scope) -> Fact:
    """Of the sessions that took place or were cancelled; moved by more than two weeks counts as not kept."""
    over = [s for group in scope.groups for s in group.sessions if s.took_place or s.is_cancelled]
    kept = [session for session in over if session.took_place and session.moved_days <= MOVED_AT_MOST]
    return derivations.share(len(kept), len(over))


def attendance_rate(scope: Scope) -> Fact:
    expected = sum(len(group.roster(s)) for group in scope.groups for s in group.took_place)
    return derivations.share(sum(len(session.present) for session in _took_place(scope)), expected)


def interference_per_attendance(scope: Scope) -> Fact:
    sessions = _took_place(scope)
    return derivations.share(sum(s.interruptions for s in sessions), sum(len(s.present) for s in sessions))


def group_size_actual(scope: Scope) -> Fact:
    return derivations.median(len(session.present) for session in _took_place(scope))


def roster_continuity(scope: Scope) -> Fact:
    """Pooled over groups; who was paused on either day is left out."""
    kept, everybody = 0, 0
    for group in (group for group in scope.groups if group.took_place):
        first, last = group.took_place[0], group.took_place[-1]
        paused = {m.id for m in group.members if m.is_paused(first.day) or m.is_paused(last.day)}
        there, still = group.roster(first) - paused, group.roster(last) - paused
        kept, everybody = kept + len(there & still), everybody + len(there | still)
    return derivations.share(kept, everybody)


def own_case_share(scope: Scope) -> Fact:
    return derivations.share(sum(log.own_case for log in logs(scope)), len(logs(scope)))


def next_step_share(scope: Scope) -> Fact:
    return derivations.share(sum(log.next_step for log in logs(scope)), len(logs(scope)))


def recovery_theme_sessions(scope: Scope) -> Fact:
    return _sessions_with(scope, "recovery_and_recharge")


def early_signs_theme_sessions(scope: Scope) -> Fact:
    return _sessions_with(scope, "early_signs_of_burnout")


def _sessions_with(scope: Scope, theme: str) -> Fact:
    """Per group, rounded down: a group has these talks, not a program."""
    groups = sum(bool(group.took_place) for group in scope.groups)
    return sum(theme in log.themes for log in logs(scope)) // groups if groups else None


def confidentiality_incidents(scope: Scope) -> Fact:
    """Known once a session took place and somebody is there to look into reports; a true one is known at once."""
    found = sum(group.incidents for group in scope.groups)
    known = scope.looked_into and any(group.took_place for group in scope.groups)
    return found if found or known else None


def sessions_held(scope: Scope) -> int:
    """Sessions that took place in every group: what took place counts for a program once each group has met."""
    return min((len(group.took_place) for group in scope.groups if group.members), default=0)


def logs(scope: Scope) -> list[LogRow]:
    return [session.log for session in _took_place(scope) if session.log]


def _took_place(scope: Scope) -> list[SessionRow]:
    return [session for group in scope.groups for session in group.took_place]
