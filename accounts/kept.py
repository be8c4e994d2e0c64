"""What somebody typed when their sign-in had run out: it travels in their own page, sealed, and nowhere else.

Nothing of it is stored. Only the same person, signed in again, can send it on: within half a day, once, and to the
address it was typed for.
"""

import datetime as dt
import json
import re
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from accounts import access, author, factors
from accounts.models import User
from vault import CannotOpen, secrets

#: The one field of the page that keeps what was typed.
FIELD = "typed_before"
MARK = "typed before"
#: How long the page can be sent on.
LASTS = dt.timedelta(hours=12)
#: How somebody signs in is never kept, and not what only proves that a form is ours.
NEVER = ("password", "code", "csrfmiddlewaretoken", FIELD)
#: What a button or a tick sends, and not a person's hand: the number of a row, the moment it was read, "on".
BY_ITSELF = re.compile(r"on|\d{4}-\d\d-\d\dT.*|[0-9a-f]{8}-[0-9a-f-]{27}|")
#: From here on a value is shown again as a text of somebody's own.
A_TEXT = 12


@dataclass(frozen=True, slots=True)
class Typed:
    who: str
    path: str
    since: float
    nonce: str
    fields: list[tuple[str, str]]

    @property
    def is_over(self) -> bool:
        return self.since + LASTS.total_seconds() < access.real_now().timestamp()

    @property
    def key(self) -> str:
        """Under which it is noted, for as long as the page lasts, that it was sent: of the text it says nothing."""
        return f"{FIELD}.{self.nonce}"

    @property
    def texts(self) -> list[str]:
        """What was written, without ticks and choices."""
        return [value for _name, value in self.fields if len(value) >= A_TEXT and " " in value.strip()]

    @property
    def post(self) -> QueryDict:
        return QueryDict(urlencode(self.fields), encoding="utf-8")


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """The posted fields worth keeping; none of a form with a file, or in which nobody filled in anything."""
    if request.FILES:
        return []
    fields = [
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if not any(word in name for word in NEVER)
    ]
    return fields if any(not BY_ITSELF.fullmatch(value) for _name, value in fields) else []


def seal(request: HttpRequest, who: str) -> str:
    """Posted fields, closed to everybody but ``who`` by us; empty when there is nothing to keep, or no key for it."""
    fields = typed_in(request)
    since, nonce = access.real_now().timestamp(), uuid.uuid4().hex
    try:
        return secrets.seal(json.dumps([MARK, who, request.path, since, nonce, fields])) if fields else ""
    except CannotOpen:
        return ""


def opened(request: HttpRequest) -> Typed | None:
    """What a page of ours kept for this address; None for anything else."""
    try:
        mark, who, path, since, nonce, fields = json.loads(secrets.open(request.POST.get(FIELD, "")))
    except (CannotOpen, ValueError, TypeError):
        return None
    ours = mark == MARK and path == request.path
    return Typed(who, path, since, nonce, [(name, value) for name, value in fields]) if ours else None


def take(typed: Typed) -> bool:
    """Whether this is the first time it is sent; noted, so that of two at the same moment one goes on."""
    return cache.add(typed.key, True, LASTS.total_seconds())


def give_back(typed: Typed) -> None:
    """Let it be sent again, as it was not saved."""
    cache.delete(typed.key)


def stopped(request: HttpRequest, typed: Typed) -> HttpResponse | None:
    """The page for whoever cannot send this: too late, not signed in, or somebody else's. None for its author."""
    if typed.is_over:
        return page(request, "", state="over")
    if not is_signed_in(request):
        return page(request, request.POST[FIELD], state="ended")
    return None if str(request.user.pk) == typed.who else page(request, "", state="other")


def whose(request: HttpRequest) -> str | None:
    """Id of whoever this browser's run-out session belonged to. A session that was ended, not run out, names nobody.

    Where another page has taken the session's cookie away already, the mark of who signed in here last tells.
    """
    known = getattr(request, "signed_in_until_now", None) or _of_session(request)
    if not request.COOKIES.get(settings.SESSION_COOKIE_NAME):
        known = author.of(request)
    active = known and User.objects.filter(pk=known, is_active=True).exists()
    return str(known) if active else None


def _of_session(request: HttpRequest) -> Any:
    narrow = request.session.get(access.NARROW)
    if narrow:
        return narrow["user"] if narrow["until"] <= access.real_now().timestamp() else None
    row = Session.objects.filter(session_key=request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")).first()
    held = row.get_decoded() if row else {}
    return held.get(auth.SESSION_KEY) or (held.get(access.NARROW) or {}).get("user")


def is_sent_by_page(request: HttpRequest) -> bool:
    """Whether the browser itself goes to the answer, so that a page helps; scripts keep what they send themselves."""
    by_script = request.headers.get("HX-Request") == "true"
    return not by_script and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def page(request: HttpRequest, sealed: str, *, state: str, typed: Typed | None = None) -> HttpResponse:
    """The page that keeps it; ``state`` is "ended", "again", "other", "over" or "sent".

    Shows the text itself only to its author.
    """
    context = {"sealed": sealed, "state": state, "typed": typed, "field": FIELD}
    return render(request, "accounts/kept.html", context, status=403)


def after_stale_token(request: HttpRequest) -> HttpResponse | None:
    """Signing in anew gives forms a new token, so a kept page that comes back has an old one: it gets the new one.

    Nothing is done yet; what is not of ours is refused as ever.
    """
    typed = opened(request) if request.method == "POST" and FIELD in request.POST else None
    if typed is None:
        return None
    came_by_link = (request.session.get(access.NARROW) or {}).get("user") == typed.who
    if came_by_link and not (typed.is_over or request.user.is_authenticated):
        return page(request, request.POST[FIELD], state="again")
    if cache.get(typed.key):
        return stopped(request, typed) or page(request, "", state="sent")
    return stopped(request, typed) or page(request, request.POST[FIELD], state="again", typed=typed)


def is_signed_in(request: HttpRequest) -> bool:
    """Signed in whole, or by a link that opens this: not with the second factor still to come."""
    user = request.user
    if not user.is_authenticated:
        return False
    narrow = getattr(request, "narrow", None)
    return narrow is not None or not factors.required_of(user) or factors.passed(request)
