"""Correcting one's own attendance: the member says it, the guide looks at it. Nobody else sees who was there."""

from uuid import UUID

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import periods
from accounts.access import Request, use_institution
from intervision import notices
from sessions import certificate, rules
from sessions.actions import attendance
from sessions.forms.attendance import SayForm, SettleForm
from sessions.models import Attendance, GroupSession
from sessions.views.find import group_seen

LOGGED = GroupSession.State.LOGGED


@require_http_methods(["GET", "POST"])
def my_attendance(request: Request, pk: UUID) -> HttpResponse:
    place = get_object_or_404(certificate.places_logged(request.user), pk=pk)
    use_institution(request, place.program.institution)
    rows = place.attendances.filter(session__state=LOGGED)
    if request.method == "POST":
        form = SayForm(request.POST, rows=rows)
        if not form.is_valid():
            raise BadRequest
        attendance.say(form.cleaned_data["attendance"], form.cleaned_data["says"])
        notices.done(request, _("Noted. Your guide sees it."))
        return redirect("sessions:my-attendance", pk)
    shown = rows.select_related("session").order_by("session__starts_at")
    kept = periods.table(place.program.institution)["attendance"].sentence
    return render(request, "sessions/my_attendance.html", {"place": place, "rows": shown, "kept": kept})


@require_http_methods(["GET", "POST"])
def said(request: Request, pk: UUID) -> HttpResponse:
    """For the guide: where a member says something else than the log."""
    group = group_seen(request, pk)
    if not rules.guides(request.user, group):
        raise PermissionDenied
    rows = Attendance.objects.filter(session__group=group, membership__isnull=False).exclude(says="")
    if request.method == "POST":
        form = SettleForm(request.POST, rows=rows)
        if form.is_valid():
            attendance.settle(
                form.cleaned_data["attendance"], confirm=form.cleaned_data["answer"] == "confirm"
            )
            notices.done(request, _("Saved."))
        return redirect("sessions:attendance-said", pk)
    shown = rows.select_related("session", "membership__user").order_by("session__starts_at")
    return render(request, "sessions/attendance_said.html", {"group": group, "rows": shown})
