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
from programs.views.find import program_to_run
from sessions.actions import stages as actions


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
