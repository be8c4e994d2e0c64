"""Another guide for a running group: who guides from when, and the sessions that go with them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from accounts.models import User
from intervision import clock, notices
from planning.actions import guides
from programs import independence
from programs.errors import ProgramsError
from programs.forms.running import AnotherGuideForm
from programs.models import Group, IntakeSlot, Program
from programs.views.find import program_to_run
from programs.views.guides import choices
from sessions.models import GroupSession


@require_http_methods(["GET", "POST"])
def another_guide(request: Request, pk: UUID, group_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    groups = program.groups.select_related("program__institution", "room")
    group = get_object_or_404(groups, pk=group_pk)
    refused, people = candidates(program, group)
    form = AnotherGuideForm(request.POST if request.method == "POST" else None, group=group, people=people)
    if form.is_valid():
        chosen = form.cleaned_data
        user = chosen.pop("user")
        try:
            clashes = guides.change_guide(group, user, **chosen)
        except ProgramsError as error:
            form.add_error(None, str(error))
        else:
            notices.done(request, _("%(name)s guides %(group)s.") % {"name": user, "group": group})
            if clashes:
                messages.warning(request, guides.in_words(clashes))
            return redirect(f"{reverse('programs:running', args=[pk])}#group-{group.pk}")
    now = clock.now()
    context: dict[str, Any] = {
        "program": program,
        "group": group,
        "form": form,
        "refused": refused,
        "sessions": GroupSession.objects.upcoming(now).filter(group=group).count(),
        "intakes": IntakeSlot.objects.filter(membership__group=group, starts_at__gt=now).count(),
    }
    return render(request, "planning/another_guide.html", context, status=422 if form.errors else 200)


def candidates(program: Program, group: Group) -> tuple[Any, Any]:
    """Who may not guide this group, and who may: of all who can be chosen in this program."""
    everybody = User.objects.filter(pk__in=choices(program).values("user"))
    members = list(group.memberships.live().values_list("user", flat=True))
    status = independence.statuses(everybody.values_list("pk", flat=True), members, clock.today())
    evaluators = {
        guide for (guide, _member), state in status.items() if state == independence.Independence.CONFLICT
    }
    today = clock.today()
    now_guiding = group.guides.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=today), suspended_from__isnull=True
    )
    free = everybody.exclude(Q(pk__in=evaluators) | Q(guided__in=now_guiding))
    return User.objects.filter(pk__in=evaluators), free
