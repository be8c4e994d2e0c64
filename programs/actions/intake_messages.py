"""Which message follows from which step of an intake's time. The texts are in ``mails/intakes.py``."""

import datetime as dt

import outbox
from outbox.models import Message
from programs.models import IntakeSlot, Membership, Program

RESERVED, BOOKED, TOMORROW = "reserved-time", "intake-booked", "intake-tomorrow"
CANCELLED, NOT_BOOKED, LIST = "intake-cancelled", "intake-not-booked", "intake-list"
DAY = dt.timedelta(days=1)
#: Changes of one guide's list within this time are told in one message.
GATHER = dt.timedelta(minutes=30)


def stamp(at: dt.datetime) -> int:
    """The moment in a key: a time taken, given up and taken again is told again."""
    return int(at.timestamp() * 1_000_000)


def is_told(row: Membership) -> bool:
    """Before the invitation nothing leaves the house: planning in draft reserves in silence."""
    return row.invited_at is not None or row.accepted_at is not None


def tell_reserved(slot: IntakeSlot, row: Membership, *, at: dt.datetime) -> None:
    if not is_told(row):
        return
    key = f"reserved:{row.pk}:{slot.pk}:{stamp(at)}"
    outbox.enqueue(RESERVED, about_id=row.pk, to=row.user, key=key, at=at)
    remind(slot, row, at=at)


def tell_booked(slot: IntakeSlot, row: Membership, *, at: dt.datetime) -> None:
    outbox.cancel(kind=RESERVED, about_id=row.pk, reason="booked")
    outbox.cancel(kind=NOT_BOOKED, about_id=row.pk, reason="booked")
    outbox.enqueue(BOOKED, about_id=row.pk, to=row.user, key=f"booked:{row.pk}:{slot.pk}:{stamp(at)}", at=at)
    _tomorrow(slot, row, at=at)


def remind(slot: IntakeSlot, row: Membership, *, at: dt.datetime) -> None:
    """The reminders of a time nobody has said yes or no to (domain notes, 4)."""
    _tomorrow(slot, row, at=at)
    closing = row.program.answers_until
    moments = [at + 7 * DAY]
    if closing:
        noon = dt.datetime.combine(closing, dt.time(12), row.program.institution.zone)
        moments.append(noon - 3 * DAY)
    for due in moments:
        if at < due < slot.starts_at - DAY:
            key = f"not-booked:{row.pk}:{slot.pk}:{stamp(due)}"
            outbox.enqueue(NOT_BOOKED, about_id=row.pk, to=row.user, key=key, at=at, due_at=due)


def _tomorrow(slot: IntakeSlot, row: Membership, *, at: dt.datetime) -> None:
    """One reminder for each time somebody has; ``forget_time`` has taken back the one of another time."""
    due = slot.starts_at - DAY
    waiting = Message.objects.filter(kind=TOMORROW, about_id=row.pk, state=Message.State.PENDING)
    if due > at and not waiting.exists():
        key = f"tomorrow:{row.pk}:{slot.pk}:{stamp(at)}"
        outbox.enqueue(TOMORROW, about_id=row.pk, to=row.user, key=key, at=at, due_at=due)


def forget_time(row: Membership, *, reason: str) -> None:
    """Take back what was going to be said about a time that ``row`` no longer has."""
    for kind in (RESERVED, BOOKED, TOMORROW, NOT_BOOKED):
        outbox.cancel(kind=kind, about_id=row.pk, reason=reason)


def tell_cancelled(row: Membership, *, at: dt.datetime) -> None:
    """The guide took the time back, or could not come."""
    if is_told(row):
        outbox.enqueue(CANCELLED, about_id=row.pk, to=row.user, key=f"cancelled:{row.pk}:{stamp(at)}", at=at)


def tell_guide(slot: IntakeSlot, *, at: dt.datetime) -> None:
    """One message for all changes of the next half hour; none while the program is being planned."""
    if slot.program.stage == Program.Stage.DRAFT:
        return
    due = at + GATHER
    key = f"intake-list:{slot.program_id}:{slot.guide_id}:{int(at.timestamp() // GATHER.total_seconds())}"
    outbox.enqueue(LIST, about_id=slot.program_id, to=slot.guide, key=key, at=at, due_at=due)


def announce_times(program: Program, *, at: dt.datetime) -> None:
    """At the start: the reminders of every time that was reserved in silence while planning.

    The invitation itself names the reserved time, so nothing else is sent now.
    """
    slots = IntakeSlot.objects.filter(program=program, membership__isnull=False, starts_at__gt=at)
    for slot in slots.select_related("membership__program__institution", "membership__user"):
        if slot.membership and slot.kept_at is None:
            remind(slot, slot.membership, at=at)
