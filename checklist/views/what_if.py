"""What a change would do to the rings, before anything is decided. Reads alone; stores nothing."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from checklist import drawing, overview, supposing
from checklist.assessing import Assessment, assess
from checklist.finding import sentence
from checklist.forms import WhatIfForm
from checklist.lines import program_lines
from checklist.places import Place
from checklist.scoring import Score
from intervision import clock
from programs.models import Program
from programs.views.find import program_to_run


@require_http_methods(["GET"])
def what_if(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    found = assess(program, clock.now())
    frame = found.reading.scope.frame
    form = WhatIfForm(
        request.GET or None,
        asked=supposing.asked(frame.format),
        present=supposing.present(found.score, frame),
    )
    tried = form.tried()
    then = supposing.score_supposed(found.inputs, frame, tried) if tried else found.score
    context = {
        "program": program,
        "institution": program.institution,
        "place": Place("program", pk),
        "form": form,
        "tried": bool(tried),
        **_shown(program, found, then, tried=bool(tried)),
    }
    template = "checklist/_what_if.html" if request.htmx else "checklist/what_if.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _shown(program: Program, found: Assessment, then: Score, *, tried: bool) -> dict[str, object]:
    place = Place("program", program.pk)
    changed = supposing.differences(found.score, then)
    before = program_lines(found, program, [one.now for one in changed])
    after = program_lines(found, program, [one.then for one in changed])
    as_it_is, title = _("The conditions as they are"), _("The conditions as they would be")
    return {
        "said": _said(changed) if tried else _("Change something to see what it does."),
        "now": (sentence(found.score), drawing.four_rings(found.score, place, title=as_it_is, uid="now")),
        "then": (sentence(then), drawing.four_rings(then, place, title=title, uid="then")) if tried else None,
        "changed": [(one, before[key], after[key]) for one in changed for key in [one.now.item.key]],
        "layers": overview.compared(found.score, then),
    }


def _said(changed: list[supposing.Difference]) -> str:
    """How many conditions gain and lose, for whoever does not see the rings move."""
    gain = sum(one.better for one in changed)
    if not changed:
        return _("No condition changes.")
    return _("%(gain)s better, %(lose)s worse, of the conditions that change.") % {
        "gain": gain,
        "lose": len(changed) - gain,
    }
