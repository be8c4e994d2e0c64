"""The conditions of a program as files. What leaves the house asks first whether it is still them."""

import json
from uuid import UUID

from django.http import HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from accounts.access import Request, still_you
from checklist import plain, report
from checklist.assessing import assess
from checklist.lines import program_lines
from intervision import clock
from programs.models import Program
from programs.people.export import csv_bytes
from programs.views.find import program_to_run


@require_http_methods(["GET"])
@still_you
def as_json(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    found = assess(program, clock.now())
    body = json.dumps(
        plain.document(found.score, program_lines(found, program)), ensure_ascii=False, indent=2
    )
    return _file(body, program, "json", "application/json")


@require_http_methods(["GET"])
@still_you
def as_csv(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    found = assess(program, clock.now())
    rows = plain.rows(found.score, program_lines(found, program))
    body = csv_bytes(plain.COLUMNS, [tuple(row.values()) for row in rows])
    return _file(body, program, "csv", "text/csv; charset=utf-8")


@require_http_methods(["GET"])
@still_you
def as_report(request: Request, pk: UUID) -> HttpResponse:
    """For those who run the program."""
    return _report(request, pk, board=False)


@require_http_methods(["GET"])
@still_you
def as_board_report(request: Request, pk: UUID) -> HttpResponse:
    """To hand on: without what members and guides answered."""
    return _report(request, pk, board=True)


def _report(request: Request, pk: UUID, *, board: bool) -> HttpResponse:
    program, at = program_to_run(request.user, pk), clock.now()
    made = report.pdf(assess(program, at), program, at=at, board=board)
    return _file(made, program, "pdf", "application/pdf")


def _file(body: str | bytes, program: Program, ending: str, kind: str) -> HttpResponse:
    name = f"{slugify(program.title) or 'program'}-conditions.{ending}"
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
