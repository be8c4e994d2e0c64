"""Which message follows from which event of a session. The texts are in ``mails.py``."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import outbox
from accounts.models import User
from outbox.models import Message
from programs.models import Group, Program
from sessions.actions.occupations import leaders
from sessions.models import GroupSession

IN_14_DAYS, IN_2_DAYS = "session-in-14-days", "session-in-2-days"
CHANGED, CANCELLED = "session-changed", "session-cancelled"
ADDED = "session-added"
LOG_MISSING, SUBSTITUTE = "log-missing", "session-substitute"

DAY = dt.timedelta(days=1)
#: How far ahead the hourly look writes reminders for people who came in after the dates were planned.
AHEAD = dt.timedelta(days=21)
SILENT = (Program.Stage.DRAFT, Program.Stage.CANCELLED, Program.Stage.COMPLETED)


def silence(group: Group) -> str:
    """Why nobody hears of a change in ``group`` now: "planned", "paused" or "over"; empty when people do."""
    stage = group.program.stage
    if stage == Program.Stage.PAUSED or group.paused_at:
        return "paused"
    if stage == Program.Stage.DRAFT:
        return "planned"
    return "over" if stage in SILENT else ""


@dataclass(frozen=True, slots=True)
class Planned:
    kind: str
    to: User
    key: str
    due_at: dt.datetime


def members(session: GroupSession) -> list[User]:
    """Who takes part on the day of the session: not left, not paused, not suspended."""
    on = session.group.program.institution.on_day(session.starts_at)
    rows = session.group.memberships.taking_part(on).select_related("user")
    return [row.user for row in rows]


def reminders(session: GroupSession) -> list[Planned]:
    """Every reminder of ``session`` as it is planned now, each with a key of its own."""
    start, end = session.starts_at, session.ends_at
    guides = leaders(session)
    everybody = {user.pk: user for user in [*members(session), *guides]}.values()
    before = [(IN_14_DAYS, start - 14 * DAY), (IN_2_DAYS, start - 2 * DAY)]
    after = [end + DAY, end + 5 * DAY]
    return [
        *(
            Planned(kind, user, _key(kind, session, user, start), due)
            for user in everybody
            for kind, due in before
        ),
        *(
            Planned(LOG_MISSING, user, _key(LOG_MISSING, session, user, due), due)
            for user in guides
            for due in after
        ),
    ]


def _key(kind: str, session: GroupSession, user: User, moment: dt.datetime) -> str:
    return f"{kind}:{session.pk}:{user.pk}:{session.sequence}:{int(moment.timestamp())}"


def remind(sessions: Iterable[GroupSession], *, at: dt.datetime) -> int:
    """Write the reminders that are missing and still to come; how many. May run twice."""
    planned = [
        one
        for session in sessions
        if session.is_open and session.group.program.stage not in SILENT
        for one in ((session, reminder) for reminder in reminders(session))
        if one[1].due_at > at
    ]
    keys = [reminder.key for _, reminder in planned]
    there = set(Message.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    missing = [(session, reminder) for session, reminder in planned if reminder.key not in there]
    for session, reminder in missing:
        outbox.enqueue(
            reminder.kind,
            about_id=session.pk,
            to=reminder.to,
            key=reminder.key,
            at=at,
            due_at=reminder.due_at,
        )
    return len(missing)


def forget(session: GroupSession, *, reason: str) -> None:
    """Take back whatever was going to be said about ``session`` as it was."""
    outbox.cancel(about_id=session.pk, reason=reason)


def tell(
    kind: str, session: GroupSession, *, at: dt.datetime, by: User | None, to: Iterable[User] = ()
) -> None:
    """Tell everybody concerned, except who did it; nobody while the program is planned in silence."""
    if session.group.program.stage in SILENT or session.is_over(at):
        return
    people = {user.pk: user for user in [*members(session), *leaders(session), *to]}
    for user in people.values():
        if by is None or user.pk != by.pk:
            key = f"{kind}:{session.pk}:{user.pk}:{session.sequence}"
            outbox.enqueue(kind, about_id=session.pk, to=user, key=key, at=at)


def tell_substitute(session: GroupSession, *, at: dt.datetime) -> None:
    if session.substitute:
        key = f"{SUBSTITUTE}:{session.pk}:{session.substitute_id}:{session.sequence}"
        outbox.enqueue(SUBSTITUTE, about_id=session.pk, to=session.substitute, key=key, at=at)


def has_left_the_house(sessions: Iterable[GroupSession]) -> bool:
    """Whether anybody was told about one of ``sessions``."""
    ids = [session.pk for session in sessions]
    return Message.objects.about(ids).filter(state__in=(Message.State.SENT, Message.State.LEASED)).exists()
