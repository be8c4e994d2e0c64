"""Waiting for a seat: an offer holds the seat, and the next in line gets it when it is not taken up.

Whoever frees a seat has called ``intakes.lock_queue`` first, which locks the program and all who wait there,
and calls ``offer_seats`` in the same transaction.
"""

import datetime as dt

from django.db import transaction

import outbox
from intervision import clock
from programs import errors, independence
from programs.actions import intake_messages, intakes, seats
from programs.models import Group, Intake, IntakeSlot, Membership, Program, WaitingPlace

OFFER, SEATED = "seat-offer", "seat-given"
OFFER_FOR = dt.timedelta(days=3)
GROUP = WaitingPlace.Kind.GROUP
NOT_SEATED = (
    errors.EvaluatorInGroup,
    errors.GroupFull,
    errors.GroupClosed,
    errors.AlreadyLeft,
    errors.IntakeTookPlace,
)


@transaction.atomic
def wait_for_seat(membership: Membership, group: Group | None = None) -> WaitingPlace:
    """Wait for a seat in ``group``, or in any group of the program. Whoever sits in another keeps that meanwhile.

    Raises SeatsFree when there is one already, JoiningOver, GroupClosed, IntakeTookPlace or AlreadyLeft.
    """
    now = clock.now()
    intakes.lock_queue(membership.program_id, membership.pk)
    row = Membership.objects.select_related("program__institution", "group", "user").get(pk=membership.pk)
    if not row.program.is_open_to_join or (row.group_id and (group is None or group.pk == row.group_id)):
        raise errors.JoiningOver
    if row.group_id:
        row = _keeps_seat(row, at=now)
    elif row.state not in (Membership.State.INVITED, Membership.State.INTERESTED):
        raise errors.AlreadyLeft
    open_groups = independence.groups_offered_to(row.user, row.program, row.program.institution.on_day(now))
    if any(group is None or free.pk == group.pk for free in open_groups):
        raise errors.SeatsFree
    place, _made = WaitingPlace.objects.get_or_create(
        kind=GROUP,
        membership=row,
        ended_at=None,
        defaults={"program_id": row.program_id, "group": group, "created_at": now},
    )
    if place.offered_at is None and place.group_id != (group.pk if group else None):
        place.group = group
        place.save(update_fields=["group"])
    return place


def _keeps_seat(row: Membership, *, at: dt.datetime) -> Membership:
    """Somebody who waits for another group than theirs says yes to their own seat until then."""
    may_change(row)
    return row if row.accepted_at else seats.accept(row, at=at)


def may_change(row: Membership) -> None:
    """Raises GroupClosed or IntakeTookPlace once ``row`` can no longer go to another group by itself."""
    if row.group and row.group.closed:
        raise errors.GroupClosed
    if Intake.objects.filter(membership=row, state__in=("held", "held_late")).exists():
        raise errors.IntakeTookPlace


def sit_down(row: Membership, group: Group, *, at: dt.datetime) -> Membership:
    """A seat in ``group`` for somebody who chose it, in place of the one they may have; the time goes along.

    Raises as ``may_change`` and ``seats.place``.
    """
    may_change(row)
    seats.place(row, group, on=row.program.institution.on_day(at))
    intakes.give_up_time(row, at=at)
    return take_part(row, at=at)


def take_part(row: Membership, *, at: dt.datetime) -> Membership:
    """Somebody with a seat takes part: waits no more, gets a time, and is told."""
    taken = seats.accept(row, at=at)
    end_waiting(taken, at=at)
    has_time = IntakeSlot.objects.filter(membership=taken).exists()
    if not has_time and not (taken.program.has_intakes and intakes.reserve_next(taken)):
        tell_seated(taken, at=at)
    return taken


def tell_seated(row: Membership, *, at: dt.datetime) -> None:
    key = f"{SEATED}:{row.pk}:{row.group_id}:{intake_messages.stamp(at)}"
    outbox.enqueue(SEATED, about_id=row.pk, to=row.user, key=key, at=at)


def offer_seats(program: Program, *, at: dt.datetime) -> int:
    """Seat those who wait wherever a place is free, first come first; return how many got an offer.

    Whoever waits with a seat elsewhere is moved at once, since they have chosen; the seat they leave is
    offered in the same transaction.

    Part of the transaction that freed the places, which has called ``intakes.lock_queue``.
    """
    program.refresh_from_db(fields=["stage", "joining"])
    if not program.is_open_to_join:
        return 0
    waiting = WaitingPlace.objects.waiting(GROUP).filter(program=program, offered_at__isnull=True)
    together = waiting.select_related("membership__user", "membership__group", "program__institution")
    given = 0
    while found := sum(_offer(place, at=at) for place in together.all()):
        given += found
    return given


def _offer(place: WaitingPlace, *, at: dt.datetime) -> bool:
    row, day = place.membership, place.program.institution.on_day(at)
    for group in independence.groups_offered_to(row.user, place.program, day):
        if place.group_id not in (None, group.pk) or group.pk == row.group_id:
            continue
        try:
            with transaction.atomic():
                if row.group_id:
                    sit_down(row, group, at=at)
                    return True
                seats.place(row, group, on=day)
        except NOT_SEATED:
            continue
        place.offered_at, place.offer_until = at, at + OFFER_FOR
        place.save(update_fields=["offered_at", "offer_until"])
        outbox.enqueue(OFFER, about_id=row.pk, to=row.user, key=f"{OFFER}:{place.pk}", at=at)
        return True
    return False


def open_offer(membership: Membership) -> WaitingPlace | None:
    """The seat that is held for ``membership`` and waits for an answer."""
    waiting = membership.waiting_places.waiting(GROUP)
    return waiting.filter(offered_at__isnull=False).select_related("group").first()


@transaction.atomic
def take_offer(membership: Membership) -> Membership:
    """Take the held seat; the intake's time is reserved with that guide. Raises OfferOver."""
    now = clock.now()
    intakes.lock_queue(membership.program_id, membership.pk)
    if open_offer(membership) is None:
        raise errors.OfferOver
    row = seats.accept(membership, at=now)
    end_waiting(row, at=now)
    if row.program.has_intakes:
        intakes.reserve_next(row)
    return row


@transaction.atomic
def pass_offer_on(membership: Membership) -> None:
    """Not this seat: it goes to the next. Whoever passes waits no more. Raises OfferOver."""
    now = clock.now()
    intakes.lock_queue(membership.program_id, membership.pk)
    place = open_offer(membership)
    if place is None:
        raise errors.OfferOver
    _take_back(place, at=now)
    offer_seats(place.program, at=now)


@transaction.atomic
def stop_waiting(membership: Membership) -> None:
    """Wait no longer. Somebody with an offer says no to it by ``pass_offer_on``."""
    intakes.lock_queue(membership.program_id, membership.pk)
    membership.waiting_places.waiting(GROUP).filter(offered_at__isnull=True).update(ended_at=clock.now())


def _take_back(place: WaitingPlace, *, at: dt.datetime) -> None:
    place.ended_at = at
    place.save(update_fields=["ended_at"])
    outbox.cancel(kind=OFFER, about_id=place.membership_id, reason="passed on")
    try:
        row = seats.unplace(place.membership)
    except errors.AlreadyLeft:
        return
    intakes.give_up_time(row, at=at)


def end_waiting(membership: Membership, *, at: dt.datetime) -> None:
    membership.waiting_places.waiting(GROUP).update(ended_at=at)


def renew(*, at: dt.datetime) -> int:
    """Take back offers nobody answered in time and offer what is free, in every program where somebody waits.

    Each program on its own, so that a fault in one does not hold up the others. Returns the number of offers.
    """
    waiting = WaitingPlace.objects.waiting(GROUP).order_by().values("program").distinct()
    return sum(renew_in(program, at=at) for program in Program.objects.filter(pk__in=waiting))


@transaction.atomic
def renew_in(program: Program, *, at: dt.datetime) -> int:
    """As ``renew`` for one program: also when it gets more places. Returns the number of offers."""
    intakes.lock_queue(program.pk)
    lapsed = WaitingPlace.objects.waiting(GROUP).filter(program=program, offer_until__lte=at)
    for place in lapsed.select_related("membership", "program"):
        _take_back(place, at=at)
    return offer_seats(program, at=at)
