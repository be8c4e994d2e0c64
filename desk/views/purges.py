"""What each night let go of: numbers, for whoever administers the house and answers for how long things are kept."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from accounts.models import Appointment, PurgeReport
from catalogue import retention
from desk import rules

PAGE = 50


@require_http_methods(["GET"])
def purges(request: Request) -> HttpResponse:
    if not rules.can_see_purges(request.user, request.institution):
        raise PermissionDenied
    page = Paginator(PurgeReport.objects.all(), PAGE).get_page(request.GET.get("page"))
    nights = [(report, counted(report.counts)) for report in page]
    administers = Appointment.Role.ADMINISTRATOR in request.user.roles
    return render(request, "desk/purges.html", {"page": page, "nights": nights, "administers": administers})


def counted(counts: dict[str, int]) -> list[tuple[str, int]]:
    """The kinds of which something went, by name."""
    table = retention.load()
    return [
        (str(table[kind].of_others.name), count) for kind, count in counts.items() if count and kind in table
    ]
