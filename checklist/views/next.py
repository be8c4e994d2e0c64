"""What to do next, in order, and what was chosen not to be done."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from checklist import actions, advice
from checklist.assessing import assess
from checklist.finding import sentence
from checklist.forms import ReasonForm
from checklist.interplay import sounds_like_fate
from checklist.places import Place
from intervision import clock, notices
from programs.models import Program
from programs.views.find import program_to_run


@require_http_methods(["GET"])
def next_actions(request: Request, pk: UUID) -> HttpResponse:
    return _page(request, program_to_run(request.user, pk))


@require_http_methods(["POST"])
def leave(request: Request, pk: UUID, item: str) -> HttpResponse:
    """Choose not to do something, with one line on why."""
    program = program_to_run(request.user, pk)
    if item not in advice.can_be_left(assess(program, clock.now())):
        raise Http404
    form = ReasonForm(request.POST, item=item)
    if not form.is_valid():
        return _page(request, program, form)
    actions.leave(program, item, form.cleaned_data["reason"], by=request.user)
    undo = reverse("checklist:take-up", args=[pk, item])
    notices.done(request, _("Kept as chosen. It no longer stands among what to do."), undo=undo)
    return redirect("checklist:next", pk)


@require_http_methods(["POST"])
def take_up(request: Request, pk: UUID, item: str) -> HttpResponse:
    """Take a choice or a line back; it is said once more, so that it can be given again."""
    program = program_to_run(request.user, pk)
    if reason := actions.take_up(program, item):
        notices.done(
            request, _("It stands among what to do again. The reason was: %(reason)s") % {"reason": reason}
        )
    return redirect("checklist:next", pk)


def _page(request: Request, program: Program, refused: ReasonForm | None = None) -> HttpResponse:
    found, place = assess(program, clock.now()), Place("program", program.pk)
    may_stay = set(advice.can_be_left(found))
    lines = found.reading.justifications
    forms = {
        key: ReasonForm(item=key, initial={"reason": lines[key].text} if key in lines else None)
        for key in may_stay
    }
    if refused:
        forms[refused.item] = refused
    context = {
        "program": program,
        "institution": program.institution,
        "place": place,
        "sentence": sentence(found.score),
        "fate": sounds_like_fate(found.score),
        "flags": advice.doors(found, program),
        "low": advice.low_factors(found, program, place),
        "steps": [(line, forms.get(line.item.key)) for line in advice.to_do(found, program)],
        "chosen": advice.chosen(found, program),
        "form": refused,
    }
    return render(request, "checklist/next.html", context, status=422 if refused else 200)
