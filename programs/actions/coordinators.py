"""Who runs a program, from a day to a day."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from intervision import clock
from programs.errors import EvaluatorInGroup, LastCoordinator
from programs.locking import lock_program
from programs.models import Program, ProgramCoordinator
from programs.refusals import refusals


@transaction.atomic
def add_coordinator(program: Program, user: User) -> ProgramCoordinator:
    """Let ``user`` run the program from today; whoever does already stays as they are.

    The caller has seen that ``user`` is appointed in the house. Raises EvaluatorInGroup, having changed nothing.
    """
    today = clock.today()
    present: ProgramCoordinator | None = program.coordinators.current(today).filter(user=user).first()
    if present is not None:
        return present
    with refusals():
        held, _ = ProgramCoordinator.objects.update_or_create(
            program=program, user=user, from_on=today, defaults={"until_on": None, "suspended_from": None}
        )
    return held


@transaction.atomic
def end_coordination(held: ProgramCoordinator) -> None:
    """End it with yesterday, so that the next request is refused. Raises LastCoordinator."""
    lock_program(held.program_id)
    today = clock.today()
    others = held.program.coordinators.active(today).exclude(pk=held.pk)
    if not others.exists():
        raise LastCoordinator
    if held.from_on >= today:
        held.delete()
        return
    held.until_on = today - dt.timedelta(days=1)
    held.save(update_fields=["until_on"])


@transaction.atomic
def resume_coordination(held: ProgramCoordinator) -> None:
    """Undo ``end_coordination``. Raises EvaluatorInGroup when the person has become an evaluator meanwhile."""
    with refusals(no_evaluator_in_group=EvaluatorInGroup):
        held.until_on = None
        held.save(update_fields=["until_on"])
