"""Moves of a program that concern its sessions: one page that shows the consequences first."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from intervision import notices
from programs.actions.stages import guides_told, told_of_the_end
from programs.errors import ProgramsError
from programs.models import Program
from programs.stages import next_stage
from programs.views.find import program_to_run
from programs.views.stages import moved
from sessions import stages
from sessions.actions import stages as actions
from sessions.models import GroupSession

Stage = Program.Stage


@require_http_methods(["GET", "POST"])
def open_running(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    if next_stage(program) != Stage.RUNNING:
        return redirect("programs:start", pk)
    guards = stages.blocks(program, Stage.RUNNING), stages.warnings(program, Stage.RUNNING)
    planned = GroupSession.objects.exclude(state=GroupSession.State.CANCELLED)
    first = planned.filter(group__program=program).order_by("starts_at").first()
    said, page = _("The sessions have begun."), "sessions/begin.html"
    return moved(request, program, Stage.RUNNING, guards, actions.open_running, said, page, first=first)


@require_http_methods(["GET", "POST"])
def complete(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    to = stages.after_running(program)
    if next_stage(program) != to:
        return redirect("programs:start", pk)
    guards = stages.blocks(program, to), stages.warnings(program, to)
    said = _("The coaching calls have begun.") if to == Stage.CALLS else _("The program is completed.")
    return moved(request, program, to, guards, actions.complete, said, "sessions/complete.html")


@require_http_methods(["GET", "POST"])
def cancel_program(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    refusal = ""
    if request.method == "POST":
        try:
            actions.cancel_program(program, by=request.user)
        except ProgramsError as error:
            refusal = str(error)
        else:
            notices.done(request, _("The program has ended, and its coming sessions are cancelled."))
            return redirect("programs:start", pk)
    context = {
        "program": program,
        "refusal": refusal,
        "told": told_of_the_end(program).count(),
        "guides": guides_told(program).exclude(pk=request.user.pk).count(),
        "sessions": actions.coming(program).count(),
    }
    return render(request, "sessions/cancel_program.html", context, status=409 if refusal else 200)
