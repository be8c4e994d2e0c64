"""The climate of a house: its rounds, asking it, and what was released."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request, use_institution
from accounts.models import Department, Institution
from catalogue import load
from intervision import clock, notices
from surveys import rules
from surveys.actions import climate
from surveys.errors import SurveysError
from surveys.forms import ClimateForm
from surveys.models import ClimateResult, ClimateRound, Stratum

PAGE = 50


def house_to_read(request: Request, slug: str) -> Institution:
    house = get_object_or_404(Institution.objects.visible_to(request.user), slug=slug)
    if not rules.can_read_climate(request.user, house):
        raise PermissionDenied
    use_institution(request, house)
    return house


def round_to_read(request: Request, pk: UUID) -> ClimateRound:
    rounds = ClimateRound.objects.visible_to(request.user).select_related("institution")
    found = get_object_or_404(rounds, pk=pk)
    if not rules.can_read_climate(request.user, found.institution):
        raise PermissionDenied
    use_institution(request, found.institution)
    return found


@require_http_methods(["GET"])
def rounds(request: Request, slug: str) -> HttpResponse:
    house = house_to_read(request, slug)
    found = ClimateRound.objects.filter(institution=house).exclude(state=ClimateRound.State.WITHDRAWN)
    found = found.annotate(invited=Sum("strata__invited", default=0)).order_by("-opens_at", "pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "states": ClimateRound.State,
        "may_open": rules.can_open_climate(request.user, house),
        "running": any(each.state == ClimateRound.State.OPEN for each in page),
    }
    return render(request, "surveys/climate.html", context)


@require_http_methods(["GET", "POST"])
def new(request: Request, slug: str) -> HttpResponse:
    """First which departments, in the address; then until when and which staff, and whom it goes to."""
    house = house_to_read(request, slug)
    if not rules.can_open_climate(request.user, house):
        raise PermissionDenied
    departments = list(house.departments.all())
    wanted = set(request.GET.getlist("department"))
    chosen = [each for each in departments if str(each.pk) in wanted]
    if not chosen:
        context = {"departments": departments, "none": bool(request.GET or request.method == "POST")}
        return render(
            request, "surveys/climate_departments.html", context, status=422 if context["none"] else 200
        )
    now = clock.now()
    form = ClimateForm(
        request.POST if request.method == "POST" else None,
        departments=chosen,
        today=house.on_day(now),
        least=house.min_n,
    )
    if form.is_valid():
        try:
            begun = _open(request, house, chosen, form, now)
        except SurveysError as error:
            form.add_error(None, str(error))
        else:
            notices.done(request, _("The questions are on their way."))
            return redirect("surveys:climate-round", begun.pk)
    context = {"form": form, "least": house.min_n, "groups": _known(house, chosen, now)}
    return render(request, "surveys/climate_new.html", context, status=422 if form.errors else 200)


def _open(
    request: Request, house: Institution, chosen: list[Department], form: ClimateForm, now: dt.datetime
) -> ClimateRound:
    day = form.cleaned_data["closes_on"] + dt.timedelta(days=1)
    closes_at = dt.datetime.combine(day, dt.time.min, house.zone)
    return climate.open_round(house, chosen, form.staff, closes_at=closes_at, by=request.user, at=now)


def _known(
    house: Institution, chosen: Iterable[Department], now: dt.datetime
) -> list[tuple[climate.ToAsk, bool]]:
    """Who is asked without being typed, and whether they are enough."""
    found = climate.to_ask(house, chosen, {}, house.on_day(now))
    enough = climate.worth_asking(found, house.min_n)
    return [(each, each in enough) for each in found]


@require_http_methods(["GET"])
def show(request: Request, pk: UUID) -> HttpResponse:
    found = round_to_read(request, pk)
    context = {
        "round": found,
        "open": found.state == ClimateRound.State.OPEN,
        "withdrawn": found.state == ClimateRound.State.WITHDRAWN,
        "parts": parts(found),
        "may_withdraw": rules.can_open_climate(request.user, found.institution),
    }
    return render(request, "surveys/climate_round.html", context)


@require_http_methods(["POST"])
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    found = round_to_read(request, pk)
    if not rules.can_open_climate(request.user, found.institution):
        raise PermissionDenied
    if climate.withdraw(found.pk):
        notices.done(request, _("The round is taken back. What was answered has been destroyed unseen."))
    return redirect("surveys:climate", found.institution.slug)


def parts(found: ClimateRound) -> list[tuple[Stratum, list[tuple[str, str]]]]:
    """Each stratum with its words, none while or where none are shown; small departments together come first."""
    results = {(one.department_id, one.who): one for one in found.results.all()}
    strata = list(found.strata.select_related("department"))
    known = {(each.department_id, each.who) for each in strata}
    together = [
        Stratum(round=found, who=who, invited=0) for (place, who) in results if (place, who) not in known
    ]
    return [(each, _words(results.get((each.department_id, each.who)))) for each in [*together, *strata]]


def _words(result: ClimateResult | None) -> list[tuple[str, str]]:
    told = result.words if result else {}
    return [(str(item.measure.words), told[key]) for key, item in load().items.items() if key in told]
