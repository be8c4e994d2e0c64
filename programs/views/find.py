"""The first two questions of every page about a program: is it visible, and may it be run."""

import datetime as dt
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.models import User
from intervision import clock
from intervision.prepared import Question
from programs.models import Program
from programs.models.program import ProgramQuerySet


def program_to_run(user: User, pk: UUID, programs: ProgramQuerySet | None = None) -> Program:
    """The program, for a page of its coordinators. Http404 where it is not visible, else PermissionDenied.

    One query for those who run it, whose pages these are; ``programs`` says what else comes with it.
    """
    known = (Program.objects.all() if programs is None else programs).select_related("institution")
    if programs is None:
        program = next(iter(_run_by.rows(user.pk, clock.today(), pk)), None)
    else:
        program = known.coordinated_by(user).filter(pk=pk).first()
    if program is None:
        get_object_or_404(known.visible_to(user), pk=pk)
        raise PermissionDenied
    return program


def _coordinated(user: UUID, day: dt.date, pk: UUID) -> ProgramQuerySet:
    return Program.objects.coordinated_by(User(pk=user), day).filter(pk=pk).select_related("institution")


_run_by: Question[Program] = Question(_coordinated, UUID, dt.date, UUID)
