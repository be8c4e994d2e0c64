"""A running group: somebody pauses, leaves or joins, another guide takes over, the group is closed.

Each change that nothing has left the house about is noted with its way back (``actions/undo.py``).
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

import outbox
from accounts.models import User
from catalogue import load
from intervision import clock
from programs import errors
from programs.actions import guides, intake_messages, intakes, seats, undo, waiting
from programs.actions.people_known import people_of
from programs.locking import lock_program
from programs.models import (
    GroundRules,
    Group,
    Guide,
    IntakeSlot,
    LearningGoal,
    Membership,
    Preparation,
    Program,
    ProgramCoordinator,
    UndoableStep,
)
from programs.refusals import refusals

JOINED, LEFT = "group-changed", "left"
#: What is told after this time can be taken back until then.
THINK_AGAIN = dt.timedelta(minutes=10)
DAY = dt.timedelta(days=1)


@transaction.atomic
def pause(membership: Membership, *, from_on: dt.date, until_on: dt.date | None, by: User) -> UndoableStep:
    """Out of every count between the two days; the seat is kept. Raises AlreadyLeft."""
    before = _pause_of(membership)
    seats.pause(membership, from_on=from_on, until_on=until_on)
    return undo.note(membership.program, "pause", before, by=by)


@transaction.atomic
def resume(membership: Membership, *, by: User) -> UndoableStep:
    """Back before the day that was set. Raises AlreadyLeft."""
    before = _pause_of(membership)
    seats.resume(membership)
    return undo.note(membership.program, "pause", before, by=by)


def _pause_of(membership: Membership) -> dict[str, str | None]:
    row = Membership.objects.get(pk=membership.pk)
    return {
        "membership": str(row.pk),
        "from_on": row.paused_from.isoformat() if row.paused_from else None,
        "until_on": row.paused_until.isoformat() if row.paused_until else None,
    }


@transaction.atomic
def leave(membership: Membership, *, on: dt.date, by: User) -> UndoableStep:
    """End ``membership`` on the day ``on``: its seat and its time go to whoever waits. Raises AlreadyLeft.

    The message that confirms it leaves after a few minutes; until then it can be taken back.
    """
    now = clock.now()
    intakes.lock_queue(membership.program_id, membership.pk)
    row = Membership.objects.select_related("program__institution", "user").get(pk=membership.pk)
    slot = IntakeSlot.objects.filter(membership=row).first()
    before = {
        "membership": str(row.pk),
        "state": row.state,
        "slot": str(slot.pk) if slot else None,
        "kept": bool(slot and slot.kept_at),
    }
    left = seats.leave(row, on=on)
    if slot and slot.starts_at > now:
        intakes.give_up_time(left, at=now)
    left.waiting_places.filter(ended_at__isnull=True).update(ended_at=now)
    outbox.cancel(about_id=left.pk, reason="left")
    if intake_messages.is_told(left):
        key = f"{LEFT}:{left.pk}:{intake_messages.stamp(now)}"
        outbox.enqueue(LEFT, about_id=left.pk, to=row.user, key=key, at=now, due_at=now + THINK_AGAIN)
    waiting.offer_seats(row.program, at=now)
    return undo.note(row.program, "leave", before, by=by)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody for a group: who they are, where the program does not know them yet."""

    name: str
    email: str


@transaction.atomic
def add_newcomer(group: Group, newcomer: Newcomer) -> Membership:
    """Bring somebody into the program and the group. Raises as ``add_to_group``."""
    lock_program(group.program_id)
    user = guides.person(group.program.institution, name=newcomer.name, email=newcomer.email)
    row = Membership.objects.live().filter(program=group.program, user=user).first()
    if row is None:
        row = Membership(program=group.program, user=user)
        if not people_of(group.program.institution).filter(pk=user.pk).exists():
            row.given_name, row.given_email = newcomer.name.strip(), newcomer.email.strip().lower()
        row.save(force_insert=True)
    return add_to_group(row, group)


@transaction.atomic
def add_to_group(membership: Membership, group: Group) -> Membership:
    """Seat somebody in a group that exists: a time is reserved, and everybody is asked the ground rules again.

    Raises EvaluatorInGroup, GroupFull, GroupClosed or AlreadyLeft, having changed nothing.
    """
    now = clock.now()
    program = group.program
    intakes.lock_queue(program.pk, membership.pk)
    row = seats.place(membership, group, on=program.institution.on_day(now))
    waiting.end_waiting(row, at=now)
    if program.stage != Program.Stage.DRAFT and row.invited_at is None:
        row.invited_at = now
        row.save(update_fields=["invited_at"])
    ask_rules_again(group, at=now)
    reserved = program.has_intakes and intakes.reserve_next(row)
    if intake_messages.is_told(row) and not reserved:
        waiting.tell_seated(row, at=now)
    tell_group(group, at=now, besides=row.user)
    return row


def tell_group(group: Group, *, at: dt.datetime, besides: User | None = None) -> None:
    """Members and guides learn that the group has changed, without a name; nothing is said while planning."""
    if group.program.stage == Program.Stage.DRAFT:
        return
    members = Membership.objects.seated().filter(group=group, accepted_at__isnull=False)
    people = [row.user for row in members.select_related("user")]
    people += [row.user for row in group.guides.active().select_related("user")]
    for user in people:
        if besides is None or user.pk != besides.pk:
            key = f"{JOINED}:{group.pk}:{user.pk}:{intake_messages.stamp(at)}"
            outbox.enqueue(JOINED, about_id=group.pk, to=user, key=key, at=at)


# Ground rules.


def ask_rules_again(group: Group, *, at: dt.datetime) -> GroundRules | None:
    """The same text as a new version, so that everybody confirms it with whoever is new."""
    rules = group.ground_rules.first()
    return rules and new_rules(group, text_en=rules.text_en, text_nl=rules.text_nl, at=at)


def new_rules(group: Group, *, text_en: str, text_nl: str, at: dt.datetime) -> GroundRules:
    """The next version of a group's ground rules; what was confirmed before counts no longer."""
    Group.objects.select_for_update(no_key=True).get(pk=group.pk)
    last = group.ground_rules.first()
    return GroundRules.objects.create(
        group=group, version=last.version + 1 if last else 1, text_en=text_en, text_nl=text_nl, created_at=at
    )


@transaction.atomic
def agree_rules(group: Group, *, text_en: str, text_nl: str) -> GroundRules:
    """Write the group's ground rules. The text that stands already makes no new version."""
    last = group.ground_rules.first()
    if last and (last.text_en, last.text_nl) == (text_en, text_nl):
        return last
    return new_rules(group, text_en=text_en, text_nl=text_nl, at=clock.now())


@transaction.atomic
def rules_for_all(program: Program) -> int:
    """The format's ground rules for every group that has none yet; how many groups that were."""
    text = load().formats[program.format].ground_rules
    bare = list(program.groups.filter(ground_rules__isnull=True))
    for group in bare:
        new_rules(group, text_en=text.en, text_nl=text.nl, at=clock.now())
    return len(bare)


# Guides, and the group as a whole.


@transaction.atomic
def change_guide(
    group: Group, user: User, *, role: str, from_on: dt.date, replacing: Guide | None = None
) -> Guide:
    """``user`` guides ``group`` from a day on; whom they replace stops the day before.

    Raises EvaluatorInGroup or LeadAlready, having changed nothing.
    """
    lock_program(group.program_id)
    if replacing and replacing.from_on >= from_on:
        replacing.delete()
    elif replacing:
        Guide.objects.filter(pk=replacing.pk).update(until_on=from_on - DAY)
    with refusals(programs_guide_one_lead=errors.LeadAlready, programs_guide_once=errors.LeadAlready):
        guide = Guide.objects.create(group=group, user=user, role=role, from_on=from_on)
    tell_group(group, at=clock.now(), besides=user)
    return guide


def set_closed(group: Group, closed: bool, *, by: User) -> UndoableStep:
    before = {"group": str(group.pk), "closed": group.closed}
    Group.objects.filter(pk=group.pk).update(closed=closed)
    return undo.note(group.program, "close", before, by=by)


def set_paused(group: Group, paused: bool) -> None:
    """The whole group stands still, or goes on."""
    Group.objects.filter(pk=group.pk).update(paused_at=clock.now() if paused else None)


# Suspended assignments.

ASSIGNMENTS: dict[str, type[Guide] | type[Membership] | type[ProgramCoordinator]] = {
    "guide": Guide,
    "member": Membership,
    "coordinator": ProgramCoordinator,
}


def reinstate(row: Guide | Membership | ProgramCoordinator) -> None:
    """Put a suspended assignment back in force. Raises EvaluatorInGroup while the evaluation still stands.

    What was shared with a guide is shared again only by its owner, who read meanwhile that nobody reads it.
    """
    with refusals():
        type(row)._base_manager.filter(pk=row.pk).update(suspended_from=None)
    if isinstance(row, Guide):
        for kind in (Preparation, LearningGoal):
            kind.objects.share_no_more(shared_with=row)


def end_assignment(row: Guide | ProgramCoordinator, *, on: dt.date) -> None:
    """A suspended guide or coordinator is one no longer."""
    type(row)._base_manager.filter(pk=row.pk).update(until_on=max(on - DAY, row.from_on))
