"""How long a house keeps things: the retention table, and where it chose a shorter period."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import periods
from accounts.access import Request, still_you, use_institution
from accounts.actions import institutions
from accounts.errors import StaleInstitution
from accounts.models import Institution
from desk import periods as kept
from desk import rules
from desk.forms.periods import PeriodsForm
from intervision import clock, notices, versions


def house(request: Request, slug: str) -> Institution:
    """The house, for who administers it or watches over it. Http404 where one holds no role, else PermissionDenied."""
    institution = get_object_or_404(Institution.objects.visible_to(request.user), slug=slug)
    if not rules.can_see_purges(request.user, institution):
        raise PermissionDenied
    use_institution(request, institution)
    return institution


@require_http_methods(["GET"])
def how_long(request: Request, slug: str) -> HttpResponse:
    institution = house(request, slug)
    context = {
        "kinds": [kind.of_others for kind in periods.table(institution).values()],
        "own": institution.own_periods,
        "may_change": rules.can_set_periods(request.user, institution),
        "changes": kept.changes(institution),
    }
    return render(request, "desk/how_long.html", context)


@still_you
@require_http_methods(["GET", "POST"])
def shorten(request: Request, slug: str) -> HttpResponse:
    institution = house(request, slug)
    if not rules.can_set_periods(request.user, institution):
        raise PermissionDenied
    form = PeriodsForm(request.POST if request.method == "POST" else None, institution=institution)
    if not form.is_valid():
        return page(request, form)
    if not form.changed:
        notices.done(request, _("Nothing was changed."))
        return redirect("desk:how-long", slug)
    if "sure" not in request.POST:
        return consequences(request, form)
    try:
        institutions.shorten(institution, form.numbers, seen=form.cleaned_data["seen"])
    except StaleInstitution as error:
        form.add_error(None, str(error))
        stored = PeriodsForm(institution=Institution.objects.get(pk=institution.pk))
        theirs = versions.differences(form, stored)
        versions.answering_to(form, stored.initial["seen"])
        return page(request, form, theirs=theirs)
    notices.done(request, _("Saved. From now on every page says so."))
    return redirect("desk:how-long", slug)


def page(
    request: Request, form: PeriodsForm, theirs: list[versions.Difference] | None = None
) -> HttpResponse:
    status = 409 if theirs is not None else 422 if form.errors else 200
    return render(request, "desk/shorten.html", {"form": form, "theirs": theirs}, status=status)


def consequences(request: Request, form: PeriodsForm) -> HttpResponse:
    """What would be otherwise and what the next night lets go of; the button there saves it."""
    night = kept.next_night()
    context = {
        "form": form,
        "changed": form.changed.values(),
        "going": kept.going(form.institution, form.numbers, night or clock.now()),
        "night": night,
    }
    return render(request, "desk/shorten_sure.html", context)
