"""For the coordinator: a day that is off for everyone."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from intervision import notices
from programs.views.find import program_to_run
from sessions.actions import changes
from sessions.forms.changes import DayOffForm


@require_http_methods(["GET", "POST"])
def day_off(request: Request, pk: UUID) -> HttpResponse:
    """First the day, then one page with what it means, then done."""
    program = program_to_run(request.user, pk)
    form = DayOffForm(request.POST if request.method == "POST" else request.GET or None)
    chosen = form.is_valid()
    affected = changes.sessions_on(program, form.cleaned_data["on"]) if chosen else []
    if request.method == "POST" and chosen:
        done = changes.day_off(program, form.cleaned_data["on"], by=request.user)
        said = ngettext("%(count)s session is cancelled.", "%(count)s sessions are cancelled.", len(done))
        notices.done(request, said % {"count": len(done)} if done else _("No session is on that day."))
        return redirect("planning:dates", program.pk)
    context = {
        "program": program,
        "form": form,
        "on": form.cleaned_data["on"] if chosen else None,
        "affected": affected,
        "people": sum(session.group.taken for session in affected),
    }
    return render(request, "sessions/day_off.html", context, status=422 if form.errors else 200)
