"""What a coordinator says is kept: answers, and reasons for what is not met."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from checklist.models import Declaration, Justification
from intervision import clock
from programs import steps
from programs.models import Program

#: Below this readiness the check asks for another look.
READY = 60


@transaction.atomic
def declare(program: Program, answers: Mapping[str, tuple[str, str]], *, by: User) -> None:
    """Keep the coordinator's answers, each an answer and a note, by item. An empty answer takes it back.

    An answer that is given again is as new: a year later it is given again on purpose.
    """
    now = clock.now()
    for item, (answer, note) in answers.items():
        if not answer:
            program.declarations.filter(item=item).delete()
            continue
        values = {"answer": answer, "note": note if answer != "yes" else "", "by": by, "answered_at": now}
        Declaration.objects.update_or_create(program=program, item=item, defaults=values)


@transaction.atomic
def justify(program: Program, reasons: Mapping[str, str], *, by: User) -> None:
    """Keep one line for each item; an empty line takes it back, an unchanged one stays as old as it is."""
    known = {row.item: row for row in program.justifications.all()}
    for item, text in reasons.items():
        row = known.get(item)
        if not text:
            program.justifications.filter(item=item).delete()
        elif row is None or row.text != text:
            values = {"text": text, "by": by, "changed_at": clock.now()}
            Justification.objects.update_or_create(program=program, item=item, defaults=values)


def leave(program: Program, item: str, reason: str, *, by: User) -> None:
    """Keep that it was decided not to do something, and why."""
    values = {"text": reason, "by": by, "changed_at": clock.now(), "chosen": True}
    Justification.objects.update_or_create(program=program, item=item, defaults=values)


def take_up(program: Program, item: str) -> str:
    """Let it stand among what to do again; gives the line that stood there."""
    row = program.justifications.filter(item=item).first()
    if row is None:
        return ""
    row.delete()
    return row.text


def note_check(program: Program, readiness: int | None) -> None:
    """Note on the coordinator's way that the check was looked at, and whether it asks for another look."""
    steps.remember(program, "check", "done" if readiness is not None and readiness >= READY else "look")
