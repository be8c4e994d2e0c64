"""Another guide for a running group: who guides from when, and the sessions that go with them."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from intervision import clock, notices
from planning.actions import guides as actions
from programs.errors import ProgramsError
from programs.forms.running import AnotherGuideForm
from programs.models import IntakeSlot
from programs.views.find import program_to_run
from programs.views.guides import candidates
from sessions.models import GroupSession


@require_http_methods(["GET", "POST"])
def another_guide(request: Request, pk: UUID, group_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    groups = program.groups.select_related("program__institution", "room").annotate(**planned(clock.now()))
    group = get_object_or_404(groups, pk=group_pk)
    guides = list(group.guides.lasting(clock.today()).select_related("user"))
    refused, people = candidates(group, (guide for guide in guides if guide.suspended_from is None))
    data = request.POST if request.method == "POST" else None
    form = AnotherGuideForm(data, guides=guides, people=people)
    if form.is_valid():
        chosen = form.cleaned_data
        user = chosen.pop("user")
        try:
            clashes = actions.change_guide(group, user, **chosen)
        except ProgramsError as error:
            form.add_error(None, str(error))
        else:
            notices.done(request, _("%(name)s guides %(group)s.") % {"name": user, "group": group})
            if clashes:
                messages.warning(request, actions.in_words(clashes))
            return redirect(f"{reverse('programs:running', args=[pk])}#group-{group.pk}")
    context: dict[str, Any] = {
        "program": program,
        "group": group,
        "form": form,
        "refused": refused,
        "sessions": group.sessions_planned,  # type: ignore[attr-defined]
        "intakes": group.intakes_planned,  # type: ignore[attr-defined]
    }
    return render(request, "planning/another_guide.html", context, status=422 if form.errors else 200)


def planned(now: dt.datetime) -> dict[str, Coalesce]:
    """How many sessions and intakes of a group are still to come."""
    sessions = GroupSession.objects.upcoming(now).filter(group=OuterRef("pk")).order_by().values("group")
    intakes = IntakeSlot.objects.filter(membership__group=OuterRef("pk"), starts_at__gt=now).order_by()
    return {
        "sessions_planned": _counted(sessions),
        "intakes_planned": _counted(intakes.values("membership__group")),
    }


def _counted(rows: Any) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)
