"""Offering intake times from one form, and reserving one for everybody."""

from itertools import groupby
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Request, open_to_links
from accounts.models import User
from intervision import notices
from planning.actions.intakes import reserve_for_all
from planning.forms.intakes import OfferTimesForm
from programs import rules, steps
from programs.actions import intake_times
from programs.models import Guide, Program
from programs.views.find import program_to_run
from programs.views.intakes import program_guided


@open_to_links("guide")
@require_http_methods(["GET", "POST"])
def offer_times(request: Request, pk: UUID, guide_pk: UUID) -> HttpResponse:
    """Show what the form would give; offer exactly what was shown."""
    program = program_guided(request, pk)
    guides = User.objects.filter(guided__in=Guide.objects.active().filter(group__program=program)).distinct()
    guide = get_object_or_404(guides, pk=guide_pk)
    if not rules.can_offer_times(request.user, program, guide):
        raise PermissionDenied
    form = OfferTimesForm(request.POST if request.method == "POST" else None, program=program)
    conflicts = {}
    if form.is_valid():
        conflicts = intake_times.conflicts(guide, form.times, room=form.place.room)
        if request.POST.get("publish") == shown(form, len(conflicts)):
            return publish(request, program, guide, form)
    rows = [(time, conflicts.get(time, "")) for time in form.times]
    days = groupby(rows, key=lambda row: row[0].starts_at.astimezone(program.institution.zone).date())
    context = {
        "program": program,
        "guide": guide,
        "own": guide.pk == request.user.pk,
        "form": form,
        "days": [(day, list(of_day)) for day, of_day in days],
        "count": len(rows) - len(conflicts),
        "conflicts": len(conflicts),
        "shown": shown(form, len(conflicts)) if rows else "",
        "changed": "publish" in request.POST and not form.errors,
    }
    return render(request, "planning/offer_times.html", context, status=422 if form.errors else 200)


def shown(form: OfferTimesForm, conflicts: int) -> str:
    """What the page showed, so that the button offers that and nothing else."""
    times = form.times
    edges = f"{times[0].starts_at:%Y%m%d%H%M}-{times[-1].ends_at:%Y%m%d%H%M}" if times else ""
    return f"{len(times)}-{conflicts}-{edges}"


def publish(request: Request, program: Program, guide: User, form: OfferTimesForm) -> HttpResponse:
    done = intake_times.publish_times(program, guide, form.times, place=form.place)
    made, refused = len(done.made), len(done.refused)
    said = ngettext("%(count)s time is offered.", "%(count)s times are offered.", made) % {"count": made}
    if refused:
        said += " " + _("Left out because of another appointment: %(count)s.") % {"count": refused}
    if done.promoted:
        said += " " + _("Given at once to people who waited: %(count)s.") % {"count": done.promoted}
    notices.done(request, said)
    if guide.pk == request.user.pk:
        return redirect("programs:guide-intakes", program.pk)
    return redirect("programs:intakes", program.pk)


@require_POST
def reserve_all(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    done = reserve_for_all(program)
    said = ngettext("%(count)s time is reserved.", "%(count)s times are reserved.", done.made) % {
        "count": done.made
    }
    if done.without:
        said += " " + _("Without a time that suits: %(count)s.") % {"count": done.without}
    steps.remember(program, "intakes", "look" if done.without else "done")
    notices.done(request, said)
    return redirect("programs:intakes", pk)
