"""Who runs a program."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from accounts.models import Appointment, User
from intervision import clock, notices
from programs.actions import coordinators as actions
from programs.errors import ProgramsError
from programs.forms.coordinators import CoordinatorForm
from programs.models import Program
from programs.views.find import program_to_run


@require_http_methods(["GET", "POST"])
def coordinators(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    form = CoordinatorForm(request.POST if request.method == "POST" else None, people=_candidates(program))
    if form.is_valid():
        chosen = form.cleaned_data["user"]
        try:
            actions.add_coordinator(program, chosen)
        except ProgramsError as error:
            form.add_error("user", str(error))
        else:
            notices.done(request, _("%(name)s coordinates this program too.") % {"name": chosen.name})
            return redirect("programs:coordinators", pk)
    return _page(request, program, form, status=422 if form.errors else 200)


def _page(
    request: Request, program: Program, form: forms.Form, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    held = program.coordinators.current(clock.today()).select_related("user").order_by("user__name")
    context = {"program": program, "step": "frame", "form": form, "held": held, "refusal": refusal}
    return render(request, "programs/coordinators.html", context, status=409 if refusal else status)


def _candidates(program: Program) -> Any:
    """Who may be given the program: coordinators of its house today who do not run it yet."""
    today = clock.today()
    appointed = program.institution.appointments.current(today).filter(role=Appointment.Role.COORDINATOR)
    running = program.coordinators.current(today).values("user")
    return User.objects.filter(pk__in=appointed.values("user")).exclude(pk__in=running)


@require_http_methods(["POST"])
def end(request: Request, pk: UUID, held_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    held = get_object_or_404(program.coordinators.select_related("user", "program"), pk=held_pk)
    began_today = held.from_on >= clock.today()
    try:
        actions.end_coordination(held)
    except ProgramsError as error:
        form = CoordinatorForm(people=_candidates(program))
        return _page(request, program, form, refusal=str(error))
    undo = None if began_today else reverse("programs:resume-coordinator", args=[pk, held_pk])
    said = _("%(name)s no longer coordinates this program.") % {"name": held.user.name}
    notices.done(request, said, undo=undo)
    if held.user_id == request.user.pk:
        return redirect("programs:list")
    return redirect("programs:coordinators", pk)


@require_http_methods(["POST"])
def resume(request: Request, pk: UUID, held_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    held = get_object_or_404(program.coordinators, pk=held_pk)
    try:
        actions.resume_coordination(held)
    except ProgramsError as error:
        form = CoordinatorForm(people=_candidates(program))
        return _page(request, program, form, refusal=str(error))
    notices.done(request, _("Undone."))
    return redirect("programs:coordinators", pk)
