"""The intake interview's time: reserve, book, keep, give up, wait.

Lock order, everywhere a time changes hands: the program, memberships by key, the guard's lock (which
every change of a membership takes), slots by key. Taking a first time locks one's own membership and
one slot only. Whatever frees a time also locks the program and all who wait there, so that a time that
becomes free and somebody who joins the waiting list never miss each other.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Collection, Mapping
from contextlib import suppress

from django.db import transaction
from django.db.models import Q

from intervision import clock
from programs import errors, suiting
from programs.actions import intake_messages as messages
from programs.locking import lock_program
from programs.models import Intake, IntakeSlot, Membership, Program, WaitingPlace
from programs.refusals import refusals

log = logging.getLogger(__name__)
State = Intake.State
#: Stages in which nobody meets any more, or not now.
CLOSED = (Program.Stage.COMPLETED, Program.Stage.CANCELLED, Program.Stage.PAUSED)
FREE = {"membership": None, "reserved_at": None, "kept_at": None}


@transaction.atomic
def book_intake(slot: IntakeSlot, *, membership: Membership) -> IntakeSlot:
    """Give ``slot`` to ``membership`` by its own choice; a time it had goes to whoever waits.

    Returns the slot as saved. Choosing the time one has keeps it. Raises SlotTaken,
    IntakeTookPlace or NotTakingPart, having changed nothing.
    """
    now = clock.now()
    if slot.program_id != membership.program_id:
        raise ValueError("the slot is in another program")
    had = IntakeSlot.objects.filter(membership=membership).first()
    if had:
        lock_queue(membership.program_id, membership.pk)
    row = lock_membership(membership)
    if had is None or had.pk == slot.pk:
        return _first_time(slot, row, at=now)
    return _move(had, slot, row, at=now)


def _first_time(slot: IntakeSlot, row: Membership, *, at: dt.datetime) -> IntakeSlot:
    mine = IntakeSlot.objects.filter(pk=slot.pk, membership=row, starts_at__gt=at)
    if not mine.filter(kept_at__isnull=True).update(kept_at=at):
        if mine.exists():
            return mine.get()
        _take(slot, row, at=at, kept_at=at)
    return _booked(slot, row, at=at)


def _move(had: IntakeSlot, slot: IntakeSlot, row: Membership, *, at: dt.datetime) -> IntakeSlot:
    list(IntakeSlot.objects.select_for_update().filter(pk__in=(had.pk, slot.pk)).order_by("pk"))
    IntakeSlot.objects.filter(pk=had.pk, membership=row).update(**FREE)
    _take(slot, row, at=at, kept_at=at)
    messages.forget_time(row, reason="moved")
    booked = _booked(slot, row, at=at)
    messages.tell_guide(had, at=at)
    promote([had.pk], at=at)
    return booked


def _take(slot: IntakeSlot, row: Membership, *, at: dt.datetime, kept_at: dt.datetime | None) -> None:
    """The one place where a free time gets somebody."""
    if not IntakeSlot.objects.for_membership(row).filter(pk=slot.pk).exists():
        raise errors.SlotTaken
    free = IntakeSlot.objects.free(at=at).filter(pk=slot.pk)
    # This UPDATE decides the race: of two people, one changes a row. The unique membership behind
    # it stops a second time for one person.
    with refusals(programs_intakeslot_membership_id_key=errors.IntakeAlreadyBooked):
        if not free.update(membership=row, reserved_at=at, kept_at=kept_at):
            raise errors.SlotTaken
    end_waiting(row, at=at)


def _booked(slot: IntakeSlot, row: Membership, *, at: dt.datetime) -> IntakeSlot:
    set_state(row, State.BOOKED)
    slot = IntakeSlot.objects.select_related("guide", "room").get(pk=slot.pk)
    messages.tell_booked(slot, row, at=at)
    messages.tell_guide(slot, at=at)
    return slot


@transaction.atomic
def keep(membership: Membership) -> IntakeSlot:
    """Say yes to the reserved time. Raises NoTimeReserved when it is gone, or NotTakingPart."""
    now = clock.now()
    row = lock_membership(membership)
    slot = IntakeSlot.objects.filter(membership=row, starts_at__gt=now).first()
    if slot is None:
        raise errors.NoTimeReserved
    return _first_time(slot, row, at=now)


@transaction.atomic
def release(membership: Membership) -> IntakeSlot | None:
    """Give up the time ``membership`` has; it goes to whoever waits. Returns the freed slot, stale.

    Raises IntakeTookPlace or NotTakingPart.
    """
    lock_queue(membership.program_id, membership.pk)
    row = lock_membership(membership)
    return give_up_time(row, at=clock.now())


def give_up_time(row: Membership, *, at: dt.datetime) -> IntakeSlot | None:
    """As ``release``, for a caller that has called ``lock_queue``; ``row`` may have left."""
    had = IntakeSlot.objects.filter(membership=row).first()
    if had is None:
        return None
    IntakeSlot.objects.filter(pk=had.pk, membership=row).update(**FREE)
    Intake.objects.filter(membership=row).update(state=State.CANCELLED)
    messages.forget_time(row, reason="cancelled")
    messages.tell_guide(had, at=at)
    promote([had.pk], at=at)
    return had


@transaction.atomic
def reserve(slot: IntakeSlot, *, membership: Membership) -> IntakeSlot:
    """Set ``slot`` aside for ``membership``, who may keep or change it; silence keeps it.

    Raises SlotTaken, IntakeAlreadyBooked, IntakeTookPlace or NotTakingPart.
    """
    now = clock.now()
    row = lock_membership(membership)
    _take(slot, row, at=now, kept_at=None)
    return _reserved(slot, row, at=now)


def give_back(slot: str | None, *, membership: Membership, kept: bool) -> None:
    """The time somebody had before a change that is taken back, kept as it was; nothing where it is gone by now."""
    free = IntakeSlot.objects.free(at=clock.now()).filter(pk=slot).first() if slot else None
    if free is None:
        return
    with suppress(errors.SlotTaken, errors.IntakeTookPlace):
        if kept:
            book_intake(free, membership=membership)
        else:
            reserve(free, membership=membership)


def _reserved(slot: IntakeSlot, row: Membership, *, at: dt.datetime) -> IntakeSlot:
    set_state(row, State.OFFERED)
    slot = IntakeSlot.objects.select_related("guide", "room").get(pk=slot.pk)
    messages.tell_reserved(slot, row, at=at)
    messages.tell_guide(slot, at=at)
    return slot


def reserve_next(membership: Membership) -> IntakeSlot | None:
    """Reserve the time that suits ``membership`` best; None when no free time does."""
    for slot in offered_times(membership, at=clock.now()):
        try:
            return reserve(slot, membership=membership)
        except errors.SlotTaken:
            log.info("reserved time taken meanwhile")
    return None


@transaction.atomic
def swap_reservations(program: Program, wanted: Mapping[Membership, IntakeSlot]) -> int:
    """Reserve the ``wanted`` time for each; return how many reservations that made or moved.

    A time somebody kept is never touched, and one taken meanwhile is left to who took it.
    """
    lock_queue(program.pk, *(row.pk for row in wanted))
    had = dict(IntakeSlot.objects.filter(membership__in=wanted).values_list("membership", "pk"))
    changed = {row: slot for row, slot in wanted.items() if had.get(row.pk) != slot.pk}
    loose = IntakeSlot.objects.filter(membership__in=changed, kept_at__isnull=True)
    list(loose.select_for_update().order_by("pk"))
    loose.update(**FREE)
    made = 0
    for row, slot in changed.items():
        try:
            messages.forget_time(row, reason="moved")
            reserve(slot, membership=row)
            made += 1
        except (errors.SlotTaken, errors.IntakeAlreadyBooked, errors.NotTakingPart, errors.IntakeTookPlace):
            log.info("reservation skipped")
    return made


# The waiting list.


@transaction.atomic
def join_waiting(membership: Membership, *, refused: bool = False) -> WaitingPlace:
    """Wait for a time. ``refused``: the free times were seen and none suits.

    Raises TimesFree when a time that suits is free after all and was not refused, and
    IntakeAlreadyBooked for somebody who has a time and did not refuse it.
    """
    now = clock.now()
    lock_queue(membership.program_id, membership.pk)
    row = lock_membership(membership)
    if not refused and IntakeSlot.objects.filter(membership=row).exists():
        raise errors.IntakeAlreadyBooked
    if not refused and offered_times(row, at=now):
        raise errors.TimesFree
    if refused:
        give_up_time(row, at=now)
    return WaitingPlace.objects.get_or_create(
        kind=WaitingPlace.Kind.INTAKE,
        membership=row,
        ended_at=None,
        defaults={"program_id": row.program_id, "created_at": now},
    )[0]


def promote(slots: Collection[uuid.UUID], *, at: dt.datetime) -> int:
    """Reserve each of ``slots`` (ids), just free, for the first who waits and can come; return how many.

    Part of the transaction that freed them, which has called ``lock_queue``.
    """
    able = Membership.objects.seated().exclude(program__stage__in=CLOSED)
    waiting = WaitingPlace.objects.waiting(WaitingPlace.Kind.INTAKE).filter(membership__in=able)
    given = 0
    for slot in IntakeSlot.objects.free(at=at).filter(pk__in=slots).select_related("program__institution"):
        for place in waiting.filter(program=slot.program_id).select_related("membership"):
            if _gives(slot, place.membership, at=at):
                given += 1
                break
    return given


def _gives(slot: IntakeSlot, row: Membership, *, at: dt.datetime) -> bool:
    if not IntakeSlot.objects.for_membership(row).filter(pk=slot.pk).exists():
        return False
    if not suiting.week_of(row.user_id, at=at).allows(slot, slot.program.institution.zone):
        return False
    try:
        with transaction.atomic():
            _take(slot, row, at=at, kept_at=None)
            WaitingPlace.objects.filter(membership=row, ended_at=at).update(offered_at=at)
            _reserved(slot, row, at=at)
    except (errors.IntakeAlreadyBooked, errors.SlotTaken):
        return False
    return True


def end_waiting(row: Membership, *, at: dt.datetime) -> None:
    row.waiting_places.waiting(WaitingPlace.Kind.INTAKE).update(ended_at=at)


# Questions and locks.


def offered_times(membership: Membership, *, at: dt.datetime) -> list[IntakeSlot]:
    """The free times that suit ``membership``, best first."""
    slots = IntakeSlot.objects.free(at=at).for_membership(membership).select_related("room", "guide")
    zone = membership.program.institution.zone
    return suiting.best_first(slots, suiting.week_of(membership.user_id, at=at), zone)


def offered_in_order(membership: Membership, *, at: dt.datetime) -> list[IntakeSlot]:
    """The free times that suit ``membership``, whose week was read with it, early before late. For a page."""
    if membership.group_id is None:
        return []
    grid = getattr(membership.user, "availability", None)
    busy = suiting.busy_of.rows(membership.user_id, at)
    week = suiting.Week(grid.answers if grid else suiting.NOTHING_SAID, tuple(busy))
    slots = suiting.free_for.rows(membership.program_id, membership.group_id, clock.today(), at)
    zone = membership.program.institution.zone
    return [slot for slot in slots if week.allows(slot, zone)]


def lock_queue(program: uuid.UUID, *also: uuid.UUID) -> None:
    """Lock ``program`` and everybody who waits for a time or a seat in it, and the memberships ``also``."""
    lock_program(program)
    waiting = WaitingPlace.objects.filter(program=program, ended_at__isnull=True)
    rows = Membership.objects.filter(Q(pk__in=also) | Q(pk__in=waiting.values("membership")))
    list(rows.select_for_update(no_key=True).order_by("pk"))


def lock_membership(membership: Membership) -> Membership:
    """The row as it is now. Raises NotTakingPart or IntakeTookPlace when no time can be given any more."""
    row = (
        Membership.objects.select_for_update(of=("self",), no_key=True)
        .select_related("program__institution", "user")
        .get(pk=membership.pk)
    )
    suspended = row.suspended_from is not None and row.suspended_from <= clock.today()
    gone = row.state in (Membership.State.LEFT, Membership.State.DECLINED)
    if gone or suspended or row.program.stage in CLOSED:
        raise errors.NotTakingPart
    if Intake.objects.filter(membership=row, state__in=(State.HELD, State.HELD_LATE)).exists():
        raise errors.IntakeTookPlace
    return row


def set_state(row: Membership, state: Intake.State) -> None:
    Intake.objects.update_or_create(membership=row, defaults={"state": state})
