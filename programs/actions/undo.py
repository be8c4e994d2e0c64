"""Taking back the last change of a program's groups, as long as nothing has left the house."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Subquery

import outbox
from accounts.models import User
from intervision import clock
from outbox.models import Message
from programs import independence
from programs.actions import intakes, seats
from programs.errors import AlreadyLeft, NothingToUndo
from programs.locking import lock_program
from programs.models import Group, Guide, Membership, Program, UndoableStep
from programs.models.program import ProgramQuerySet
from programs.refusals import refusals

BEFORE_RUNNING = (Program.Stage.DRAFT, Program.Stage.RECRUITING, Program.Stage.INTAKES)


def note(program: Program, kind: str, before: dict[str, Any], *, by: User) -> UndoableStep:
    """Write down how to take the change back that is being made in this transaction."""
    if kind not in WAYS_BACK:
        raise ValueError(f"no way back is known for {kind}")
    return UndoableStep.objects.create(program=program, kind=kind, before=before, by=by)


def with_latest(programs: ProgramQuerySet) -> ProgramQuerySet:
    """Each with ``undoable_id``, the id of its newest change: without one there is no ``latest`` to ask for."""
    steps = UndoableStep.objects.filter(program=OuterRef("pk"), undone_at__isnull=True, kind__in=WAYS_BACK)
    return programs.annotate(undoable_id=Subquery(steps.values("pk")[:1]))


def latest(program: Program) -> UndoableStep | None:
    """The change that can be taken back now, if any: what a page offers and ``undo`` accepts.

    Steps of other pages have a way back of their own.
    """
    step = program.undoable_steps.filter(undone_at__isnull=True, kind__in=WAYS_BACK).first()
    return step if step and IS_OPEN.get(step.kind, _always)(program, step) else None


@transaction.atomic
def undo(step: UndoableStep) -> None:
    """Take ``step`` back. Only what ``latest`` gives can be; raises NothingToUndo otherwise.

    A refusal of the database (somebody became an evaluator this very moment) passes on and changes nothing.
    """
    program = lock_program(step.program_id)
    newest = latest(program)
    if newest is None or newest.pk != step.pk:
        raise NothingToUndo
    WAYS_BACK[step.kind](program, step.before)
    UndoableStep.objects.filter(pk=step.pk).update(undone_at=clock.now())


def _always(program: Program, step: UndoableStep) -> bool:
    return True


def _seats_are_free(program: Program, step: UndoableStep) -> bool:
    """Whether everybody may sit again where they sat: all of them stand up first."""
    asked = {key: group for key, group in step.before["seats"].items() if group}
    if not asked:
        return True
    coming = program.memberships.live().filter(pk__in=asked).values_list("pk", "user_id")
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for pk, user in coming:
        wanted[asked[str(pk)]].add(user)
    staying = program.memberships.live().exclude(pk__in=step.before["seats"])
    return all(
        not group.closed
        and staying.filter(group=group).count() + len(people) <= group.places
        and not people & independence.barred_from(group, clock.today())
        for group in program.groups.filter(pk__in=wanted)
        if (people := wanted[str(group.pk)])
    )


def _is_not_built_upon(program: Program, step: UndoableStep) -> bool:
    """Whether the groups of a proposal carry nothing that would go with them: dates, people who left, a program
    that runs."""
    later = program.undoable_steps.filter(undone_at__isnull=True, created_at__gt=step.created_at)
    gone = program.memberships.exclude(pk__in=program.memberships.live().values("pk"))
    if program.stage not in BEFORE_RUNNING or later.exists():
        return False
    return not gone.filter(group__in=step.before["groups"]).exists() and _seats_are_free(program, step)


def _has_told_nobody(program: Program, step: UndoableStep) -> bool:
    """Whether somebody who left may come back: the message that confirms it has not left, the seat is free."""
    row = program.memberships.filter(pk=step.before["membership"]).select_related("group").first()
    if row is None or row.state != Membership.State.LEFT:
        return False
    told = Message.objects.about([row.pk]).filter(kind="left").order_by("-created_at").first()
    if told and told.state != Message.State.PENDING:
        return False
    if program.memberships.live().filter(user=row.user_id).exists():
        return False
    group = row.group
    return group is None or (
        group.free_places > 0 and row.user_id not in independence.barred_from(group, clock.today())
    )


def _seats_back(program: Program, before: dict[str, Any]) -> None:
    """``before["seats"]``: membership id -> group id or None. Everybody stands up, then sits down."""
    rows = Membership.objects.live().filter(program=program, pk__in=before["seats"]).order_by("pk")
    memberships = {str(row.pk): row for row in rows}
    for row in memberships.values():
        seats.unplace(row)
    groups = {str(group.pk): group for group in program.groups.all()}
    for key, row in memberships.items():
        if (group := groups.get(before["seats"][key] or "")) is not None:
            seats.place(row, group, on=clock.today())


def _proposal_back(program: Program, before: dict[str, Any]) -> None:
    _seats_back(program, before)
    Guide.objects.filter(pk__in=before["guides"]).delete()
    Group.objects.filter(pk__in=before["groups"], program=program, taken=0).delete()


def _person_back(program: Program, before: dict[str, Any]) -> None:
    """Somebody taken out of the list comes back, into the seat they had if it is still free."""
    if program.memberships.live().filter(user=before["user"]).exists():
        return
    given = {key: before.get(key, "") for key in ("given_name", "given_email")}
    row = Membership.objects.create(program=program, user_id=before["user"], **given)
    group = program.groups.with_free_places().filter(pk=before["group"]).first() if before["group"] else None
    if group is not None:
        seats.place(row, group, on=clock.today())


def _pause_back(program: Program, before: dict[str, Any]) -> None:
    row = Membership.objects.get(pk=before["membership"], program=program)
    days = {
        key: dt.date.fromisoformat(before[key]) if before[key] else None for key in ("from_on", "until_on")
    }
    if days["from_on"]:
        seats.pause(row, from_on=days["from_on"], until_on=days["until_on"])
    else:
        seats.resume(row)


def _leave_back(program: Program, before: dict[str, Any]) -> None:
    row = Membership.objects.select_for_update(no_key=True).get(pk=before["membership"], program=program)
    outbox.cancel(kind="left", about_id=row.pk, reason="taken back")
    row.state, row.left_on = before["state"], None
    with refusals(programs_membership_one_live=AlreadyLeft):
        row.save(update_fields=["state", "left_on"])
    intakes.give_back(before["slot"], membership=row, kept=before.get("kept", False))


def _close_back(program: Program, before: dict[str, Any]) -> None:
    Group.objects.filter(pk=before["group"], program=program).update(closed=before["closed"])


WAYS_BACK: dict[str, Callable[[Program, dict[str, Any]], None]] = {
    "move": _seats_back,
    "proposal": _proposal_back,
    "person_removed": _person_back,
    "pause": _pause_back,
    "leave": _leave_back,
    "close": _close_back,
}
#: Whether the way back of a kind is open; those that are not named always are.
IS_OPEN: dict[str, Callable[[Program, UndoableStep], bool]] = {
    "move": _seats_are_free,
    "proposal": _is_not_built_upon,
    "leave": _has_told_nobody,
}
