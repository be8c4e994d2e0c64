"""What came of an intake. It stands in this room because an intake counts only before the first session."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from intervision import clock
from programs.actions import intake_messages as messages
from programs.actions import intakes
from programs.models import Intake, IntakeSlot, Membership
from sessions.models import GroupSession

State = Intake.State


@dataclass(frozen=True, slots=True)
class Ticks:
    """All that is stored about what was said."""

    expectations_voiced: bool = False
    boundaries_agreed: bool = False
    goal_formulated: bool = False


@transaction.atomic
def record_held(membership: Membership, *, by: User, ticks: Ticks, by_phone: bool = False) -> Intake:
    """The two met, at their booked time or just now. After the first session it is ``held_late``.

    Recording again corrects the ticks and keeps the moment.
    """
    now = clock.now()
    Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    slot = IntakeSlot.objects.filter(membership=membership, starts_at__lte=now).first()
    intake = Intake.objects.filter(membership=membership).first() or Intake(membership=membership)
    if not intake.took_place:
        intake.held_at = slot.starts_at if slot and not by_phone else now
        intake.held_by = by
    intake.state = State.HELD_LATE if is_late(membership, intake.held_at or now) else State.HELD
    intake.by_phone = by_phone
    intake.expectations_voiced = ticks.expectations_voiced
    intake.boundaries_agreed = ticks.boundaries_agreed
    intake.goal_formulated = ticks.goal_formulated
    intake.save()
    messages.forget_time(membership, reason="held")
    intakes.end_waiting(membership, at=now)
    return intake


def is_late(membership: Membership, held_at: dt.datetime) -> bool:
    sessions = GroupSession.objects.filter(group=membership.group_id).exclude(state="cancelled")
    return sessions.filter(starts_at__lte=held_at).exists()


@transaction.atomic
def record_no_show(membership: Membership) -> IntakeSlot | None:
    """They missed each other: no blame, another time. Returns it, or None when they wait for one."""
    now = clock.now()
    intakes.lock_queue(membership.program_id, membership.pk)
    intakes.set_state(membership, State.NO_SHOW)
    Intake.objects.filter(membership=membership).update(held_at=None, held_by=None, by_phone=False)
    IntakeSlot.objects.filter(membership=membership).update(**intakes.FREE)
    messages.forget_time(membership, reason="missed")
    another = intakes.reserve_next(membership)
    if another is None:
        intakes.join_waiting(membership)
        messages.tell_cancelled(membership, at=now)
    return another
