"""The line somebody keeps for themselves after a session. Behind a full sign-in: no personal link opens it."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import vault
from accounts import periods
from accounts.access import Request
from intervision import clock, notices
from sessions.actions import lines
from sessions.forms.line import LineForm
from sessions.models import PrivateLine
from sessions.views.find import own_place, session_seen
from vault.closed import says_closed


@require_http_methods(["GET", "POST"])
@says_closed
def line(request: Request, pk: UUID) -> HttpResponse:
    seen = session_seen(request, pk)
    place = own_place(request, seen.group)
    if place is None:
        raise PermissionDenied
    if seen.is_cancelled or seen.starts_at > clock.now():
        raise Http404
    kept = periods.table(request.institution)
    if request.method == "POST":
        form = LineForm(request.POST, kept=kept)
        if form.is_valid():
            try:
                lines.save_line(seen, place, form.cleaned_data["line"])
            except vault.CannotOpen as error:
                form.add_error(None, str(error))
            else:
                notices.done(request, _("Saved. Only you read it."))
                return redirect("sessions:group", seen.group_id)
    else:
        written = PrivateLine.objects.filter(session=seen, membership=place).first()
        form = LineForm(initial=vault.read(request.user, written) if written else None, kept=kept)
    context = {"session": seen, "group": seen.group, "form": form}
    return render(request, "sessions/line.html", context, status=422 if form.errors else 200)
