from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from desk.changes import Changes
from programs.actions import undo
from programs.views.find import program_to_run

PAGE = 50


@require_http_methods(["GET"])
def changes(request: Request, pk: UUID) -> HttpResponse:
    """What changed in a program's planning, and the last change that can be taken back."""
    program = program_to_run(request.user, pk)
    found: Any = Changes(program)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"program": program, "page": page, "undoable": undo.latest(program)}
    return render(request, "desk/changes.html", context)
