"""Fragments for other pages: the ring beside the frame's form, and the finding on an overview."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, TextField
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

import catalogue
from accounts.access import Request
from accounts.models import Appointment, Institution
from checklist import advice, drawing
from checklist.assessing import assess, score_of_frame
from checklist.finding import sentence
from checklist.lines import program_lines
from checklist.reading import frame_of
from checklist.rows import Scope
from intervision import clock
from programs import frame
from programs.forms.setup import FrameForm
from programs.models import Program
from programs.views.find import program_to_run


@require_http_methods(["GET", "POST"])
def preparation_ring(request: Request) -> HttpResponse:
    """The ring of the frame as it is typed; reads the form's own fields, stores nothing."""
    houses = list(Institution.objects.run_by(request.user, Appointment.Role.COORDINATOR))
    if not houses:
        raise PermissionDenied
    typed = request.POST if request.method == "POST" else request.GET
    format_key = typed.get("format") or ""
    if format_key not in catalogue.load().formats:
        raise Http404
    score = score_of_frame(_typed_scope(typed, format_key, houses))
    context = {"ring": drawing.small_ring(score), "counts": score.layers["preparation"].counts}
    return render(request, "checklist/_preparation_ring.html", context)


def _typed_scope(typed: QueryDict, format_key: str, houses: list[Institution]) -> Scope:
    """What the fields say; one that is wrong or missing is not yet known."""
    form = FrameForm(typed, format_key=format_key, institutions=houses)
    form.is_valid()
    program = Program(institution=houses[0], format=form.spec.key)
    for name in frame.fields_of(form.spec):
        setattr(program, name, form.cleaned_data.get(name, _nothing(name)))
    return Scope(frame_of(program), clock.now())


def _nothing(name: str) -> str | None:
    """What a field holds that was left out or is wrong."""
    return "" if isinstance(Program._meta.get_field(name), CharField | TextField) else None


@require_http_methods(["GET"])
def summary(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    found = assess(program, clock.now())
    first = advice.steps_of(found, program)[:1]
    context = {
        "program": program,
        "sentence": sentence(found.score),
        "ring": drawing.small_ring(found.score),
        "counts": found.score.layers["preparation"].counts,
        "next": next(iter(program_lines(found, program, first).values()), None),
    }
    return render(request, "checklist/_summary.html", context)
