"""Who signed in or came by a link last in this browser: a mark that outlives the session, which one look at another
page after its end takes away.

It reads nothing and opens nothing. With it, what somebody still sends can be locked for them alone: see ``kept``.
Whoever comes next takes it over, and signing out clears it.
"""

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from vault import CannotOpen, secrets

COOKIE = "__Host-author" if settings.HTTPS else "author"
MARK = "who types here"
#: The longest sign-in, and the night after it.
LASTS = dt.timedelta(hours=24)


def now() -> float:
    """Real time, as sessions have it."""
    return timezone.now().timestamp()  # noqa: TID251


def comes(request: HttpRequest | None, user: User, **_kwargs: object) -> None:
    """At a sign-in, also by a link: from here on this browser is ``user``'s."""
    note(request, str(user.pk))


def leaves(request: HttpRequest | None, **_kwargs: object) -> None:
    """At a sign-out: nobody's."""
    note(request, "")


def ended(request: HttpRequest) -> None:
    """Where this browser's session was ended, and did not run out: nobody's from here on."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not key or request.session.session_key or getattr(request, "signed_in_until_now", None):
        return
    if not Session.objects.filter(session_key=key).exists():
        note(request, "")


def note(request: HttpRequest | None, who: str) -> None:
    if request is not None:
        request.author = who  # type: ignore[attr-defined]


def answered(request: Any, response: HttpResponse) -> None:
    """Give or take the mark along with the answer to a sign-in or a sign-out."""
    if request.author:
        until = now() + LASTS.total_seconds()
        try:
            mark = secrets.seal(json.dumps([MARK, request.author, until]))
        except CannotOpen:  # without its key nothing is kept for anybody, and signing in goes on
            return
        response.set_cookie(COOKIE, mark, LASTS, httponly=True, samesite="Lax", secure=settings.HTTPS)
    elif request.author == "":
        response.delete_cookie(COOKIE, samesite="Lax")


def of(request: HttpRequest) -> str | None:
    """The id in this browser's mark; None without one that is ours and of the last day."""
    try:
        mark, who, until = json.loads(secrets.open(request.COOKIES.get(COOKIE, "")))
    except (CannotOpen, ValueError, TypeError):
        return None
    return who if mark == MARK and now() < until else None
