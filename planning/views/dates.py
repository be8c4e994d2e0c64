"""The step "dates": a series for each group, shown before it is saved."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Request
from intervision import clock, notices
from planning import all_dates, series
from planning.actions.dates import plan_all
from planning.days_off import holidays_not_known
from planning.forms.dates import SeriesForm
from planning.forms.groups import half_day_label
from programs import steps
from programs.errors import ProgramsError
from programs.models import Group, Guide, Membership, Program
from programs.views.find import program_to_run
from sessions.actions import series as actions
from sessions.errors import DatesTaken
from sessions.models import GroupSession


@require_http_methods(["GET"])
def date_list(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    groups = list(
        program.groups.select_related("room").prefetch_related(
            Prefetch("sessions", GroupSession.objects.select_related("room")),
            Prefetch("guides", Guide.objects.active().select_related("user")),
            Prefetch("memberships", Membership.objects.live()),
        )
    )
    ends = series.training_ends(
        [member.user_id for group in groups for member in group.memberships.all()], clock.today()
    )
    unknown = holidays_not_known(program.institution.country, program.institution.subdivision)
    context = _common(program) | {
        "rows": [_row(program, group, ends) for group in groups],
        "unknown": unknown.message if unknown else "",
        "without": sum(group.taken > 0 and not group.sessions.all() for group in groups),
        "following": steps.next_after(program, "dates"),
    }
    return render(request, "planning/dates.html", context)


def _row(program: Program, group: Group, ends: dict[Any, Any]) -> dict[str, Any]:
    sessions = list(group.sessions.all())
    members = {member.user_id: ends.get(member.user_id) for member in group.memberships.all()}
    days = [program.institution.on_day(one.starts_at) for one in sessions]
    missing = [one for one in sessions if one.room and one.room.booked_outside and not one.outside_reference]
    return {
        "group": group,
        "guides": list(group.guides.all()),
        "sessions": sessions,
        "anew": program.stage == Program.Stage.DRAFT
        or not any(m.invited_at for m in group.memberships.all()),
        "remarks": series.finishing(members, days),
        "without_reference": len(missing),
        "without_room": sum(one.room_id is None for one in sessions),
    }


@require_http_methods(["GET", "POST"])
def all_groups(request: Request, pk: UUID) -> HttpResponse:
    """Dates for every group that has none: shown first, then saved as shown, all or none."""
    program = program_to_run(request.user, pk)
    proposals = all_dates.propose(program, clock.today())
    shown, refusal = all_dates.signature(proposals), ""
    changed = request.method == "POST" and request.POST.get("shown") != shown
    if request.method == "POST" and not changed:
        try:
            wanted = [(one.group, one.form.moments, one.form.place) for one in proposals if one.form]
            count = plan_all(wanted, by=request.user)
        except ProgramsError as error:
            refusal = str(error)
        else:
            remember(program)
            said = ngettext(
                "The dates of %(n)s group are saved.", "The dates of %(n)s groups are saved.", count
            )
            notices.done(request, said % {"n": count})
            return redirect("planning:dates", program.pk)
    context = _common(program) | {
        "proposals": [(one, half_day_label(one.half_day)) for one in proposals],
        "planned": sum(one.form is not None for one in proposals),
        "shown": shown,
        "changed": changed,
        "refusal": refusal,
    }
    return render(request, "planning/all_dates.html", context, status=409 if changed or refusal else 200)


@require_http_methods(["GET", "POST"])
def group_dates(request: Request, pk: UUID, group_pk: UUID) -> HttpResponse:
    """Show what the form gives; save exactly the dates that were shown, all or none."""
    program = program_to_run(request.user, pk)
    group = _group(program, group_pk)
    sessions = list(group.sessions.all())
    if not actions.may_plan_anew(group, sessions, at=clock.now()):
        return render(request, "planning/group_dates_told.html", _common(program) | {"group": group})
    form = SeriesForm(request.POST if request.method == "POST" else None, group=group, today=clock.today())
    saving = "save" in request.POST and form.is_valid()
    if saving and form.was_seen and not form.blocked:
        try:
            step = actions.plan_series(group, form.moments, place=form.place, by=request.user)
        except DatesTaken as error:
            form.add_error(None, str(error))
            form.refused = dict(error.refused)
        except ProgramsError as error:
            form.add_error(None, str(error))
        else:
            return _saved(request, program, group, step.pk)
    context = _common(program) | {
        "group": group,
        "form": form,
        "planned": len(sessions),
        "next_group": _next_without(program, group),
        "stopped": saving and form.blocked,
        "changed": saving and not form.was_seen and not form.blocked,
    }
    return render(request, "planning/group_dates.html", context, status=422 if form.errors else 200)


@require_POST
def undo_dates(request: Request, pk: UUID, step_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    step = get_object_or_404(program.undoable_steps.filter(kind=actions.SERIES), pk=step_pk)
    try:
        actions.undo_series(step)
    except ProgramsError as error:
        return render(
            request, "planning/dates_refused.html", _common(program) | {"refusal": str(error)}, status=409
        )
    remember(program)
    notices.done(request, _("Taken back."))
    return redirect("planning:dates", program.pk)


def remember(program: Program) -> None:
    """Note how far the step is: every group with people has dates, or a look is due."""
    with_people = program.groups.filter(taken__gt=0)
    without = with_people.filter(sessions__isnull=True).exists()
    steps.remember(program, "dates", "look" if without else "done")


def _saved(request: Request, program: Program, group: Group, step_pk: UUID) -> HttpResponse:
    remember(program)
    notices.done(
        request,
        _("The dates of %(group)s are saved.") % {"group": group},
        undo=reverse("planning:undo-dates", args=[program.pk, step_pk]),
    )
    if request.POST["save"] == "next" and (following := _next_without(program, group)):
        return redirect("planning:group-dates", program.pk, following.pk)
    return redirect(f"{reverse('planning:dates', args=[program.pk])}#group-{group.pk}")


def _next_without(program: Program, group: Group) -> Group | None:
    """Another group with people that has no dates yet."""
    return program.groups.filter(taken__gt=0, sessions__isnull=True).exclude(pk=group.pk).first()


def _group(program: Program, pk: UUID) -> Group:
    groups = Group.objects.select_related("program__institution", "room")
    return get_object_or_404(groups, pk=pk, program=program)


def _common(program: Program) -> dict[str, Any]:
    return {"program": program, "institution": program.institution, "step": "dates", "now": clock.now()}
