"""How far tonight is, and what each night kept: numbers, for whoever administers the house."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from checklist import rules
from checklist.models import SnapshotRun

PAGE = 50


@require_http_methods(["GET"])
def nights(request: Request) -> HttpResponse:
    if not rules.can_see_nights(request.user, request.institution):
        raise PermissionDenied
    page = Paginator(SnapshotRun.objects.all(), PAGE).get_page(request.GET.get("page"))
    return render(request, "checklist/nights.html", {"page": page})
