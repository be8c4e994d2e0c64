"""One page with radio buttons, for a thumb; and the code that leads to it, for the guide's screen."""

import io
from uuid import UUID

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import Request, open_to_links
from catalogue import load
from intervision import clock
from outbox.mail import link
from sessions.models import GroupSession
from surveys import rules
from surveys.actions.answering import answer as count_answer
from surveys.errors import AnsweredAlready, SurveysError
from surveys.forms import AnswersForm
from surveys.models import Kind, Window
from surveys.views.find import session_to_show, window_to_answer

#: Left out as a whole by whoever wants; the other lists are short.
SKIPPABLE = (Kind.HOPED, Kind.GAINED, Kind.CALL)


@open_to_links("take_part")
@require_http_methods(["GET", "POST"])
def answer(request: Request, pk: UUID) -> HttpResponse:
    window, now = window_to_answer(request, pk), clock.now()
    form = AnswersForm(request.POST if request.method == "POST" else None, asked=window.asked)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            count_answer(window, request.user, form.given, at=now)
        except AnsweredAlready:
            return redirect("surveys:answer", window.pk)
        except SurveysError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            return redirect("surveys:answer", (_next(request, window) or window).pk)
    context = {
        "window": window,
        "group": window.group,
        "program": window.group.program,
        "guide_word": load().formats[window.group.program.format].guide,
        "form": form,
        "state": _state(request, window),
        "about_guide": any(question.about_guide for question in window.asked),
        "least": window.institution.min_n,
        "skippable": window.kind in SKIPPABLE,
        "next": _next(request, window) if window.kind in SKIPPABLE else None,
    }
    return render(
        request, "surveys/answer.html", context, status=422 if form.errors and status == 200 else status
    )


def _state(request: Request, window: Window) -> str:
    """early, over, answered or open."""
    now = clock.now()
    if window.state != Window.State.OPEN or window.closes_at <= now:
        return "over"
    if window.opens_at > now:
        return "early"
    return "answered" if rules.has_answered(request.user, window) else "open"


def _next(request: Request, window: Window) -> Window | None:
    """Another short list of the same group that is still to be answered."""
    waiting = Window.objects.to_answer(request.user, clock.now()).filter(group=window.group_id)
    return waiting.exclude(pk=window.pk).first()


@open_to_links("guide")
@require_http_methods(["GET"])
def show(request: Request, pk: UUID) -> HttpResponse:
    """On the guide's screen in the last minutes: a code to scan."""
    session, now = session_to_show(request, pk), clock.now()
    window = _asked_at(session)
    context = {
        "session": session,
        "group": session.group,
        "window": window,
        "open": window is not None and window.is_open(now),
        "over": now >= (window.closes_at if window else session.ends_at),
    }
    return render(request, "surveys/show.html", context)


@open_to_links("guide")
@require_http_methods(["GET"])
def code(request: Request, pk: UUID) -> HttpResponse:
    window = _asked_at(session_to_show(request, pk))
    if window is None:
        raise Http404
    picture = io.BytesIO()
    segno.make(_address(window), error="m").save(picture, kind="svg", scale=8, border=4, light="#fff")
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def _asked_at(session: GroupSession) -> Window | None:
    """One code is enough: whoever has answered is led on to the next list."""
    return Window.objects.filter(kind=Kind.PULSE, about_id=session.pk).first()


def _address(window: Window) -> str:
    """The same for everybody: who answers shows from who opens it, never from the code."""
    return link(reverse("surveys:answer", args=[window.pk]))
