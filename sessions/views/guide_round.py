"""What a guide is asked about their own work: one page for a thumb, to be corrected until it closes."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import periods
from accounts.access import Request, open_to_links
from catalogue import load
from intervision import clock, notices
from programs.errors import ProgramsError
from sessions.actions import guide_rounds
from sessions.forms.guide_round import GuideRoundForm
from sessions.views.find import round_seen


@open_to_links("guide")
@require_http_methods(["GET", "POST"])
def guide_round(request: Request, pk: UUID) -> HttpResponse:
    row, status = round_seen(request, pk), 200
    before = {} if request.narrow else row.answers  # a link writes, and reads back nothing
    form = GuideRoundForm(request.POST if request.method == "POST" else None, round=row, before=before)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                guide_rounds.answer(row, form.given, by=request.user)
            except ProgramsError as error:
                form.add_error(None, str(error))
                status = 409
            else:
                notices.done(request, _("Your answers are saved. You can change them until they close."))
                return redirect("sessions:group", row.group_id)
    now = clock.now()
    context = {
        "round": row,
        "group": row.group,
        "program": row.group.program,
        "guide_word": load().formats[row.group.program.format].guide,
        "form": form,
        "before": before,
        "open": row.is_open(now),
        "kept": periods.table(row.group.program.institution)["attendance"].until,
        "early": now < row.opens_at,
    }
    return render(request, "sessions/guide_round.html", context, status=status)
