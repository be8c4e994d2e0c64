"""The independent person's pages, and what the coordinator learns of a leak that was found true."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Request, use_institution
from concerns import actions, rules
from concerns.errors import ConcernsError, ReportMoved
from concerns.forms import StepForm
from concerns.models import LeakReport
from intervision import clock, notices
from programs.views.find import program_to_run

PAGE = 50
State = LeakReport.State
TOGETHER = ("group__program__institution", "reporter")


@require_http_methods(["GET"])
def report_list(request: Request) -> HttpResponse:
    if not rules.can_look_after(request.user):
        raise PermissionDenied
    reports = LeakReport.objects.to_look_into_by(request.user).select_related(*TOGETHER)
    unsettled = reports.exclude(state__in=LeakReport.SETTLED)
    page = Paginator(reports.order_by("-reported_on", "id"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "waiting": unsettled.count(), "today": clock.today()}
    return render(request, "concerns/list.html", context)


def report_to_look_into(request: Request, pk: UUID) -> LeakReport:
    """The report. Http404 where it is not visible, else PermissionDenied: also for who is not independent of it."""
    reports = LeakReport.objects.visible_to(request.user).select_related(*TOGETHER)
    found = get_object_or_404(reports, pk=pk)
    if not rules.can_look_into(request.user, found):
        raise PermissionDenied
    use_institution(request, found.group.program.institution)
    return found


@require_http_methods(["GET"])
def report(request: Request, pk: UUID) -> HttpResponse:
    return report_page(request, report_to_look_into(request, pk))


def report_page(
    request: Request, found: LeakReport, form: StepForm | None = None, status: int = 200, refusal: str = ""
) -> HttpResponse:
    program = found.group.program
    context: dict[str, Any] = {
        "report": found,
        "program": program,
        "steps": found.steps.select_related("by"),
        "guides": found.group.guides.active().select_related("user"),
        "coordinators": program.coordinators.active().select_related("user"),
        "today": program.institution.on_day(clock.now()),
        "form": form or StepForm(initial={"seen": found.state, "to": State.REPAIRED}),
        "refusal": refusal,
    }
    return render(request, "concerns/report.html", context, status=status)


@require_POST
def step(request: Request, pk: UUID) -> HttpResponse:
    found = report_to_look_into(request, pk)
    form = StepForm(request.POST)
    if not form.is_valid():
        return report_page(request, found, status=422)
    said = form.cleaned_data
    if said["seen"] == found.state:
        try:
            actions.move(found, said["to"], by=request.user, repairs=said["repairs"])
        except ConcernsError as error:
            form.add_error("repairs" if said["to"] == State.REPAIRED else None, str(error))
            return report_page(request, found, form, status=422)
    elif said["to"] != found.state:
        return report_page(request, found, status=409, refusal=str(ReportMoved()))
    notices.done(request, _("Noted. Whoever has to know gets a message."))
    return redirect("concerns:report", pk)


@require_http_methods(["GET"])
def confirmed(request: Request, pk: UUID) -> HttpResponse:
    """For the coordinator: in which groups something was found to have left, and what can be chosen."""
    program = program_to_run(request.user, pk)
    known = LeakReport.objects.filter(
        group__program=program, state__in=(State.CONFIRMED, State.REPAIRED)
    ).select_related("group")
    page = Paginator(known.order_by("state", "-since_on", "id"), PAGE).get_page(request.GET.get("page"))
    return render(request, "concerns/confirmed.html", {"program": program, "page": page})
