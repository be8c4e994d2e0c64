"""The times a guide offers for intakes: publish, withdraw, take back."""

import datetime as dt
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from intervision import clock
from programs import errors, occupying
from programs.actions import intake_messages as messages
from programs.actions import intakes
from programs.models import Guide, Intake, IntakeSlot, Membership, Occupation, Program, Room, UndoableStep
from programs.refusals import refusals

WITHDRAWN = "withdraw_time"


@dataclass(frozen=True, slots=True)
class OfferedTime:
    """One interview; its guide, and its room, are taken from ``occupied_from`` to ``occupied_until``."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    occupied_from: dt.datetime
    occupied_until: dt.datetime


@dataclass(frozen=True, slots=True)
class Place:
    channel: str = IntakeSlot.Channel.ROOM
    room: Room | None = None
    video_link: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a list of times. ``refused`` met another appointment of the guide or the room."""

    made: tuple[IntakeSlot, ...]
    refused: tuple[tuple[OfferedTime, str], ...]
    promoted: int


@transaction.atomic
def publish_times(
    program: Program, guide: User, times: Sequence[OfferedTime], *, place: Place | None = None
) -> Published:
    """Offer ``times``; each that the database refuses is named, the others stand.

    The same list twice changes nothing: a time that is offered already counts as neither. Whoever
    waits gets the first that suits.
    """
    now = clock.now()
    intakes.lock_queue(program.pk)
    there = set(IntakeSlot.objects.offered_by(guide, program).values_list("starts_at", "ends_at"))
    made, refused = [], []
    for time in times:
        if (time.starts_at, time.ends_at) in there:
            continue
        try:
            made.append(_publish(program, guide, time, place or Place()))
        except errors.ProgramsError as error:
            refused.append((time, str(error)))
    promoted = intakes.promote([slot.pk for slot in made], at=now)
    return Published(tuple(made), tuple(refused), promoted)


def _publish(program: Program, guide: User, time: OfferedTime, place: Place) -> IntakeSlot:
    with refusals(
        programs_occupation_person_once=errors.PersonBusy,
        programs_occupation_room_once=errors.RoomTaken,
        programs_intakeslot_once=errors.PersonBusy,
    ):
        slot = IntakeSlot.objects.create(
            program=program,
            guide=guide,
            starts_at=time.starts_at,
            ends_at=time.ends_at,
            channel=place.channel,
            room=place.room,
            video_link=place.video_link,
        )
        _occupy(slot, (time.occupied_from, time.occupied_until))
    return slot


def _occupy(slot: IntakeSlot, period: tuple[dt.datetime, dt.datetime]) -> None:
    occupying.take(DateTimeTZRange(*period), person_id=slot.guide_id, about_id=slot.pk)
    if slot.room_id:
        period = (slot.starts_at, slot.ends_at)
        occupying.take(DateTimeTZRange(*period), room_id=slot.room_id, about_id=slot.pk)


def conflicts(
    guide: User, times: Sequence[OfferedTime], *, room: Room | None = None
) -> dict[OfferedTime, str]:
    """Which of ``times`` meet another appointment, for the page that comes before publishing. Two queries."""
    if not times:
        return {}
    span = DateTimeTZRange(min(t.occupied_from for t in times), max(t.occupied_until for t in times))
    taken = Occupation.objects.filter(period__overlap=span)
    own = set(IntakeSlot.objects.filter(guide=guide, withdrawn_at=None).values_list("starts_at", "ends_at"))
    busy = list(taken.filter(person=guide).values_list("period", flat=True))
    full = list(taken.filter(room=room).values_list("period", flat=True)) if room else []
    found = {}
    for time in times:
        if (time.starts_at, time.ends_at) in own:
            continue
        if any(p.lower < time.occupied_until and time.occupied_from < p.upper for p in busy):
            found[time] = str(errors.PersonBusy.message)
        elif any(p.lower < time.ends_at and time.starts_at < p.upper for p in full):
            found[time] = str(errors.RoomTaken.message)
    return found


@transaction.atomic
def withdraw_time(slot: IntakeSlot, *, by: User) -> UndoableStep:
    """Take a free time back; guide and room are free again. Raises SlotHasSomebody."""
    now = clock.now()
    free = IntakeSlot.objects.filter(pk=slot.pk, membership__isnull=True, withdrawn_at__isnull=True)
    if not free.update(withdrawn_at=now):
        raise errors.SlotHasSomebody
    return _leave_time(slot, by=by)


def _leave_time(slot: IntakeSlot, *, by: User) -> UndoableStep:
    """End the occupations of ``slot``; the step returned remembers them."""
    held = Occupation.objects.filter(about_id=slot.pk, person__isnull=False).first()
    period = (held.period.lower, held.period.upper) if held else (slot.starts_at, slot.ends_at)
    Occupation.objects.filter(about_id=slot.pk).delete()
    before = {"slot": str(slot.pk), "from": period[0].isoformat(), "until": period[1].isoformat()}
    return UndoableStep.objects.create(program=slot.program, by=by, kind=WITHDRAWN, before=before)


@transaction.atomic
def restore_time(step: UndoableStep) -> IntakeSlot:
    """Offer a withdrawn time again. Raises PersonBusy or RoomTaken when it is no longer possible."""
    now = clock.now()
    intakes.lock_queue(step.program_id)
    slot = IntakeSlot.objects.select_for_update().get(pk=uuid.UUID(step.before["slot"]))
    period = tuple(dt.datetime.fromisoformat(step.before[end]) for end in ("from", "until"))
    if UndoableStep.objects.filter(pk=step.pk, undone_at__isnull=True).update(undone_at=now):
        slot.withdrawn_at = None
        with refusals(
            programs_occupation_person_once=errors.PersonBusy,
            programs_occupation_room_once=errors.RoomTaken,
            programs_intakeslot_once=errors.PersonBusy,
        ):
            slot.save(update_fields=["withdrawn_at"])
            _occupy(slot, (period[0], period[1]))
        intakes.promote([slot.pk], at=now)
    return slot


@transaction.atomic
def call_off(slot: IntakeSlot, *, by: User) -> IntakeSlot | None:
    """The guide cannot come at a time somebody has: that person gets another, or waits first in line.

    Returns the new time, or None when there is none that suits.
    """
    now = clock.now()
    intakes.lock_queue(slot.program_id, *_holder(slot))
    slot = IntakeSlot.objects.select_for_update(of=("self",)).select_related("membership").get(pk=slot.pk)
    row = slot.membership
    IntakeSlot.objects.filter(pk=slot.pk).update(**intakes.FREE, withdrawn_at=now)
    _leave_time(slot, by=by)
    return give_another(row, at=now) if row else None


def _holder(slot: IntakeSlot) -> list[uuid.UUID]:
    return [pk for pk in IntakeSlot.objects.filter(pk=slot.pk).values_list("membership", flat=True) if pk]


def give_another(row: Membership, *, at: dt.datetime) -> IntakeSlot | None:
    """Reserve another time for ``row``, who lost one through no choice of their own; else they wait."""
    messages.forget_time(row, reason="cancelled")
    intakes.set_state(row, Intake.State.CANCELLED)
    another = None
    with suppress(
        errors.NotTakingPart, errors.IntakeTookPlace
    ):  # whoever is suspended is given nothing, nor waits
        another = intakes.reserve_next(row)
        if another is None:
            intakes.join_waiting(row)
    if another is None:
        messages.tell_cancelled(row, at=at)
    return another


def stray_times(*, at: dt.datetime) -> QuerySet[IntakeSlot]:
    """Coming times with somebody who does not lead the group of whoever has them: moved, replaced, suspended."""
    leads = Guide.objects.active().filter(role=Guide.Role.LEAD)
    right = leads.filter(user=OuterRef("guide"), group=OuterRef("membership__group"))
    slots = IntakeSlot.objects.filter(membership__isnull=False, starts_at__gt=at)
    return slots.exclude(program__stage__in=intakes.CLOSED).filter(~Exists(right)).order_by("starts_at")


def follow_leads(*, at: dt.datetime, program: Program | None = None) -> int:
    """Give everybody whose time is with the wrong guide one with their own; return how many that were."""
    strays = stray_times(at=at).filter(program=program) if program else stray_times(at=at)
    return sum(_follow(slot, at=at) for slot in strays)


@transaction.atomic
def _follow(slot: IntakeSlot, *, at: dt.datetime) -> bool:
    intakes.lock_queue(slot.program_id, *_holder(slot))
    fresh = stray_times(at=at).filter(pk=slot.pk).select_related("membership").first()
    row = fresh.membership if fresh else None
    if row is None:
        return False
    IntakeSlot.objects.filter(pk=slot.pk).update(**intakes.FREE)
    give_another(row, at=at)
    intakes.promote([slot.pk], at=at)
    return True
