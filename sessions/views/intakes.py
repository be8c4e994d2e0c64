from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import periods
from accounts.access import Request, open_to_links, use_institution
from intervision import notices
from programs.models import Guide, Intake, IntakeSlot, Membership
from sessions.actions import intakes
from sessions.forms.intakes import BY_PHONE, NO_SHOW, OutcomeForm


def own_resident(request: Request, pk: UUID) -> Membership:
    """A member of a group that the visitor leads; another's intakes are nobody's business, a co-guide's too."""
    led = request.user.guided.active().filter(role=Guide.Role.LEAD).values("group")
    rows = Membership.objects.seated().filter(group__in=led)
    row = get_object_or_404(rows.select_related("program__institution", "user", "group"), pk=pk)
    if request.narrow and not row.program.groups.filter(pk__in=request.narrow.about).exists():
        raise Http404
    use_institution(request, row.program.institution)
    return row


@open_to_links("guide")
@require_http_methods(["GET", "POST"])
def intake_outcome(request: Request, pk: UUID) -> HttpResponse:
    row = own_resident(request, pk)
    intake = Intake.objects.filter(membership=row).first()
    form = OutcomeForm(request.POST if request.method == "POST" else None, intake=intake)
    if form.is_valid():
        record(request, row, form)
        return redirect("programs:guide-intakes", row.program_id)
    slot = IntakeSlot.objects.filter(membership=row).first()
    kept = periods.table(row.program.institution)["part"].of_others.until
    context = {"row": row, "form": form, "slot": slot, "program": row.program, "kept": kept}
    return render(request, "sessions/intake_outcome.html", context, status=422 if form.errors else 200)


def record(request: Request, row: Membership, form: OutcomeForm) -> None:
    outcome = form.cleaned_data["outcome"]
    if outcome != NO_SHOW:
        intakes.record_held(row, by=request.user, ticks=form.ticks, by_phone=outcome == BY_PHONE)
        notices.done(request, _("Saved."))
    elif intakes.record_no_show(row):
        notices.done(request, _("Saved. Another time is reserved and the resident is told."))
    else:
        notices.done(request, _("Saved. No other time is free: the resident waits for one and is told."))
