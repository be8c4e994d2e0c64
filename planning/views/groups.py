"""The step "groups": a proposal, then by hand, each change with its way back."""

import copy
import uuid
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Request
from intervision import clock, notices, versions
from planning import board, composing
from planning.actions import guides
from planning.actions.groups import propose_groups
from planning.forms.groups import AddForm, AssignForm, GroupForm, MoveForm
from programs import steps
from programs.actions import groups as actions
from programs.actions import undo, waiting
from programs.errors import ProgramsError, StaleGroup
from programs.models import Group, Guide, Program
from programs.views.find import program_to_run
from programs.views.guides import candidates
from sessions.actions.occupations import Clash


def _program(request: Request, pk: UUID) -> Program:
    return program_to_run(request.user, pk, undo.with_latest(Program.objects.all()))


@require_http_methods(["GET"])
def group_list(request: Request, pk: UUID) -> HttpResponse:
    program = _program(request, pk)
    return _page(request, program)


def _page(request: Request, program: Program, refusal: str = "") -> HttpResponse:
    context = {
        "program": program,
        "institution": program.institution,
        "step": "groups",
        "board": board.build(composing.read(program, clock.today())),
        "new_id": uuid.uuid4(),
        "undoable": undo.latest(program) if program.undoable_id else None,  # type: ignore[attr-defined]
        "refusal": refusal,
        "following": steps.next_after(program, "groups"),
    }
    return render(request, "planning/groups.html", context, status=409 if refusal else 200)


@require_POST
def propose(request: Request, pk: UUID) -> HttpResponse:
    program = _program(request, pk)
    try:
        proposal = propose_groups(program, by=request.user, on=clock.today())
    except ProgramsError as error:
        return _page(request, program, str(error))
    missing = len(proposal.not_placed)
    text = _("A proposal is in place. Look at each group and change what you like.")
    if missing:
        text = ngettext(
            "A proposal is in place; %(count)s person has no group yet.",
            "A proposal is in place; %(count)s people have no group yet.",
            missing,
        ) % {"count": missing}
    return _done(request, program, text)


@require_POST
def add(request: Request, pk: UUID) -> HttpResponse:
    program = _program(request, pk)
    form = AddForm(request.POST)
    group = actions.add_group(program, pk=form.cleaned_data["new_id"] if form.is_valid() else None)
    notices.done(request, _("%(group)s is there.") % {"group": group})
    return _to(program, group)


@require_POST
def move(request: Request, pk: UUID, membership_pk: UUID) -> HttpResponse:
    program = _program(request, pk)
    membership = get_object_or_404(
        program.memberships.live().select_related("user", "program"), pk=membership_pk
    )
    form = MoveForm(request.POST, groups=program.groups.all())
    if not form.is_valid():
        return _page(request, program, _("That group is not there any more. Choose another."))
    group = form.cleaned_data["group"]
    try:
        actions.move(membership, group, on=clock.today(), by=request.user)
    except ProgramsError as error:
        return _page(request, program, str(error))
    if group is None:
        return _done(request, program, _("%(name)s has no group now.") % {"name": membership.name})
    said = _("%(name)s is in %(group)s now.") % {"name": membership.name, "group": group}
    return _done(request, program, said, group)


@require_POST
def undo_step(request: Request, pk: UUID, step_pk: UUID) -> HttpResponse:
    program = _program(request, pk)
    step = get_object_or_404(program.undoable_steps, pk=step_pk)
    try:
        undo.undo(step)
    except ProgramsError as error:
        return _page(request, program, str(error))
    actions.remember(program)
    notices.done(request, _("Taken back."))
    return _to(program)


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: UUID, group_pk: UUID) -> HttpResponse:
    program = _program(request, pk)
    group = _group(program, group_pk)
    current = _guides(group)
    common = composing.common_half_days(group, current)
    # The form writes what is typed into its own copy of the row.
    form = GroupForm(request.POST or None, instance=copy.copy(group), common=common)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_group(group, form.cleaned_data, seen=form.cleaned_data["seen"])
        except StaleGroup as error:
            form.add_error(None, str(error))
            return _two_versions(request, current, form, GroupForm(instance=group, common=common))
        except ProgramsError as error:
            form.add_error(None, str(error))
        else:
            waiting.renew_in(program, at=clock.now())
            notices.done(request, _("Saved."))
            return _to(program, group)
    return _group_page(request, group, current, form)


def _two_versions(request: Request, current: list[Guide], form: GroupForm, stored: GroupForm) -> HttpResponse:
    theirs = versions.differences(form, stored)
    versions.answering_to(form, stored.initial["seen"])
    return _group_page(request, stored.instance, current, form, theirs=theirs)


@require_POST
def assign(request: Request, pk: UUID, group_pk: UUID) -> HttpResponse:
    program = _program(request, pk)
    group = _group(program, group_pk)
    refused, people = candidates(group, ())
    form = AssignForm(request.POST, people=[*refused, *people])
    if form.is_valid():
        try:
            clashes = guides.assign_guide(
                group, form.cleaned_data["user"], role=form.cleaned_data["role"], from_on=clock.today()
            )
        except ProgramsError as error:
            form.add_error(None, str(error))
        else:
            notices.done(
                request, _("%(name)s guides %(group)s.") % {"name": form.cleaned_data["user"], "group": group}
            )
            _warn(request, clashes)
            return redirect("planning:group", program.pk, group.pk)
    current = _guides(group)
    common = composing.common_half_days(group, current)
    return _group_page(request, group, current, GroupForm(instance=group, common=common), form)


def _warn(request: Request, clashes: list[Clash]) -> None:
    """Say which sessions the guides of the group cannot keep."""
    if clashes:
        messages.warning(request, guides.in_words(clashes))


@require_POST
def end_guide(request: Request, pk: UUID, group_pk: UUID, guide_pk: UUID) -> HttpResponse:
    program = _program(request, pk)
    group = _group(program, group_pk)
    guide = get_object_or_404(group.guides.current().select_related("group__program", "user"), pk=guide_pk)
    _warn(request, guides.end_guide(guide, on=clock.today()))
    notices.done(request, _("%(name)s does not guide this group any more.") % {"name": guide.user})
    return redirect("planning:group", program.pk, group.pk)


@require_POST
def remove(request: Request, pk: UUID, group_pk: UUID) -> HttpResponse:
    program = _program(request, pk)
    try:
        actions.remove_group(_group(program, group_pk))
    except ProgramsError as error:
        return _page(request, program, str(error))
    notices.done(request, _("The group is removed."))
    return _to(program)


def _group(program: Program, pk: UUID) -> Group:
    return get_object_or_404(
        Group.objects.select_related("program__institution", "room"), pk=pk, program=program
    )


def _guides(group: Group) -> list[Guide]:
    return list(group.guides.current().select_related("user__availability"))


def _group_page(
    request: Request,
    group: Group,
    current: list[Guide],
    form: GroupForm,
    assign_form: AssignForm | None = None,
    *,
    theirs: list[versions.Difference] | None = None,
) -> HttpResponse:
    refused, people = candidates(group, current)
    context = {
        "program": group.program,
        "institution": group.program.institution,
        "step": "groups",
        "group": group,
        "guides": current,
        "refused": refused,
        "form": form,
        "theirs": theirs,
        "assign_form": assign_form or AssignForm(people=people),
    }
    bad = form.errors or (assign_form is not None and assign_form.errors)
    answer = 409 if theirs is not None else 422 if bad else 200
    return render(request, "planning/group.html", context, status=answer)


def _done(request: Request, program: Program, text: str, group: Group | None = None) -> HttpResponse:
    step = undo.latest(program)
    notices.done(request, text, undo=reverse("planning:undo", args=[program.pk, step.pk]) if step else None)
    return _to(program, group)


def _to(program: Program, group: Group | None = None) -> HttpResponse:
    address = reverse("planning:groups", args=[program.pk])
    return redirect(f"{address}#group-{group.pk}" if group else address)
