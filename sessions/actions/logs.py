"""The guide's log: who was there, how long, what broke in, ticks and answers. No free text."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from intervision import clock
from intervision.prepared import Question
from programs.models import Membership
from programs.models.group import MembershipQuerySet
from sessions.actions import messages
from sessions.errors import LogClosed, NotYet, SessionCancelled
from sessions.models import Attendance, GroupSession, Interruption, SessionLog


@dataclass(frozen=True, slots=True)
class Entry:
    """What is logged. ``present`` and ``left_early`` are ids of memberships, ``answers`` 1 to 5 by item."""

    present: Collection[uuid.UUID]
    started_at: dt.datetime
    ended_at: dt.datetime
    left_early: Collection[uuid.UUID] = ()
    interruptions: Mapping[str, int] = field(default_factory=dict)
    own_case: bool = False
    next_step: bool = False
    themes: Sequence[str] = ()
    answers: Mapping[str, int] = field(default_factory=dict)


def expected(session: GroupSession) -> list[Membership]:
    """Who counts on the day of the session, by id and name: seated, not paused, and not left before it."""
    return _expected.rows(session.group_id, session.group.program.institution.on_day(session.starts_at))


def of_that_day(group: uuid.UUID, on: dt.date) -> MembershipQuerySet:
    """Who counts in ``group`` on the day ``on``, by id and name."""
    members = Membership.objects.filter(group=group, joined_on__lte=on)
    left_later = Q(state=Membership.State.LEFT, left_on__gte=on)
    rows = members.filter(Q(pk__in=members.taking_part(on).values("pk")) | left_later)
    return rows.select_related("user").only("group", *Membership.SHOWN)


_expected: Question[Membership] = Question(of_that_day, uuid.UUID, dt.date)


@transaction.atomic
def log_session(session: GroupSession, entry: Entry, *, by: User) -> SessionLog:
    """Write the log, or change it until 14 days after the session. The same entry twice is one log.

    Raises NotYet, LogClosed or SessionCancelled, having changed nothing.
    """
    row = _open(session)
    _mark(row, entry.present, entry.left_early)
    _interrupt(row, entry.interruptions)
    values = {
        "own_case": entry.own_case,
        "next_step": entry.next_step,
        "themes": list(entry.themes),
        "answers": dict(entry.answers),
        "logged_by": by,
    }
    log, _ = SessionLog.objects.update_or_create(session=row, defaults=values)
    row.state = GroupSession.State.LOGGED
    row.started_at, row.ended_at = entry.started_at, entry.ended_at
    row.save(update_fields=["state", "started_at", "ended_at"])
    messages.forget(row, reason="logged")
    return log


@transaction.atomic
def save_ticks(
    session: GroupSession, present: Collection[uuid.UUID], left_early: Collection[uuid.UUID] = ()
) -> None:
    """Attendance alone, saved at every tick; the session is logged only with the rest of its log.

    Raises as ``log_session`` does.
    """
    _mark(_open(session), present, left_early)


def _open(session: GroupSession) -> GroupSession:
    rows = GroupSession.objects.select_related("group__program__institution")
    row = rows.select_for_update(of=("self",)).get(pk=session.pk)
    now = clock.now()
    if row.is_cancelled:
        raise SessionCancelled
    if now < row.starts_at:
        raise NotYet
    if not row.log_is_open(now):
        raise LogClosed
    return row


def _mark(session: GroupSession, present: Collection[uuid.UUID], left_early: Collection[uuid.UUID]) -> None:
    """Who said beforehand that they could not come, and did not, stays excused."""
    known = {row.membership_id: row for row in session.attendances.all()}
    for membership in expected(session):
        row = known.get(membership.pk) or Attendance(session=session, membership=membership)
        if membership.pk in present:
            row.state = Attendance.State.PRESENT
        elif row.state != Attendance.State.EXCUSED:
            row.state = Attendance.State.ABSENT
        row.left_early = row.state == Attendance.State.PRESENT and membership.pk in left_early
        row.save()


def _interrupt(session: GroupSession, counts: Mapping[str, int]) -> None:
    for kind in Interruption.Kind.values:
        if count := counts.get(kind, 0):
            Interruption.objects.update_or_create(session=session, kind=kind, defaults={"count": count})
        else:
            Interruption.objects.filter(session=session, kind=kind).delete()
