"""Tells what guides ticked about the intake interviews of a program: once, pooled, and then left as it is."""

from django.db import transaction

from checklist.models import TicksTold
from checklist.reading import Reading
from checklist.released import ticks_due
from checklist.rows import TicksRow
from programs.models import Program


def tell(program: Program, reading: Reading) -> bool:
    """Store what may be told of ``program`` by now; False when there is nothing new to tell."""
    due = ticks_due(reading.scope, reading.min_n)
    return due is not None and _store(program, due, reading)


@transaction.atomic
def _store(program: Program, due: TicksRow, reading: Reading) -> bool:
    """Two at once must not tell of six people and of seven: whoever comes second looks again at what was told."""
    Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    told = TicksTold.objects.filter(program=program)
    if told.filter(people__gt=due.people - reading.min_n).exists():
        return False
    told.create(
        program=program, told_at=reading.scope.at, people=due.people, framed=due.framed, goals=due.goals
    )
    return True
