"""A resident's own answers: take part or not this time, one's week, the ground rules."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

import outbox
from accounts.models import User
from accounts.models.time import Availability, BusyTime
from intervision import clock
from programs import errors, suiting
from programs.actions import intakes, seats, waiting
from programs.models import GroundRules, GroundRulesConfirmation, IntakeSlot, Membership, UndoableStep
from programs.refusals import refusals

DECLINED = "decline"
#: A fixed day off is known this far ahead.
DAYS_OFF_FOR = dt.timedelta(weeks=52)
OWN = BusyTime.Source.OWN


@transaction.atomic
def take_part(membership: Membership) -> Membership:
    """Say yes; somebody with a seat and no time yet gets the time that suits best.

    Raises AlreadyLeft or NotTakingPart.
    """
    row = _accept(membership)
    if row.program.has_intakes and not has_time(row):
        intakes.reserve_next(row)
    return row


@transaction.atomic
def take_part_and_keep(membership: Membership) -> IntakeSlot:
    """Say yes and keep the reserved time. Raises NoTimeReserved, AlreadyLeft or NotTakingPart."""
    if membership.accepted_at is None:
        _accept(membership)
    return intakes.keep(membership)


@transaction.atomic
def take_part_and_book(membership: Membership, slot: IntakeSlot) -> IntakeSlot:
    """Say yes and book ``slot``. Raises as ``intakes.book_intake``."""
    if membership.accepted_at is None:
        _accept(membership)
    return intakes.book_intake(slot, membership=membership)


def _accept(membership: Membership) -> Membership:
    """Changing a membership takes the lock of the independence guard; the program's comes before it, always."""
    intakes.lock_queue(membership.program_id, membership.pk)
    return seats.accept(membership, at=clock.now())


def has_time(row: Membership) -> bool:
    return IntakeSlot.objects.filter(membership=row).exists()


@transaction.atomic
def decline(membership: Membership) -> UndoableStep:
    """Not this time. Seat and time are free at once and nothing more is sent; no reason is asked.

    The step returned takes it back, as long as the seat is free. Raises AlreadyLeft.
    """
    now = clock.now()
    intakes.lock_queue(membership.program_id, membership.pk)
    row = Membership.objects.select_related("program", "user").get(pk=membership.pk)
    slot = IntakeSlot.objects.filter(membership=row).first()
    before = {
        "membership": str(row.pk),
        "state": row.state,
        "group": str(row.group_id) if row.group_id else None,
        "joined_on": row.joined_on.isoformat() if row.joined_on else None,
        "slot": str(slot.pk) if slot else None,
        "kept": bool(slot and slot.kept_at),
    }
    seats.decline(row, at=now)
    intakes.give_up_time(row, at=now)
    row.waiting_places.filter(ended_at__isnull=True).update(ended_at=now)
    outbox.cancel(about_id=row.pk, reason="declined")
    waiting.offer_seats(row.program, at=now)
    return UndoableStep.objects.create(program=row.program, by=row.user, kind=DECLINED, before=before)


@transaction.atomic
def undo_decline(step: UndoableStep) -> Membership:
    """Take "not this time" back: the seat if it is still free, and the time. Raises GroupFull."""
    now = clock.now()
    before = step.before
    intakes.lock_queue(step.program_id, uuid.UUID(before["membership"]))
    row = Membership.objects.get(pk=before["membership"])
    if not UndoableStep.objects.filter(pk=step.pk, undone_at__isnull=True).update(undone_at=now):
        return row
    row.state, row.declined_at, row.group_id = before["state"], None, before["group"]
    row.joined_on = dt.date.fromisoformat(before["joined_on"]) if before["joined_on"] else None
    with refusals(programs_membership_one_live=errors.AlreadyLeft):
        row.save(update_fields=["state", "declined_at", "group", "joined_on"])
    intakes.give_back(before["slot"], membership=row, kept=before.get("kept", False))
    return row


def open_decline(membership: Membership) -> UndoableStep | None:
    """The step that declined ``membership``, while it can be taken back."""
    steps = UndoableStep.objects.filter(kind=DECLINED, undone_at__isnull=True)
    return steps.filter(before__membership=str(membership.pk)).first()


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """A person's answers: fourteen letters, weekdays off (0 is Monday), and periods away, days inclusive."""

    answers: str
    days_off: Collection[int]
    away: Collection[tuple[dt.date, dt.date]]


@transaction.atomic
def save_week(membership: Membership, week: OwnWeek) -> IntakeSlot | None:
    """Store the half-day grid, fixed days off and weeks away, in place of what was said before.

    A reserved time that no longer suits makes way for one that does; returned if that happened.
    """
    now = clock.now()
    user, zone = membership.user, membership.program.institution.zone
    Availability.objects.update_or_create(user=user, defaults={"answers": week.answers})
    mine = user.busy_times.filter(source=OWN, until_at__gt=now)
    mine.filter(kind__in=(BusyTime.Kind.DAY_OFF, BusyTime.Kind.LEAVE)).delete()
    today = now.astimezone(zone).date()
    last = max(membership.program.ends_on or today, today + DAYS_OFF_FOR)
    days = [today + dt.timedelta(days=n) for n in range((last - today).days)]
    off = [(day, day) for day in days if day.weekday() in week.days_off]
    rows = [(BusyTime.Kind.DAY_OFF, *pair) for pair in off]
    rows += [(BusyTime.Kind.LEAVE, *pair) for pair in week.away]
    BusyTime.objects.bulk_create(
        BusyTime(user=user, kind=kind, source=OWN, from_at=_midnight(a, zone), until_at=_midnight(b, zone, 1))
        for kind, a, b in rows
    )
    return suit_reservation(membership)


def _midnight(day: dt.date, zone: dt.tzinfo, later: int = 0) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=later), dt.time(), zone)


@transaction.atomic
def suit_reservation(membership: Membership) -> IntakeSlot | None:
    """Move a reservation nobody has kept off a half-day or day that does not suit."""
    now = clock.now()
    slot = IntakeSlot.objects.filter(membership=membership, kept_at__isnull=True, starts_at__gt=now).first()
    zone = membership.program.institution.zone
    if slot is None or suiting.week_of(membership.user_id, at=now).allows(slot, zone):
        return None
    better = intakes.offered_times(membership, at=now)[:1]
    if not better or not intakes.swap_reservations(membership.program, {membership: better[0]}):
        return None
    return better[0]


def confirm_rules(rules: GroundRules, user: User) -> GroundRulesConfirmation:
    """Agree to this version of the ground rules; a second time is the same agreement."""
    return GroundRulesConfirmation.objects.get_or_create(ground_rules=rules, user=user)[0]
