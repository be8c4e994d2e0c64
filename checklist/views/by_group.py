"""Conditions group by group, for those who run the program."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from checklist.by_group import by_group
from checklist.views.sheets import program_sheet


@require_http_methods(["GET"])
def groups(request: Request, pk: UUID) -> HttpResponse:
    sheet = program_sheet(request, pk)
    found = sheet.assessment

    def said() -> dict[str, object]:
        return {"found": by_group(found, sheet.program.format)} if found and found.by_group else {}

    context = {"body": sheet.write("checklist/_by_group.html", said)}
    return render(request, "checklist/by_group.html", sheet.context | context)
