"""The people of a program: the list, one person by hand, and the list as a file."""

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request, still_you
from accounts.models import Placement
from intervision import notices
from programs import steps
from programs.actions import people as actions
from programs.actions import undo
from programs.actions.people_store import NO_ADDRESS
from programs.errors import ProgramsError
from programs.forms.people import ListForm, PersonForm
from programs.models import Membership, PeopleImport, Program
from programs.models.group import MembershipQuerySet
from programs.people.columns import fields_of, required_of
from programs.people.export import csv_bytes
from programs.people.problems import LABELS
from programs.views.find import program_to_run

PAGE = 50


def people_of(program: Program) -> MembershipQuerySet:
    """Everybody with a live place, with the placement that holds here today."""
    here = Placement.objects.current().filter(department__institution=program.institution_id)
    placements = Prefetch("user__placements", here.select_related("department"), to_attr="here")
    return program.memberships.live().select_related("user", "group").prefetch_related(placements)


@require_http_methods(["GET"])
def people(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    return render(request, "programs/people.html", list_page(request, program, ListForm(program=program)))


def list_page(request: Request, program: Program, form: ListForm) -> dict[str, object]:
    query = request.GET.get("q", "").strip()
    found = people_of(program)
    if query:
        found = found.search(query)
    stored = program.people_imports.filter(state=PeopleImport.State.STORED).defer("rows")
    # Before the start nobody is invited, so the last list can be taken back.
    undoable = stored.first() if not program.started_at else None
    live = program.memberships.live()
    counts = live.aggregate(all=Count("pk"), new=Count("pk", filter=Q(invited_at=None)))
    pages = Paginator(found, PAGE)
    if not query:
        pages.count = counts["all"]
    return {
        "program": program,
        "step": "people",
        "form": form,
        "query": query,
        "page": pages.get_page(request.GET.get("page")),
        "not_invited": counts["new"],
        "undoable": undoable,
        "next": steps.next_after(program, "people"),
        "columns": [LABELS[name] for name in fields_of(program.format)],
        "required": [str(LABELS[name]) for name in required_of(program.format)],
    }


@require_http_methods(["GET", "POST"])
def add_person(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    data = request.POST if request.method == "POST" else None
    form = PersonForm(data, program=program)
    if form.is_valid():
        try:
            made = actions.add_person(program, form.cleaned_data, by=request.user)
        except ProgramsError as error:
            context = list_page(request, program, ListForm(program=program)) | {"refusal": str(error)}
            return render(request, "programs/people.html", context, status=409)
        if made.state != PeopleImport.State.STORED:
            return redirect("programs:people-import", made.pk)
        said = _("%(name)s has been added.") if made.counts["add"] else _("%(name)s was in the list already.")
        undo = reverse("programs:people-undo", args=[made.pk]) if made.counts["add"] else None
        notices.done(request, said % {"name": form.cleaned_data["name"]}, undo=undo)
        return redirect("programs:people", program.pk)
    context = {"program": program, "step": "people", "form": form}
    return render(request, "programs/person.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST"])
def remove_person(request: Request, pk: UUID, membership_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    found = program.memberships.live().select_related("user").filter(pk=membership_pk).first()
    if found is None:
        return redirect("programs:people", program.pk)
    try:
        step = actions.remove_person(found, by=request.user)
    except ProgramsError as error:
        context = list_page(request, program, ListForm(program=program)) | {"refusal": str(error)}
        return render(request, "programs/people.html", context, status=409)
    undo = reverse("programs:restore-person", args=[program.pk, step.pk])
    notices.done(request, _("%(name)s is no longer in the list.") % {"name": found.name}, undo=undo)
    return redirect("programs:people", program.pk)


@require_http_methods(["POST"])
def restore_person(request: Request, pk: UUID, step_pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    step = get_object_or_404(program.undoable_steps.filter(kind=actions.REMOVED), pk=step_pk)
    try:
        undo.undo(step)
    except ProgramsError as error:
        context = list_page(request, program, ListForm(program=program)) | {"refusal": str(error)}
        return render(request, "programs/people.html", context, status=409)
    notices.done(request, _("Undone."))
    return redirect("programs:people", program.pk)


@still_you
@require_http_methods(["GET"])
def people_csv(request: Request, pk: UUID) -> HttpResponse:
    """What the list shows, as a file."""
    program = program_to_run(request.user, pk)
    header = [
        _("name"),
        _("e-mail"),
        _("training year"),
        _("specialty"),
        _("department"),
        _("group"),
        _("state"),
    ]
    return _file("people.csv", csv_bytes(header, [_row(place) for place in people_of(program)]))


def _row(place: Membership) -> list[object]:
    here = next(iter(place.user.here), None)  # type: ignore[attr-defined]
    email = "" if place.email.endswith(NO_ADDRESS) else place.email
    placed = [here.training_year, here.specialty, here.department.name] if here else [None, "", ""]
    return [place.name, email, *placed, place.group or "", place.get_state_display()]


@require_http_methods(["GET"])
def example(request: Request, pk: UUID) -> HttpResponse:
    """A file with the right columns and one made-up row."""
    program = program_to_run(request.user, pk)
    names = fields_of(program.format)
    given = {
        "name": _("Sam Example"),
        "email": "sam@example.org",
        "training_year": "2",
        "specialty": _("paediatrics"),
        "discipline": _("midwife"),
        "department": _("Women and children"),
        "supervisors": "a.supervisor@example.org | B. Supervisor",
        "grid": _("mon-am never, tue rather not"),
        "personnel_number": "12345",
    }
    content = csv_bytes([LABELS[name] for name in names], [[given[name] for name in names]])
    return _file("example.csv", content)


def _file(name: str, content: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
