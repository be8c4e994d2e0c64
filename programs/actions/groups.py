"""Groups by hand: make, change, remove, move somebody, and who leads."""

import datetime as dt
import uuid
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalogue import load
from intervision import versions
from programs import steps
from programs.actions import seats, undo
from programs.errors import GroupNotEmpty, LeadAlready, StaleGroup
from programs.locking import lock_program
from programs.models import Group, Guide, Membership, Program, UndoableStep
from programs.refusals import refusals

LEADS = "programs_guide_one_lead"


@transaction.atomic
def add_group(program: Program, *, pk: UUID | None = None) -> Group:
    """One more group, with the program's size as its places and the next free name.

    The same ``pk`` again adds nothing and returns the group of before.
    """
    lock_program(program.pk)
    known = Group.objects.filter(pk=pk).first() if pk else None
    if known and known.program_id == program.pk:
        return known
    new = uuid.uuid4() if known or pk is None else pk
    taken = set(program.groups.values_list("name", flat=True))
    number = next(n for n in range(1, len(taken) + 2) if _("Group %d") % n not in taken)
    group = Group.objects.create(
        pk=new, program=program, name=_("Group %d") % number, places=places_of(program), room=None
    )
    remember(program)
    return group


def places_of(program: Program) -> int:
    """How many a group of this program takes unless a reason is given: the format's upper size."""
    size = load().formats[program.format].defaults["group_size"]
    return max(program.target_size, int(size.high or size.value or 0))


#: What the form of a group changes.
EDITED = ("name", "places", "places_reason", "half_day", "room", "closed")


@transaction.atomic
def save_group(group: Group, values: dict[str, Any], *, seen: str) -> Group:
    """Store what an editor who saw the fingerprint ``seen`` typed, and return the group as saved.

    Raises StaleGroup, when it is another group by now, or GroupFull, having changed nothing.
    """
    lock_program(group.program_id)
    locked = (
        Group.objects.select_for_update(of=("self",), no_key=True).select_related("program").get(pk=group.pk)
    )
    if seen and versions.fingerprint(locked, EDITED) != seen:
        raise StaleGroup
    for name in EDITED:
        setattr(locked, name, values[name])
    with refusals():
        locked.save(update_fields=EDITED)
    remember(locked.program)
    return locked


@transaction.atomic
def remove_group(group: Group) -> None:
    """Remove a group nobody sits in. Raises GroupNotEmpty otherwise."""
    lock_program(group.program_id)
    locked = Group.objects.select_for_update().get(pk=group.pk)
    if locked.taken or locked.memberships.exists():
        raise GroupNotEmpty
    locked.delete()
    remember(group.program)


@transaction.atomic
def move(membership: Membership, group: Group | None, *, on: dt.date, by: User) -> UndoableStep:
    """Seat ``membership`` in ``group``, or nowhere, and note the way back.

    Raises EvaluatorInGroup, GroupFull, GroupClosed or AlreadyLeft, having changed nothing.
    """
    lock_program(membership.program_id)
    before = {"seats": {str(membership.pk): str(membership.group_id) if membership.group_id else None}}
    if group is None:
        seats.unplace(membership)
    else:
        seats.place(membership, group, on=on)
    remember(membership.program)
    return undo.note(membership.program, "move", before, by=by)


@transaction.atomic
def assign_guide(group: Group, user: User, *, role: str, from_on: dt.date) -> Guide:
    """Let ``user`` guide ``group`` from the day ``from_on``.

    Raises EvaluatorInGroup or LeadAlready, having changed nothing.
    """
    lock_program(group.program_id)
    with refusals(**{LEADS: LeadAlready, "programs_guide_once": LeadAlready}):
        guide = Guide.objects.create(group=group, user=user, role=role, from_on=from_on)
    remember(group.program)
    return guide


@transaction.atomic
def end_guide(guide: Guide, *, on: dt.date) -> None:
    """``guide`` stops on the day ``on``. One who never began is taken off without a trace."""
    lock_program(guide.group.program_id)
    if on <= guide.from_on:
        guide.delete()
    else:
        Guide.objects.filter(pk=guide.pk).update(until_on=on)
    remember(guide.group.program)


def remember(program: Program) -> None:
    """Note how far the steps "groups" and "guides" are: everybody seated and every group led, or a look is due."""
    groups = list(program.groups.all())
    led = Guide.objects.active().filter(group__in=groups, role=Guide.Role.LEAD).count()
    waiting = program.memberships.live().filter(group__isnull=True).exists()
    if led:
        steps.remember(program, "guides", "done")
    if groups:
        steps.remember(program, "groups", "look" if waiting or led < len(groups) else "done")
    else:
        steps.forget(program, "groups")
