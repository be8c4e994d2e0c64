"""A running group: each change is one page that shows its consequences first."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Request
from catalogue import load
from intervision import clock, notices
from programs import running as on_page
from programs import suspensions
from programs.actions import running as actions
from programs.actions import undo
from programs.errors import ProgramsError
from programs.forms.running import AddForm, LeaveForm, PauseForm, RulesForm
from programs.models import Group, IntakeSlot, Membership, Program, ProgramCoordinator
from programs.views.find import program_to_run

PAGE = 50


@require_http_methods(["GET"])
def groups(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    return groups_page(request, program)


def groups_page(request: Request, program: Program, refusal: str = "") -> HttpResponse:
    today = program.institution.on_day(clock.now())
    shown = on_page.shown(program, today)
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {
        "program": program,
        "page": page,
        "undoable": undo.latest(program),
        "suspended": any(found.has_suspended(today) for found in shown),
        "refusal": refusal,
    }
    return render(request, "programs/running.html", context, status=409 if refusal else 200)


def member_of(program: Program, pk: UUID) -> Membership:
    rows = program.memberships.live().filter(group__isnull=False)
    return get_object_or_404(rows.select_related("user", "group", "program__institution"), pk=pk)


def group_of(program: Program, pk: UUID) -> Group:
    return get_object_or_404(program.groups.select_related("program__institution", "room"), pk=pk)


def back(program: Program, group: Group | None = None) -> HttpResponse:
    address = reverse("programs:running", args=[program.pk])
    return redirect(f"{address}#group-{group.pk}" if group else address)


def said(
    request: Request, program: Program, text: str, group: Group | None, *, can_undo: bool = True
) -> HttpResponse:
    """Say it on the page of the groups, with the way back where there is one."""
    step = undo.latest(program) if can_undo else None
    way = reverse("programs:undo-change", args=[program.pk, step.pk]) if step else None
    notices.done(request, text, undo=way)
    return back(program, group)


@require_http_methods(["GET", "POST"])
def pause(request: Request, pk: UUID, membership_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    row = member_of(program, membership_pk)
    form = PauseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.pause(row, **form.cleaned_data, by=request.user)
        except ProgramsError as error:
            return groups_page(request, program, str(error))
        return said(request, program, _("%(name)s pauses.") % {"name": row.name}, row.group)
    context = {"program": program, "row": row, "form": form}
    return render(request, "programs/running_pause.html", context, status=422 if form.errors else 200)


@require_POST
def resume(request: Request, pk: UUID, membership_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    row = member_of(program, membership_pk)
    actions.resume(row, by=request.user)
    return said(request, program, _("%(name)s takes part again.") % {"name": row.name}, row.group)


@require_http_methods(["GET", "POST"])
def leave(request: Request, pk: UUID, membership_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    row = member_of(program, membership_pk)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.leave(row, on=form.cleaned_data["on"], by=request.user)
        except ProgramsError as error:
            return groups_page(request, program, str(error))
        return said(request, program, _("%(name)s has left.") % {"name": row.name}, row.group)
    slot = IntakeSlot.objects.filter(membership=row, starts_at__gt=clock.now()).first()
    context = {"program": program, "row": row, "form": form, "slot": slot}
    return render(request, "programs/running_leave.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def add(request: Request, pk: UUID, group_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    group = group_of(program, group_pk)
    form = AddForm(request.POST if request.method == "POST" else None, group=group)
    if form.is_valid():
        chosen = form.cleaned_data["membership"]
        try:
            row = (
                actions.add_to_group(chosen, group)
                if chosen
                else actions.add_newcomer(group, form.newcomer())
            )
        except ProgramsError as error:
            form.add_error(None, str(error))
        else:
            text = _("%(name)s is in %(group)s now. The group gets a message.")
            return said(request, program, text % {"name": row.name, "group": group}, group, can_undo=False)
    rules = group.ground_rules.first()
    context = {"program": program, "group": group, "form": form, "rules": rules}
    return render(request, "programs/running_add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def close(request: Request, pk: UUID, group_pk: UUID) -> HttpResponse:
    """Nobody joins any more; or somebody may again."""
    program = program_to_run(request.user, pk)
    group = group_of(program, group_pk)
    if request.method == "POST":
        closed = request.POST.get("closed") == "1"
        actions.set_closed(group, closed, by=request.user)
        text = _("%(group)s is closed.") if closed else _("%(group)s is open again.")
        return said(request, program, text % {"group": group}, group)
    waiting = group.waiting_places.filter(ended_at__isnull=True).count()
    context = {"program": program, "group": group, "waiting": waiting}
    return render(request, "programs/running_close.html", context)


@require_POST
def stand_still(request: Request, pk: UUID, group_pk: UUID) -> HttpResponse:
    """The whole group pauses, or goes on: one of the choices when somebody in it is suspended."""
    program = program_to_run(request.user, pk)
    group = group_of(program, group_pk)
    paused = request.POST.get("paused") == "1"
    actions.set_paused(group, paused)
    text = _("%(group)s pauses.") if paused else _("%(group)s goes on.")
    return said(request, program, text % {"group": group}, group, can_undo=False)


@require_POST
def undo_change(request: Request, pk: UUID, step_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    step = get_object_or_404(program.undoable_steps, pk=step_pk)
    try:
        undo.undo(step)
    except ProgramsError as error:
        return groups_page(request, program, str(error))
    notices.done(request, _("Taken back."))
    return back(program)


# Ground rules.


@require_http_methods(["GET", "POST"])
def ground_rules(request: Request, pk: UUID) -> HttpResponse:
    """Every group's ground rules and how many have agreed; a post writes the format's text where none is yet."""
    program = program_to_run(request.user, pk)
    if request.method == "POST":
        actions.rules_for_all(program)
        notices.done(
            request, _("Every group has ground rules now. Change them where a group wants other words.")
        )
        return redirect("programs:ground-rules", pk)
    page = Paginator(on_page.shown(program, clock.today()), PAGE).get_page(request.GET.get("page"))
    missing = any(found.rules is None for found in page.object_list)
    context = {
        "program": program,
        "page": page,
        "missing": missing,
        "text": load().formats[program.format].ground_rules,
    }
    return render(request, "programs/ground_rules.html", context)


@require_http_methods(["GET", "POST"])
def group_rules(request: Request, pk: UUID, group_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    group = group_of(program, group_pk)
    rules, text = group.ground_rules.first(), load().formats[program.format].ground_rules
    form = RulesForm(request.POST if request.method == "POST" else None, initial=initial_rules(rules, text))
    newest = rules.version if rules else 0
    if form.is_valid():
        if (form.cleaned_data["version"] or 0) == newest:
            actions.agree_rules(
                group, text_en=form.cleaned_data["text_en"], text_nl=form.cleaned_data["text_nl"]
            )
            notices.done(request, _("The ground rules of %(group)s are written.") % {"group": group})
            return redirect("programs:ground-rules", pk)
        form.add_error(
            None,
            _("Somebody else has changed this text meanwhile. Both versions are below; nothing is lost."),
        )
    context: dict[str, Any] = {"program": program, "group": group, "rules": rules, "form": form}
    context["changed"] = form.is_bound and bool(form.non_field_errors())
    return render(request, "programs/group_rules.html", context, status=422 if form.errors else 200)


def initial_rules(rules: Any, text: Any) -> dict[str, Any]:
    if rules:
        return {"text_en": rules.text_en, "text_nl": rules.text_nl, "version": rules.version}
    return {"text_en": text.en, "text_nl": text.nl, "version": 0}


# Suspended assignments, and what to say to somebody who asks.


@require_http_methods(["GET"])
def suspended(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    return suspended_page(request, program)


def suspended_page(request: Request, program: Program, refusal: str = "") -> HttpResponse:
    rows = suspensions.shown(program, program.institution.on_day(clock.now()))
    context = {"program": program, "rows": rows, "refusal": refusal}
    return render(request, "programs/suspended.html", context, status=409 if refusal else 200)


def assignment(program: Program, kind: str, pk: UUID) -> Any:
    model = actions.ASSIGNMENTS.get(kind)
    if model is None:
        raise Http404
    inside = (
        {"program": program} if model in (Membership, ProgramCoordinator) else {"group__program": program}
    )
    return get_object_or_404(model._base_manager.filter(suspended_from__isnull=False, **inside), pk=pk)


@require_POST
def reinstate(request: Request, pk: UUID, kind: str, row_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    row = assignment(program, kind, row_pk)
    try:
        actions.reinstate(row)
    except ProgramsError:
        return suspended_page(
            request,
            program,
            _("The evaluation still stands, so this cannot come back in force. End the evaluation first."),
        )
    name = row.name if isinstance(row, Membership) else row.user
    notices.done(request, _("%(name)s is back in force.") % {"name": name})
    return redirect("programs:suspended", pk)


@require_POST
def end_assignment(request: Request, pk: UUID, kind: str, row_pk: UUID) -> HttpResponse:
    """A suspended guide or coordinator is one no longer; a member moves or leaves by their own pages."""
    program = program_to_run(request.user, pk)
    if kind == "member":
        raise Http404
    row = assignment(program, kind, row_pk)
    actions.end_assignment(row, on=clock.today())
    notices.done(request, _("%(name)s has no part in it any more.") % {"name": row.user})
    return redirect("programs:suspended", pk)


@require_http_methods(["GET"])
def asked(request: Request, pk: UUID) -> HttpResponse:
    """Somebody asks the coordinator about a resident: what can be said, and the words for it."""
    program = program_to_run(request.user, pk)
    return render(request, "programs/asked.html", {"program": program})
