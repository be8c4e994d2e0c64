"""What residents let their guide read. The guide's own pages, behind a full sign-in."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

import vault
from accounts import periods
from accounts.access import Request, use_institution
from accounts.models import User
from programs import rules
from programs.models import Group, LearningGoal, Membership, Preparation, Program
from programs.views.intakes import program_guided
from vault.closed import says_closed

KINDS = (Preparation, LearningGoal)


@require_http_methods(["GET"])
def shared(request: Request, pk: UUID) -> HttpResponse:
    """Who of the guide's groups shared something, without a word of it."""
    program = program_guided(request, pk)
    if not rules.can_guide(request.user, program):
        raise PermissionDenied
    context = {"program": program, "people": people_who_shared(request.user, program)}
    return render(request, "programs/shared.html", context)


def people_who_shared(user: User, program: Program) -> list[dict[str, Any]]:
    """Each membership with whether a preparation and how many goals are shared with ``user``. Three queries."""
    prepared = set(
        Preparation.objects.shared_with(user)
        .filter(membership__program=program)
        .values_list("membership", flat=True)
    )
    goals: dict[UUID, int] = {}
    for of in LearningGoal.objects.shared_with(user).filter(membership__program=program).order_by():
        goals[of.membership_id] = goals.get(of.membership_id, 0) + 1
    places = Membership.objects.filter(pk__in=prepared | goals.keys()).select_related("user", "group")
    return [
        {"place": place, "preparation": place.pk in prepared, "goals": goals.get(place.pk, 0)}
        for place in places
    ]


@require_http_methods(["GET", "POST"])
@says_closed
def read_shared(request: Request, pk: UUID) -> HttpResponse:
    """What one member shared. Opening it is a button, because the member sees who opened it and when."""
    groups = Group.objects.guided_by(request.user)
    places = Membership.objects.seated().filter(group__in=groups)
    place = get_object_or_404(places.select_related("program__institution", "group", "user"), pk=pk)
    use_institution(request, place.program.institution)
    rows = [row for kind in KINDS for row in kind.objects.shared_with(request.user).filter(membership=place)]
    opens = request.method == "POST" and rows
    texts = vault.read_all(request.user, rows) if opens else []
    context = {
        "place": place,
        "program": place.program,
        "rows": rows,
        "opened": opens,
        "preparation": next(
            (t for r, t in zip(rows, texts, strict=False) if isinstance(r, Preparation)), None
        ),
        "goals": [t for r, t in zip(rows, texts, strict=False) if isinstance(r, LearningGoal)],
        "kept": periods.table(place.program.institution)["goal"].until,
    }
    return render(request, "programs/read_shared.html", context)
