"""How a program went from window to window, and beside itself a year ago."""

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from checklist import trend, year
from checklist.models import Snapshot
from checklist.trend import Point
from checklist.views.sheets import Sheet, program_sheet
from programs.models import Program
from surveys.models import Kind, Result

YEAR = dt.timedelta(days=365)


@require_http_methods(["GET"])
def over_time(request: Request, pk: UUID) -> HttpResponse:
    sheet = program_sheet(request, pk)
    points = points_of(sheet.program)
    title = _("The layers of %(title)s over time") % {"title": sheet.name}
    context = {
        "sentence": trend.finding(points),
        "pictures": _pictures(points, title) if len(points) >= trend.FEWEST else None,
        "points": points,
        "rows": list(
            zip(points, zip(*(course.values for course in trend.courses(points)), strict=True), strict=True)
        ),
        "courses": trend.courses(points),
        "other_catalogue": trend.changed_catalogue(points),
    }
    return render(request, "checklist/over_time.html", sheet.context | context | _a_year_ago(sheet))


def _pictures(points: list[Point], title: str) -> list[SafeString]:
    """One for a wide page and for paper, and one for a phone, of which a page shows one."""
    return [
        trend.draw(points, title=title),
        trend.draw(points, title=title, frame=trend.NARROW, uid="trend-narrow"),
    ]


def points_of(program: Program) -> list[Point]:
    """Each moment at which answers were shown, with how the program stood in the first night after."""
    first = _of(program).filter(windows__gt=0).order_by("windows", "taken_at").distinct("windows")
    rows = first.values_list(
        "windows", "taken_at", "content__layers", "content__coverage", "catalogue_version"
    )
    told = Result.objects.filter(program=program, group=None).order_by("released_at", "pk")
    names = [moment(kind, slot) for kind, slot in told.values_list("kind", "slot")]
    points, before = [], 0
    for windows, at, layers, coverage, version in rows:
        shown = {key: trend.shown(value, coverage[key] or 0) for key, value in layers.items()}
        label = ", ".join(dict.fromkeys(names[before:windows]))
        points.append(Point(label, at, shown, version))
        before = windows
    return points


def _of(program: Program) -> QuerySet[Snapshot]:
    return Snapshot.objects.filter(program=program, group=None, audience=Snapshot.Audience.COORDINATOR)


def moment(kind: str, slot: int) -> str:
    """When it was asked, in words."""
    if kind == Kind.PULSE and slot:
        return _("Sessions %(one)s and %(two)s") % {"one": 2 * slot - 1, "two": 2 * slot}
    words = {
        Kind.ENROL: _("At sign-up"),
        Kind.HOPED: _("At sign-up"),
        Kind.PULSE: _("After the workshop"),
        Kind.FIRST: _("After the first session"),
        Kind.MIDWAY: _("Half way"),
        Kind.END: _("At the end"),
        Kind.GAINED: _("At the end"),
        Kind.CALL: _("After the calls"),
    }
    return words[Kind(kind)]


def _a_year_ago(sheet: Sheet) -> dict[str, object]:
    """The comparison, or the day from which there is one."""
    kept = _of(sheet.program)
    then = kept.filter(taken_at__lte=sheet.at - YEAR).order_by("-taken_at").first()
    if then is not None:
        return {"then": then, "year": year.compare(then.content, then.catalogue_version, sheet.score)}
    first = kept.order_by("taken_at").values_list("taken_at", flat=True).first()
    return {"then": None, "compared_from": first + YEAR if first else None}
