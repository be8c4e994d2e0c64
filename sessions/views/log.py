"""The guide's log, in under two minutes and without JavaScript; with it, ticks are saved at once."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import periods
from accounts.access import Request, open_to_links
from intervision import clock, notices
from programs.errors import ProgramsError
from sessions import rules
from sessions.actions import logs
from sessions.forms.log import LogForm, TicksForm
from sessions.models import GroupSession
from sessions.views.find import session_seen


@open_to_links("guide")
@require_http_methods(["GET", "POST"])
def log(request: Request, pk: UUID) -> HttpResponse:
    session = _to_log(request, pk)
    members = logs.expected(session)
    form = LogForm(request.POST if request.method == "POST" else None, session=session, members=members)
    if request.method == "POST" and form.is_valid():
        try:
            logs.log_session(session, form.entry, by=request.user)
        except ProgramsError as error:
            form.add_error(None, str(error))
        else:
            return _after(request, session)
    now = clock.now()
    context = {
        "session": session,
        "group": session.group,
        "program": session.group.program,
        "form": form,
        "open": session.log_is_open(now),
        "may_cancel": not session.is_logged and rules.can_change_session(request.user, session),
        "early": now < session.starts_at,
        "kept": str(periods.table(session.group.program.institution)["attendance"].until),
        "next": _following(session),
    }
    return render(request, "sessions/log.html", context, status=422 if form.errors else 200)


def _following(session: GroupSession) -> dict[str, Any] | None:
    """The group's next session after this one: its id, times and the room's name."""
    found = session.following
    times = ("starts_at", "ends_at")
    return found and found | {name: dt.datetime.fromisoformat(found[name]) for name in times}


def _after(request: Request, session: GroupSession) -> HttpResponse:
    notices.done(request, _("Session %(number)s is logged. Thank you.") % {"number": session.number})
    if rules.guides(request.user, session.group):
        return redirect("sessions:group", session.group_id)
    return redirect("sessions:session", session.pk)


@open_to_links("guide")
@require_POST
def ticks(request: Request, pk: UUID) -> HttpResponse:
    """Attendance as it is ticked; the browser asks again until it hears "saved"."""
    session = _to_log(request, pk)
    form = TicksForm(request.POST, session=session, members=logs.expected(session))
    if not form.is_valid():
        return JsonResponse({"refused": str(form.errors)}, status=422)
    try:
        logs.save_ticks(session, form.ticked("present"), form.ticked("early"))
    except ProgramsError as error:
        return JsonResponse({"refused": str(error)}, status=409)
    return JsonResponse({"saved": True})


def _to_log(request: Request, pk: UUID) -> GroupSession:
    session = session_seen(request, pk, marks=True)
    if not rules.can_log(request.user, session):
        raise PermissionDenied
    return session
