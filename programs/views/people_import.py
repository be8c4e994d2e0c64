"""A list of people on its way in: checked, mended, asked about, stored, taken back."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from accounts.models import User
from intervision import notices
from programs.actions import people_check, people_store
from programs.actions.people_check import Outcome
from programs.errors import ProgramsError
from programs.forms.people import ListForm
from programs.models import PeopleImport, Program
from programs.people.columns import fields_of
from programs.people.problems import LABELS
from programs.people.reading import Row
from programs.views.find import program_to_run
from programs.views.people import list_page

#: Rows to mend, questions and people shown at a time.
SHOWN = 25
State = PeopleImport.State


def _find(user: User, pk: UUID) -> PeopleImport:
    """One query for those who run the program, whose pages these are."""
    lists = PeopleImport.objects.select_related("program__institution")
    found = lists.filter(program__in=Program.objects.coordinated_by(user), pk=pk).first()
    if found is None:
        get_object_or_404(lists, program__in=Program.objects.visible_to(user), pk=pk)
        raise PermissionDenied
    return found


@require_http_methods(["POST"])
def begin(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    form = ListForm(request.POST, request.FILES, program=program)
    if not form.is_valid():
        return render(request, "programs/people.html", list_page(request, program, form), status=422)
    made = people_check.begin(program, form.reading, by=request.user, filename=form.filename)
    return redirect("programs:people-import", made.pk)


@require_http_methods(["GET"])
def show(request: Request, pk: UUID) -> HttpResponse:
    people_import = people_store.reopen(_find(request.user, pk))
    if people_import.state == State.STORING and people_import.job_id:
        return redirect("outbox:job", people_import.job_id)
    return _show(request, people_import)


def _show(
    request: Request, people_import: PeopleImport, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, object] = {
        "program": people_import.program,
        "step": "people",
        "people_import": people_import,
        "refusal": refusal,
        "can_be_undone": people_store.can_be_undone(people_import),
    }
    if people_import.state == State.CHECKED:
        context |= _dry_run(request, people_import)
    return render(request, "programs/people_import.html", context, status=status)


def _dry_run(request: Request, people_import: PeopleImport) -> dict[str, object]:
    outcome = people_check.evaluate(people_import)
    page = Paginator(outcome.bad, SHOWN).get_page(request.GET.get("page"))
    absent = [LABELS[name] for name in people_import.columns.get("absent", [])]
    return {
        "outcome": outcome,
        "counts": outcome.counts,
        "page": page,
        "bad": [_shown_row(row, people_import.program) for row in page],
        "questions": outcome.questions[:SHOWN],
        "adding": [plan for plan in outcome.planned if plan.what == "add"][:SHOWN],
        "changing": [plan for plan in outcome.planned if plan.what == "change"][:SHOWN],
        "ignored": people_import.columns.get("ignored", []),
        "absent": absent,
        "confirm": _confirm_words(outcome),
    }


def _shown_row(row: Row, program: Program) -> dict[str, object]:
    """A row to mend: its wrong cells as fields, the others as they are; all of them when the row is wrong."""
    names = fields_of(program.format)
    wrong = names if "row" in row.errors else [name for name in names if name in row.errors]
    fields = [
        {
            "name": f"{row.number}-{name}",
            "label": LABELS[name],
            "value": row.cells.get(name, ""),
            "errors": [problem.message for problem in row.errors.get(name, ())],
        }
        for name in wrong
    ]
    whole = [problem.message for problem in row.errors.get("row", ())]
    said = row.cells.get("name") or row.cells.get("email") or ""
    return {"number": row.number, "fields": fields, "errors": whole, "said": said}


def _confirm_words(outcome: Outcome) -> str:
    counts = outcome.counts
    add = ngettext("Add %(n)s person", "Add %(n)s people", counts["add"]) % {"n": counts["add"]}
    change = ngettext("change %(n)s", "change %(n)s", counts["change"]) % {"n": counts["change"]}
    return f"{add}, {change}" if counts["change"] else add


@require_http_methods(["POST"])
def mend(request: Request, pk: UUID) -> HttpResponse:
    people_import = _find(request.user, pk)
    if people_import.state != State.CHECKED:
        return redirect("programs:people-import", pk)
    typed, out = _typed(request.POST)
    people_check.mend(people_import, typed, out)
    wrong = {row.number for row in people_check.evaluate(people_import).bad} & typed.keys()
    if wrong:
        refusal = ngettext(
            "%(n)s row still has something to fix. What you typed is kept.",
            "%(n)s rows still have something to fix. What you typed is kept.",
            len(wrong),
        ) % {"n": len(wrong)}
        return _show(request, people_import, refusal=refusal, status=422)
    notices.done(request, _("Saved. The list is checked again."))
    return redirect("programs:people-import", pk)


def _typed(posted: QueryDict) -> tuple[dict[int, dict[str, str]], set[int]]:
    """Cells by row from names such as ``12-email``, and the rows to leave out; other names are not ours."""
    typed: dict[int, dict[str, str]] = {}
    out = {int(number) for number in posted.getlist("out") if _is_row(number)}
    for name, value in posted.items():
        number, _dash, field = name.partition("-")
        if _is_row(number) and field in LABELS:
            typed.setdefault(int(number), {})[field] = str(value)
    return {number: cells for number, cells in typed.items() if number not in out}, out


def _is_row(text: str) -> bool:
    return text.isdecimal() and len(text) < 10


@require_http_methods(["POST"])
def answer(request: Request, pk: UUID) -> HttpResponse:
    people_import = _find(request.user, pk)
    if people_import.state == State.CHECKED:
        prefix = "pair-"
        given = {
            name.removeprefix(prefix): str(said)
            for name, said in request.POST.items()
            if name.startswith(prefix)
        }
        if "all_apart" in request.POST:
            given = {question.key: "apart" for question in people_check.evaluate(people_import).questions}
        people_check.answer(people_import, given)
        notices.done(request, _("Saved. The list is checked again."))
    return redirect("programs:people-import", pk)


@require_http_methods(["POST"])
def store(request: Request, pk: UUID) -> HttpResponse:
    people_import = people_store.reopen(_find(request.user, pk))
    try:
        job = people_store.confirm(people_import, by=request.user)
    except ProgramsError as error:
        people_import.refresh_from_db()
        return _show(request, people_import, refusal=str(error), status=409)
    if job is not None:
        return redirect("outbox:job", job.pk)
    people_import.refresh_from_db()
    undo = reverse("programs:people-undo", args=[pk])
    notices.done(request, _stored_words(people_import.counts), undo=undo)
    return redirect("programs:people", people_import.program_id)


def _stored_words(counts: dict[str, int]) -> str:
    return _("%(add)s added, %(change)s changed, %(same)s unchanged, %(skip)s left out.") % counts


@require_http_methods(["POST"])
def drop(request: Request, pk: UUID) -> HttpResponse:
    """Throw a list away that was not stored."""
    people_import = _find(request.user, pk)
    PeopleImport.objects.filter(pk=pk, state=State.CHECKED).delete()
    notices.done(request, _("The list is gone; nothing was stored."))
    return redirect("programs:people", people_import.program_id)


@require_http_methods(["POST"])
def undo(request: Request, pk: UUID) -> HttpResponse:
    people_import = _find(request.user, pk)
    try:
        people_store.undo(people_import)
    except ProgramsError as error:
        return _show(request, people_import, refusal=str(error), status=409)
    notices.done(request, _("Undone: the people of this list are out again."))
    return redirect("programs:people", people_import.program_id)
