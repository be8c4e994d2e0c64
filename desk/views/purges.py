"""What each night let go of, for whoever administers the house and answers for how long things are kept: numbers, where
no other house is in them."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from accounts.models import Institution, PurgeReport
from catalogue import retention
from desk import periods, rules

PAGE = 50


@require_http_methods(["GET"])
def purges(request: Request) -> HttpResponse:
    house = request.institution
    if house is None or not rules.can_see_purges(request.user, house):
        raise PermissionDenied
    page = Paginator(PurgeReport.objects.all(), PAGE).get_page(request.GET.get("page"))
    # The night's numbers are of the whole installation: where there are several houses they would tell of another's.
    is_alone = Institution.objects.count() == 1
    context = {
        "page": page,
        "nights": [(report, counted(report.counts) if is_alone else None) for report in page],
        "is_alone": is_alone,
        "administers": rules.can_set_periods(request.user, house),
    }
    return render(request, "desk/purges.html", context)


def counted(counts: dict[str, int]) -> list[tuple[str, str]]:
    """The kinds of which something went, by name."""
    table = retention.load()
    return [
        (str(table[kind].of_others.name), periods.amount(kind, count))
        for kind, count in counts.items()
        if count and kind in table
    ]
