"""The rings of a whole institution, for its director: on a page, and to take along."""

import datetime as dt
import json
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request, still_you, use_institution
from accounts.models import Institution
from checklist import drawing, picture
from checklist import house as taken
from checklist.pooling import Pooled
from checklist.scoring import Score
from intervision import clock
from programs.people.export import csv_bytes
from surveys import rules


@require_http_methods(["GET"])
def house(request: Request, slug: str) -> HttpResponse:
    found, pooled = _read(request, slug)
    context = {
        "institution": found,
        "as_it_stood": taken.as_it_stood(pooled),
        "stays": taken.stays(pooled),
        "until": pooled.until,
        "readers": taken.readers(),
        "sentence": taken.finding(pooled),
        **(_shown(pooled.score, pooled.older) if pooled.score else {}),
    }
    return render(request, "checklist/house.html", context)


@require_http_methods(["GET"])
@still_you
def as_report(request: Request, slug: str) -> HttpResponse:
    found, pooled = _read(request, slug)
    return _file(taken.pdf(found, pooled, at=clock.now()), found, "pdf", "application/pdf")


@require_http_methods(["GET"])
@still_you
def as_csv(request: Request, slug: str) -> HttpResponse:
    found, pooled = _read(request, slug)
    body = csv_bytes(taken.COLUMNS, list(taken.rows(pooled)))
    return _file(body, found, "csv", "text/csv; charset=utf-8")


@require_http_methods(["GET"])
@still_you
def as_json(request: Request, slug: str) -> HttpResponse:
    found, pooled = _read(request, slug)
    body = json.dumps(taken.document(found, pooled), ensure_ascii=False, indent=2)
    return _file(body, found, "json", "application/json")


def _read(request: Request, slug: str) -> tuple[Institution, Pooled]:
    """Http404 or PermissionDenied for whoever is not its director."""
    found = get_object_or_404(Institution.objects.visible_to(request.user), slug=slug)
    if not rules.can_read_house(request.user, found):
        raise PermissionDenied
    use_institution(request, found)
    return found, picture.rings(found, clock.now())


def _shown(score: Score, older: Mapping[str, dt.date]) -> dict[str, object]:
    return {
        "rings": drawing.layer_rings(score, title=_("The conditions of all programs together")),
        "layers": taken.in_words(score, older),
    }


def _file(body: str | bytes, house: Institution, ending: str, kind: str) -> HttpResponse:
    named = {"Content-Disposition": f'attachment; filename="{house.slug}-rings.{ending}"'}
    return HttpResponse(body, content_type=kind, headers=named)
