"""The director's page."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count
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
    lines = pooled.of(house.pk, clock.now())
    total = pooled.total([line for line in lines if line.groups >= pooled.FEWEST_GROUPS])
    in_stage = dict(
        Program.objects.filter(institution=house)
        .order_by()
        .values_list("stage")
        .annotate(programs=Count("pk"))
    )
    context = {
        "enough": total.groups > 0,
        "fewest": pooled.FEWEST_GROUPS,
        "total": total,
        "lines": [(load().formats[line.format].label, line) for line in lines],
        "stages": [(label, in_stage[stage]) for stage, label in Program.Stage.choices if stage in in_stage],
    }
    return render(request, "desk/director.html", context)
