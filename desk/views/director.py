"""The director's page."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from catalogue import load
from desk import pooled, rules
from intervision import clock
from programs.models import Program


@require_http_methods(["GET"])
def director(request: Request) -> HttpResponse:
    house = request.institution
    if house is None or not rules.can_oversee(request.user, house):
        raise PermissionDenied
    now = clock.now()
    lines = pooled.of(house.pk, now)
    met = [line for line in lines if line.met.enough]
    told = pooled.stages(house.pk, now)
    context = {
        "groups": pooled.FEWEST_GROUPS,
        "people": pooled.FEWEST_PEOPLE,
        "took_place": sum(line.took_place for line in met),
        "due": sum(line.due for line in met),
        "met": sum(line.met.groups for line in met),
        "lines": [(load().formats[line.format].label, line) for line in lines],
        "stages": [(label, told.get(stage)) for stage, label in Program.Stage.choices],
    }
    return render(request, "desk/director.html", context)
