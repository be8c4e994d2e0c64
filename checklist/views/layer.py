"""Every condition of a checklist: one layer with reasons and sources, or all of them as a table."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from checklist import lines, overview
from checklist.views.sheets import Sheet, group_sheet, program_sheet


@require_http_methods(["GET"])
def program_layer(request: Request, pk: UUID, key: str) -> HttpResponse:
    return _layer(request, program_sheet(request, pk), key)


@require_http_methods(["GET"])
def group_layer(request: Request, pk: UUID, key: str) -> HttpResponse:
    return _layer(request, group_sheet(request, pk), key)


@require_http_methods(["GET"])
def program_table(request: Request, pk: UUID) -> HttpResponse:
    return _table(request, program_sheet(request, pk))


@require_http_methods(["GET"])
def group_table(request: Request, pk: UUID) -> HttpResponse:
    return _table(request, group_sheet(request, pk))


def _layer(request: Request, sheet: Sheet, key: str) -> HttpResponse:
    if key not in sheet.score.layers:
        raise Http404
    found = sheet.score.layers[key]
    body = sheet.write(
        "checklist/_layer.html",
        lambda: {
            "shown": lines.layer(found, sheet.score, sheet.lines(found.items)),
            "thin": overview.known(found) if found.thin else "",
        },
        key,
    )
    others = [
        (sheet.score.layers[other].layer, sheet.place.layer(other), other == key) for other in lines.ORDER
    ]
    context = {"layer": found.layer, "layers": others, "body": body}
    return render(request, "checklist/layer.html", sheet.context | context)


def _table(request: Request, sheet: Sheet) -> HttpResponse:
    body = sheet.write(
        "checklist/_table.html",
        lambda: {
            "layers": [
                (shown, overview.known(shown.score))
                for shown in lines.layers(sheet.score, sheet.lines(sheet.score.items.values()))
            ]
        },
    )
    return render(request, "checklist/table.html", sheet.context | {"body": body})
