"""The first two questions of every page about a program: is it visible, and may it be run."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.models import User
from programs import rules
from programs.models import Program


def program_to_run(user: User, pk: UUID) -> Program:
    """The program, for a page of its coordinators. Http404 where it is not visible, else PermissionDenied."""
    programs = Program.objects.visible_to(user).select_related("institution")
    program = get_object_or_404(programs, pk=pk)
    if not rules.can_run(user, program):
        raise PermissionDenied
    return program
