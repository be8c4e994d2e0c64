"""The questions that only a coordinator can answer."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import catalogue
from accounts.access import Request
from checklist import actions
from checklist.forms import AnswersForm
from intervision import clock, notices
from programs.views.find import program_to_run


@require_http_methods(["GET", "POST"])
def answers(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    declared = {row.item: row for row in program.declarations.select_related("by")}
    every = catalogue.load().items_of(program.format)
    items = [item for item in every if item.measure.kind == "coordinator_declared"]

    data = request.POST if request.method == "POST" else None
    form = AnswersForm(data, items=items, declared=declared)
    if form.is_valid():
        actions.declare(program, form.answers(), by=request.user)
        notices.done(request, _("Saved. The checklist counts your answers."))
        return redirect("checklist:program", pk)

    now = clock.now()
    context = {
        "program": program,
        "institution": program.institution,
        "form": form,
        "questions": [
            (item, answer, note, row, bool(row and row.is_asked_again(now)))
            for item, answer, note in form.questions()
            for row in [declared.get(item.key)]
        ],
    }
    return render(request, "checklist/answers.html", context, status=422 if form.errors else 200)
