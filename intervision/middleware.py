"""What holds for every request, before a view is asked."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from datetime import timedelta

import pghistory
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from intervision import clock, errors, logs

logger = logging.getLogger(__name__)
Answer = Callable[[HttpRequest], HttpResponse]
# The help page leaves no trace of who opened it.
QUIET = {"healthz", "readyz", "help/", "help/<slug:slug>/"}
RENEW_AFTER = timedelta(minutes=5)
SAFE = {"GET", "HEAD", "OPTIONS"}
#: What a proxy may hand on as a request's id: nothing that could be somebody's words.
AN_ID = re.compile(r"[0-9a-f-]{8,36}")
SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"


def name_request(answer: Answer) -> Answer:
    """Give the request an id that its log lines and its error page share, and write its one line.

    A proxy's own id is kept, so that its lines and ours are found together.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        logs.cause.set(given if AN_ID.fullmatch(given) else uuid.uuid4().hex[:12])
        began = time.perf_counter()
        response = answer(request)
        route = request.resolver_match.route if request.resolver_match else None
        if route not in QUIET:
            facts = {
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "ms": round(1000 * (time.perf_counter() - began), 1),
            }
            logger.info("answered", extra=facts)
        response["X-Request-ID"] = logs.cause.get() or ""
        return response

    return middleware


def refuse_unreadable(answer: Answer) -> Answer:
    """Refuse bodies that are too large, before any of it is read, and a NUL in the address or a cookie."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        digits = length.isascii() and length.isdigit()
        if not digits or has_nul(request):
            return errors.bad_request(request)
        if int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return errors.too_large(request)
        return answer(request)

    return middleware


def has_nul(request: HttpRequest) -> bool:
    """Whether the address or a cookie, where ``\\000`` between quotes stands for it, holds a NUL."""
    address = "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "")
    return address or any("\0" in value for value in request.COOKIES.values())


class RefuseNulBytes:
    """Refuse forms with a NUL in a value: PostgreSQL cannot store one, and no person types one.

    Runs once a view is chosen, so that the form's values are read no earlier than the CSRF check reads them.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, *args: object) -> HttpResponse | None:
        if request.method != "POST":
            return None
        texts = (text for name, values in request.POST.lists() for text in (name, *values))
        return errors.bad_request(request) if any("\0" in str(text) for text in texts) else None


def protect(answer: Answer) -> Answer:
    """Let no browser or proxy keep a page, and no page of another site embed or use ours.

    A view may say otherwise of its own answer. Files are answered before this.
    """
    always = {
        "Cache-Control": "no-store",
        "Permissions-Policy": settings.PERMISSIONS_POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
    }

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        for name, value in always.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def answer_head(answer: Answer) -> Answer:
    """Answer HEAD as GET, without the body, so that no view has to name both."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method != "HEAD":
            return answer(request)
        request.method = "GET"
        response = answer(request)
        request.method = "HEAD"
        setattr(response, "streaming_content" if response.streaming else "content", b"")
        return response

    return middleware


def end_old_sessions(answer: Answer) -> Answer:
    """End a sign-in after SESSION_LONGEST, and prolong one in use, writing at most every five minutes.

    Real time, not the demonstration's clock.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        session = request.session
        if auth.SESSION_KEY in session:
            now = timezone.now().timestamp()  # noqa: TID251
            if now - session.setdefault(SIGNED_IN_AT, now) > settings.SESSION_LONGEST.total_seconds():
                request.signed_in_until_now = session[auth.SESSION_KEY]  # type: ignore[attr-defined]
                auth.logout(request)
            elif now - session.get(SEEN_AT, 0) > RENEW_AFTER.total_seconds():
                session[SEEN_AT] = now
        return answer(request)

    return middleware


class NoteWhoChanges:
    """Let what a request changes in a planning carry who asked and the request's id; never an address.

    Asking for a page changes nothing, so it costs nothing there. Whoever came by a personal link is known only
    once the view is.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE:
            return self.answer(request)
        facts = {"request": logs.cause.get()}
        if settings.DEMO:
            facts["at"] = clock.now().isoformat()
        with pghistory.context(**facts):
            return self.answer(request)

    def process_view(self, request: HttpRequest, *args: object) -> None:
        if request.method not in SAFE and request.user.is_authenticated:
            pghistory.context(user=str(request.user.pk))


def read_clock(answer: Answer) -> Answer:
    def middleware(request: HttpRequest) -> HttpResponse:
        clock.read()
        return answer(request)

    return middleware
