"""From the list of programs to a saved frame."""

import datetime as dt
import uuid
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from accounts.models import Appointment, Institution, User
from catalogue import load
from catalogue.kinds import Format
from intervision import clock, notices
from intervision.addresses import address
from intervision.paging import page_of
from intervision.prepared import Question
from programs import frame, steps
from programs.actions import setup as actions
from programs.errors import StaleProgram
from programs.forms.setup import FrameForm
from programs.models import Group, Membership, Program
from programs.models.program import ProgramQuerySet
from programs.templatetags.programs import STAGE_COLOURS, format_label, stage_word
from programs.views.find import program_to_run

PAGE = 50


@require_http_methods(["GET"])
def program_list(request: Request) -> HttpResponse:
    today, query = clock.today(), request.GET.get("q", "").strip()
    everything = partial(found, request.user.pk, today, query)
    first = list(everything()[: PAGE + 1]) if query else first_programs.rows(request.user.pk, today)
    if not first and not Institution.objects.run_by(request.user, Appointment.Role.COORDINATOR).exists():
        raise PermissionDenied
    page = page_of(first, PAGE, request.GET.get("page"), everything)
    rows = [row_of(program) for program in page]
    return render(request, "programs/list.html", {"page": page, "rows": rows, "query": query})


def found(user: UUID, today: dt.date, query: str) -> ProgramQuerySet:
    programs = coordinated(user, today)
    named = Q(title__icontains=query) | Q(institution__name__icontains=query)
    return programs.filter(named) if query else programs


def coordinated(user: UUID, today: dt.date) -> ProgramQuerySet:
    programs = Program.objects.coordinated_by(User(pk=user), today).annotate(**counts())
    return programs.only("title", "format", "stage", "starts_on", "started_at", "steps")


first_programs: Question[Program] = Question(
    lambda user, today: coordinated(user, today)[: PAGE + 1], UUID, dt.date
)


class Row(NamedTuple):
    """A program in the list: where its name leads, and what to go on with."""

    title: str
    url: str
    format: str
    stage: str
    colour: str
    starts_on: dt.date | None
    people: str
    groups: str
    #: The step that is open while it is planned; else a copy of it can be begun.
    next: str
    next_url: str
    copy: str


def row_of(program: Any) -> Row:
    step = steps.first_open(program) if program.is_planning else None
    name = address("desk:program" if step is None else "programs:frame", program.pk)
    return Row(
        program.title,
        step.url if step and step.url else name,
        format_label(program),
        stage_word(program).capitalize(),
        STAGE_COLOURS.get(program.stage, "neutral"),
        program.starts_on,
        str(program.people_count),
        str(program.group_count),
        str(step.label) if step else "",
        step.url if step else "",
        address("programs:copy", program.pk),
    )


def counts() -> dict[str, Coalesce]:
    """How many people and groups a program has, counted apart so that neither multiplies the other."""
    live = Membership.objects.live().filter(program=OuterRef("pk")).order_by()
    groups = Group.objects.filter(program=OuterRef("pk")).order_by()
    return {
        "people_count": _count(live.values("program")),
        "group_count": _count(groups.values("program")),
    }


def _count(rows: "object") -> Coalesce:
    counted = rows.annotate(n=Count("pk")).values("n")  # type: ignore[attr-defined]
    return Coalesce(Subquery(counted), 0)


@require_http_methods(["GET"])
def choose_format(request: Request) -> HttpResponse:
    if not Institution.objects.run_by(request.user, Appointment.Role.COORDINATOR).exists():
        raise PermissionDenied
    cards = [(spec, _numbers(spec)) for spec in load().formats.values()]
    return render(request, "programs/choose_format.html", {"cards": cards})


def _numbers(spec: Format) -> list[tuple[str, str]]:
    """What a format card says about its defaults: label and value."""
    labels = FrameForm.Meta.labels
    values = frame.defaults_of(spec)
    return [(str(labels[name]), str(values[name])) for name in frame.NUMBERS if name in values]


@require_http_methods(["GET", "POST"])
def new_program(request: Request, format_key: str) -> HttpResponse:
    houses = list(Institution.objects.run_by(request.user, Appointment.Role.COORDINATOR))
    if not houses:
        raise PermissionDenied
    if format_key not in load().formats:
        raise Http404

    spec = load().formats[format_key]
    initial = {**frame.defaults_of(spec), "new_id": uuid.uuid4(), "institution": houses[0]}
    data = request.POST if request.method == "POST" else None
    form = FrameForm(data, initial=initial, format_key=format_key, institutions=houses)
    if form.is_valid():
        institution = form.cleaned_data.get("institution") or houses[0]
        pk = form.cleaned_data.get("new_id") or uuid.uuid4()
        try:
            program = actions.create_program(
                institution, pk=pk, format_key=format_key, values=form.values(), by=request.user
            )
        except ValueError:
            raise PermissionDenied from None
        notices.done(
            request, _("Saved. “%(title)s” is a draft until you start it.") % {"title": program.title}
        )
        return redirect("programs:texts", program.pk)

    context = {"form": form, "spec": spec, "notes": form.notes()}
    return render(request, "programs/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit_frame(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    data = request.POST if request.method == "POST" else None
    # The form writes what is typed into its own copy of the row.
    stored = Program.objects.get(pk=program.pk)
    form = FrameForm(data, instance=stored, initial={"version": program.version}, format_key=program.format)
    theirs: list[dict[str, object]] = []
    if form.is_valid():
        version = form.cleaned_data.get("version") or 0
        try:
            actions.save_frame(program, version=version, values=form.values())
        except StaleProgram as error:
            form.add_error(None, str(error))
            form, theirs = _with_their_version(form, program, request.POST)
        else:
            notices.done(request, _("Saved."))
            return redirect("programs:texts", program.pk)

    context = {
        "program": program,
        "step": "frame",
        "form": form,
        "spec": form.spec,
        "theirs": theirs,
        "notes": form.notes() if not theirs else [],
    }
    status = 409 if theirs else 422 if form.errors else 200
    return render(request, "programs/frame.html", context, status=status)


def _with_their_version(
    form: FrameForm, program: Program, typed: QueryDict
) -> tuple[FrameForm, list[dict[str, object]]]:
    """The form as typed, now answering to the stored version, and what is stored where the two differ."""
    fresh = Program.objects.get(pk=program.pk)
    form.data = {**typed.dict(), "version": str(fresh.version)}
    rows = []
    for name, mine in form.values().items():
        stored = getattr(fresh, name)
        if stored != mine:
            rows.append({"field": form[name], "stored": _spoken(fresh, name), "mine": _typed(form, name)})
    return form, rows


def _spoken(program: Program, name: str) -> object:
    display = getattr(program, f"get_{name}_display", None)
    value = display() if display else getattr(program, name)
    return {True: _("yes"), False: _("no"), None: "—", "": "—"}.get(value, value)


def _typed(form: FrameForm, name: str) -> object:
    value = form.cleaned_data[name]
    choices = dict(getattr(form.fields[name], "choices", ()))
    return {True: _("yes"), False: _("no"), None: "—", "": "—"}.get(value, choices.get(value, value))


@require_http_methods(["POST"])
def frame_notes(request: Request, format_key: str) -> HttpResponse:
    """What is worth a look in a frame being typed: a piece, stores nothing."""
    houses = list(Institution.objects.run_by(request.user, Appointment.Role.COORDINATOR))
    if not houses:
        raise PermissionDenied
    if format_key not in load().formats:
        raise Http404
    form = FrameForm(request.POST, format_key=format_key, institutions=houses)
    return render(request, "programs/_frame_notes.html", {"notes": form.notes()})


@require_http_methods(["GET", "POST"])
def copy(request: Request, pk: UUID) -> HttpResponse:
    source = program_to_run(request.user, pk)
    if request.method == "POST":
        new = _given_id(request.POST.get("new_id", ""))
        try:
            made = actions.copy_program(source, pk=new, by=request.user)
        except ValueError:
            raise PermissionDenied from None
        notices.done(request, _("Copied. Choose the dates, then go on to the people."))
        return redirect("programs:frame", made.pk)
    context = {
        "program": source,
        "new_id": uuid.uuid4(),
        "groups": source.groups.count(),
        "now": clock.now(),
        "there": actions.next_programs(source, request.user),
    }
    return render(request, "programs/copy.html", context)


def _given_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid.uuid4()
