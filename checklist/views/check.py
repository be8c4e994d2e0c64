"""The step "check": what is met, what is not, and one line on why the program starts all the same."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from checklist import actions, drawing
from checklist.assessing import assess
from checklist.finding import sentence
from checklist.forms import ReasonsForm
from checklist.lines import layer, program_lines
from intervision import clock, notices
from programs import stages, steps
from programs.views.find import program_to_run

NEEDS_YOU = ("not_met", "partly", "unknown", "met")


@require_http_methods(["GET", "POST"])
def check(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    found = assess(program, clock.now())
    scored = found.score.layers["preparation"]
    preparation = layer(scored, found.score, program_lines(found, program, scored.items))
    open_items = [line.item for line in preparation.lines if line.is_open]

    data = request.POST if request.method == "POST" else None
    form = ReasonsForm(data, items=open_items, known=found.reading.justifications)
    if form.is_valid():
        actions.justify(program, form.reasons(), by=request.user)
        actions.note_check(program, found.score.readiness)
        notices.done(request, _("Saved."))
        following = steps.next_after(program, "check")
        return redirect(following.url if following and following.url else request.path)

    to = stages.next_stage(program)
    context = {
        "program": program,
        "institution": program.institution,
        "step": "check",
        "form": form,
        "sentence": sentence(found.score),
        "ring": drawing.small_ring(found.score),
        "counts": preparation.counts,
        "readiness": found.score.readiness,
        "shown": [
            (
                status,
                [
                    (line, _field(form, line.item.key))
                    for line in preparation.lines
                    if line.score.status == status
                ],
            )
            for status in NEEDS_YOU
        ],
        "blocking": stages.blocks(program, to) if to else [],
    }
    return render(request, "checklist/check.html", context, status=422 if form.errors else 200)


def _field(form: ReasonsForm, key: str) -> object:
    return form[key] if key in form.fields else None
