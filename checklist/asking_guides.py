"""What the guide of each group is asked about their own work, and when: the catalogue's, around its sessions."""

import datetime as dt
from collections.abc import Iterator

import catalogue
from programs.models import Group, Program
from sessions.actions import guide_rounds
from sessions.actions.guide_rounds import Asked
from sessions.models import LOG_OPEN, GroupSession, GuideRound

Kind = GuideRound.Kind
#: The end asks again what was asked half way.
SETS = {Kind.FIRST: "first", Kind.MIDWAY: "midway", Kind.END: "midway"}
ASKED_IN = (Program.Stage.RUNNING, Program.Stage.CALLS, Program.Stage.COMPLETED)


def ask_guides(program: Program, *, at: dt.datetime, ahead: dt.timedelta) -> int:
    """Open what is near, follow what moved; how many rounds are as planned."""
    if program.stage not in ASKED_IN:
        return 0
    planned = [(group, one) for group in program.groups.all() for one in moments(program, group)]
    near = [(group, one) for group, one in planned if one.opens_at <= at + ahead and one.closes_at > at]
    return sum(guide_rounds.ask(group, one, at=at) is not None for group, one in near)


def moments(program: Program, group: Group) -> Iterator[Asked]:
    """After the first session, half way and at the end; each open as long as the log of its session, or of the next."""
    sessions = [one for one in group.sessions.all() if not one.is_cancelled]
    if not sessions:
        return
    total = max(len(sessions), program.sessions_total)
    half = (total + 1) // 2
    if sessions[0].number == 1:
        yield _after(program, Kind.FIRST, sessions[0], sessions[0])
    if 2 <= half <= len(sessions) and total > half:
        yield _after(program, Kind.MIDWAY, sessions[half - 1], sessions[min(half, len(sessions) - 1)])
    if len(sessions) >= max(program.sessions_total, 2):
        yield _after(program, Kind.END, sessions[-1], sessions[-1])


def _after(program: Program, kind: GuideRound.Kind, session: GroupSession, last: GroupSession) -> Asked:
    return Asked(kind, questions(program.format, kind), session.ends_at, last.ends_at + LOG_OPEN)


def questions(format_key: str, kind: GuideRound.Kind) -> list[str]:
    """In the order of the catalogue, those on by default; none where the format asks its guides nothing."""
    known = catalogue.load()
    return [item.key for item in known.questions(format_key, SETS[kind], "intervisor_feedback")]
