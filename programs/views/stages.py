"""Start, and the other moves of a program: each one page that shows its consequences first."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import Request
from accounts.models import User
from catalogue import load
from intervision import clock, notices
from outbox.rendering import get_plain
from programs import reasons, stages
from programs.actions import stages as actions
from programs.actions.setup import newest_text
from programs.errors import ProgramsError
from programs.forms.stages import MoveForm, StartForm
from programs.mails import invitation
from programs.models import Program
from programs.views.find import program_to_run

Stage = Program.Stage


@require_http_methods(["GET", "POST"])
def start(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    if program.stage != Stage.DRAFT:
        return render(request, "programs/started.html", _state(program))
    blocking, warned = stages.blocks(program, Stage.RECRUITING), stages.warnings(program, Stage.RECRUITING)
    data = request.POST if request.method == "POST" else None
    form = StartForm(data, warned=bool(warned), asked=reasons.asked(program))
    if form.is_valid() and not blocking:
        note = form.cleaned_data.get("note", "")
        try:
            actions.start(program, by=request.user, note=note, lines=form.lines())
        except ProgramsError as error:
            form.add_error(None, str(error))
        else:
            notices.done(request, _("Started. The invitations are on their way."))
            return redirect("programs:start", pk)
    context = _sending(program) | {
        "program": program,
        "step": "start",
        "form": form,
        "blocking": blocking,
        "warned": warned,
    }
    refused = form.errors or (request.method == "POST" and blocking)
    return render(request, "programs/start.html", context, status=422 if refused else 200)


def _sending(program: Program) -> dict[str, object]:
    """What the start sends, to how many, and how it reads."""
    people = actions.to_invite(program)
    languages = people.order_by().values("user__language").annotate(n=Count("pk"))
    return {
        "people": people.count(),
        "languages": [(language_name(row["user__language"]), row["n"]) for row in languages],
        "with_time": people.filter(intake_slot__isnull=False).count(),
        "previews": [
            (name, *_preview(program, code)) for code, name in (("nl", "Nederlands"), ("en", "English"))
        ],
        "text": newest_text(program),
        "groups": program.groups.count(),
    }


def language_name(code: str) -> str:
    return str(dict(User._meta.get_field("language").flatchoices).get(code, code))


def _preview(program: Program, language: str) -> tuple[str, str]:
    """Subject and text of the invitation as its receivers read it."""
    with translation.override(language):
        mail = invitation.preview(program)
        return mail.subject, get_plain(mail.template, dict(mail.context))


def _state(program: Program) -> dict[str, object]:
    following = stages.next_stage(program)
    places = program.memberships.live()
    return {
        "program": program,
        "step": "start",
        "changes": program.stage_changes.select_related("by"),
        "following": following,
        "move_url": _move_url(program, following),
        "invited": places.filter(invited_at__isnull=False).count(),
        "accepted": places.filter(accepted_at__isnull=False).count(),
        "not_invited": actions.to_invite(program).count(),
        "is_over": program.stage in actions.OVER,
        "is_paused": program.stage == Stage.PAUSED,
    }


def _move_url(program: Program, following: str | None) -> str:
    """Who moves the program on: this room to the intakes, the room of the sessions after that."""
    if following == Stage.INTAKES:
        return reverse("programs:open-intakes", args=[program.pk])
    if following == Stage.RUNNING:
        return stages.page("sessions:open-running", program.pk)
    if following is not None:
        return stages.page("sessions:complete", program.pk)
    return ""


@require_http_methods(["GET", "POST"])
def open_intakes(request: Request, pk: UUID) -> HttpResponse:
    program = program_to_run(request.user, pk)
    if stages.next_stage(program) != Stage.INTAKES:
        return redirect("programs:start", pk)
    act = partial(actions.move, to=Stage.INTAKES)
    guards = stages.blocks(program, Stage.INTAKES), stages.warnings(program, Stage.INTAKES)
    return moved(request, program, Stage.INTAKES, guards, act, _("The intakes have begun."))


def moved(
    request: Request,
    program: Program,
    to: str,
    guards: tuple[list[stages.Finding], list[stages.Finding]],
    act: Callable[..., Program],
    said: str,
    template: str = "programs/move.html",
    **more: object,
) -> HttpResponse:
    """One page with what blocks the move to ``to``, what warns and what it means; its button calls ``act``.

    Also for the room of the sessions, which sees more of the guards; ``more`` is what its own page shows.
    """
    blocking, warned = guards
    form = MoveForm(request.POST if request.method == "POST" else None, warned=bool(warned))
    if form.is_valid() and not blocking:
        try:
            act(program, by=request.user, note=form.cleaned_data.get("note", ""))
        except ProgramsError as error:
            form.add_error(None, str(error))
        else:
            notices.done(request, said)
            return redirect("programs:start", program.pk)
    stage = next(s for s in load().formats[program.format].stages if s.key == to)
    context = {"program": program, "form": form, "blocking": blocking, "warned": warned, "stage": stage}
    refused = form.errors or (request.method == "POST" and blocking)
    return render(request, template, context | more, status=422 if refused else 200)


@require_http_methods(["GET", "POST"])
def invite(request: Request, pk: UUID) -> HttpResponse:
    """Invite those who came into the list after the start."""
    program = program_to_run(request.user, pk)
    is_open = program.stage in (Stage.RECRUITING, Stage.INTAKES, Stage.RUNNING)
    if request.method == "POST" and is_open:
        count = actions.invite(program, at=clock.now())
        said = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", count)
        notices.done(request, said % {"n": count})
        return redirect("programs:people", pk)
    context = _sending(program) | {"program": program, "is_open": is_open}
    return render(request, "programs/invite.html", context, status=409 if request.method == "POST" else 200)


def _confirmed(
    request: Request, pk: UUID, act: Callable[..., Program], template: str, said: str
) -> HttpResponse:
    """One page that shows what will happen; its button does it."""
    program = program_to_run(request.user, pk)
    refusal = ""
    if request.method == "POST":
        try:
            act(program, by=request.user)
        except ProgramsError as error:
            refusal = str(error)
        else:
            notices.done(request, said)
            return redirect("programs:start", pk)
    context = {"program": program, "refusal": refusal}
    return render(request, template, context, status=409 if refusal else 200)


@require_http_methods(["GET", "POST"])
def pause(request: Request, pk: UUID) -> HttpResponse:
    return _confirmed(request, pk, actions.pause, "programs/pause.html", _("The program is paused."))


@require_http_methods(["GET", "POST"])
def resume(request: Request, pk: UUID) -> HttpResponse:
    return _confirmed(request, pk, actions.resume, "programs/resume.html", _("The program goes on."))
