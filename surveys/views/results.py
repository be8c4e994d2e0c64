"""What was released, in words: to the group and its guides, and pooled to the coordinator."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.access import Request, use_institution
from accounts.models import Institution
from catalogue import load
from intervision import clock
from programs.models import Group
from programs.views.find import program_to_run
from sessions.rules import guides, seat
from surveys import outcomes, releasing, rules
from surveys.forms import label
from surveys.models import HalfYear, HalfYearResult, Pool, Result, Window

PAGE = 50


@require_http_methods(["GET"])
def group(request: Request, pk: UUID) -> HttpResponse:
    groups = Group.objects.visible_to(request.user).with_standing(request.user)
    found = get_object_or_404(groups.select_related("program__institution"), pk=pk)
    if not rules.can_read_group(request.user, found):
        raise PermissionDenied
    use_institution(request, found.program.institution)
    now = clock.now()
    windows = _newest(found.survey_windows.filter(opens_at__lte=now))
    page = Paginator(windows, PAGE).get_page(request.GET.get("page"))
    context = {
        "group": found,
        "program": found.program,
        "guiding": guides(request.user, found),
        "place": seat(request.user, found),
        "page": page,
        "lines": [{"window": window, "words": words(window.result)} for window in page],
        "to_answer": set(Window.objects.to_answer(request.user, now).values_list("pk", flat=True)),
        "next": found.sessions.upcoming(now).order_by("starts_at").first(),
        "now": now,
    }
    return render(request, "surveys/group.html", context)


def _newest(windows: QuerySet[Window]) -> QuerySet[Window]:
    """Of a pair that was shown together, the later one speaks for both."""
    later = Window.objects.filter(result=OuterRef("result"), number__gt=OuterRef("number"))
    same = Window.objects.filter(result=OuterRef("result")).exclude(pk=OuterRef("pk"))
    shown = windows.filter(~Exists(later)).annotate(together=Exists(same))
    return shown.select_related("result").order_by("-opens_at", "kind")


def words(result: Result | HalfYearResult | None) -> list[tuple[str, str]]:
    """Each question with its word, in the catalogue's order, then those of outcomes."""
    told = result.words if result else {}
    return [(label(key), told[key]) for key in (*load().items, *outcomes.WORDS) if key in told]


@require_http_methods(["GET"])
def program(request: Request, pk: UUID) -> HttpResponse:
    found = program_to_run(request.user, pk)
    now = clock.now()
    begun = Window.objects.filter(pool=OuterRef("pk"), opens_at__lte=now)
    pools = found.survey_pools.filter(Exists(begun)).select_related("result")
    page = Paginator(pools.order_by("-closes_at", "kind"), PAGE).get_page(request.GET.get("page"))
    context = {
        "program": found,
        "institution": found.institution,
        "page": page,
        "lines": [{"pool": pool, "words": words(pool.result)} for pool in page],
        "states": Pool.State,
    }
    return render(request, "surveys/program.html", context)


@require_http_methods(["GET"])
def house(request: Request, slug: str) -> HttpResponse:
    """For the director: half-years, the latest first, with what was shown of each."""
    found = get_object_or_404(Institution.objects.visible_to(request.user), slug=slug)
    if not rules.can_read_house(request.user, found):
        raise PermissionDenied
    use_institution(request, found)
    halves = found.survey_half_years.select_related("result")
    page = Paginator(halves, PAGE).get_page(request.GET.get("page"))
    formats = load().formats
    context = {
        "page": page,
        "lines": [
            {"half": half, "words": words(half.result), "format": formats[half.format].label} for half in page
        ],
        "states": HalfYear.State,
        "groups": releasing.DIRECTOR_GROUPS,
        "people": releasing.DIRECTOR_PEOPLE,
    }
    return render(request, "surveys/house.html", context)
