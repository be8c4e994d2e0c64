"""What a person who came by a personal link may reach: the views marked ``open_to_links``, and no other.

A narrow session is kept in the session's data, never as a sign-in: for every view that is not marked the
visitor is nobody, so a page forgotten here is closed.
"""

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.utils import timezone, translation

from accounts import author, once_more
from accounts.models import Institution, PersonalLink, RememberedDevice, User
from intervision import clock

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

NARROW = "narrow"
LASTS = dt.timedelta(minutes=30)
REMEMBERED_FOR = dt.timedelta(days=30)
DEVICE_COOKIE = "__Host-device" if settings.HTTPS else "device"

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Narrow:
    """Why somebody without a password is let in. The view asks whether what it shows belongs to it."""

    #: What the links of this person here are about: somebody who guides two groups came by one of each.
    about: frozenset[uuid.UUID]


class Request(HttpRequest):
    """What a view of ours gets: the middleware has let only a known person through."""

    user: User
    htmx: "HtmxDetails"
    narrow: Narrow | None
    institution: Institution | None
    must_enrol: bool


def open_to_links(*purposes: str) -> Callable[[View], View]:
    """Let a narrow session for one of ``purposes`` ("take_part", "guide") reach this view."""
    known = frozenset(PersonalLink.Purpose(purpose).value for purpose in purposes)

    def mark(view: View) -> View:
        view.open_to_links = known  # type: ignore[attr-defined]
        return view

    return mark


def still_you(view: View) -> View:
    """Ask first for password or second factor again, unless that was done in the last five minutes.

    Whoever has neither here is asked to sign in at their hospital again.
    For exports, feeds, roles, and whatever changes how somebody signs in. Not for views that are open to links.
    """
    guarded = cast(View, reauthentication_required(view, app="intervision"))

    @wraps(view)
    def asked(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.must_enrol:  # a role was given while this waited
            return redirect(request.path)
        if once_more.is_needed(request):
            raise ReauthenticationRequired
        return cast(HttpResponse, guarded(request, *args, **kwargs))

    return decided_now(waits_shortly(cast(View, asked)))


def waits_shortly(view: View) -> View:
    """What was sent to ``view``, and waits until somebody said that it is still them, then goes on, unless the
    page was opened anew or five minutes went by.
    """

    @wraps(view)
    def sent(request: Any, *args: Any, **kwargs: Any) -> Any:
        sent_at = request.META.get(once_more.SENT_AT)
        if sent_at and real_now().timestamp() - float(sent_at) > REAUTHENTICATION_TIMEOUT:
            return redirect(request.path)
        once_more.let_go(request)
        # What waits is kept with the session, without the browser's keys.
        request.META.pop("HTTP_COOKIE", None)
        request.META[once_more.SENT_AT] = str(real_now().timestamp())
        return view(request, *args, **kwargs)

    return cast(View, sent)


def hospital_first(view: View) -> View:
    """Over a page of allauth's that asks everybody but those who have no other way than their hospital.

    What these send meanwhile does not wait: there may be a password in it.
    """

    @wraps(view)
    def asked(request: Any, *args: Any, **kwargs: Any) -> Any:
        if once_more.is_needed(request):
            return once_more.ask(request.path)
        return view(request, *args, **kwargs)

    return waits_shortly(cast(View, asked))


def always_first(view: View) -> View:
    """Over the page of allauth's that gives somebody a first password, and asks nobody. What is sent never waits."""

    @wraps(view)
    def asked(request: Any, *args: Any, **kwargs: Any) -> Any:
        if once_more.is_needed(request) or is_reauthentication_required(request, app="intervision"):
            return once_more.ask_anyhow(request)
        return view(request, *args, **kwargs)

    return waits_shortly(cast(View, asked))


def decided_now(view: View) -> View:
    """Nothing that was sent to this view is kept until somebody signs in again: only who is there decides it."""
    view.decided_now = True  # type: ignore[attr-defined]
    return view


def real_now() -> dt.datetime:
    """Sessions keep real time, also in a demonstration."""
    return timezone.now()  # noqa: TID251


def begin(request: HttpRequest, link: PersonalLink) -> None:
    """Start a narrow session for ``link``, beside those of the same person and instead of anybody else's."""
    session = request.session
    known = session.get(NARROW, {})
    links = known.get("links", {}) if known.get("user") == str(link.user_id) else {}
    if auth.SESSION_KEY in session:
        auth.logout(request)
        links = {}
    forget_others(request, link.user_id)
    author.comes(request, link.user)
    request.session.cycle_key()
    rotate_token(request)
    until = (real_now() + LASTS).timestamp()
    request.session[NARROW] = {
        "user": str(link.user_id),
        "until": until,
        "links": links | {str(link.pk): link.counter},
    }


def open_links(request: HttpRequest, purposes: Collection[str]) -> list[PersonalLink]:
    """Those that let this visitor in, the newest first, of one person; none where there are none."""
    links = in_session(request.session, purposes) or on_device(request, purposes)
    return [link for link in links if link.user_id == links[0].user_id]


def in_session(session: SessionBase, purposes: Collection[str]) -> list[PersonalLink]:
    narrow: Mapping[str, Any] = session.get(NARROW) or {}
    if narrow.get("until", 0) <= real_now().timestamp():
        return []
    counters = narrow["links"]
    return [link for link in _open(purposes, pk__in=counters) if counters[str(link.pk)] == link.counter]


def on_device(request: HttpRequest, purposes: Collection[str]) -> list[PersonalLink]:
    key = request.COOKIES.get(DEVICE_COOKIE)
    if not key:
        return []
    kept = RememberedDevice.objects.filter(key_hash=hashed(key), expires_at__gt=real_now())
    return _open(purposes, pk__in=kept.values("link"))


def _open(purposes: Collection[str], **which: Any) -> list[PersonalLink]:
    links = PersonalLink.objects.filter(purpose__in=purposes, user__is_active=True, **which)
    return [link for link in links.order_by("-created_at") if link.is_open(clock.now())]


def hashed(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def remember(request: HttpRequest, response: HttpResponse, link: PersonalLink) -> None:
    """Let this device open ``link``'s purpose for thirty days; a device is one person's at a time."""
    key = request.COOKIES.get(DEVICE_COOKIE, "")
    mine = RememberedDevice.objects.filter(key_hash=hashed(key), link__user=link.user_id)
    if not mine.exists():
        forget(request)
        key = secrets.token_urlsafe(32)
    RememberedDevice.objects.update_or_create(
        key_hash=hashed(key), link=link, defaults={"expires_at": real_now() + REMEMBERED_FOR}
    )
    response.set_cookie(
        DEVICE_COOKIE, key, REMEMBERED_FOR, httponly=True, samesite="Lax", secure=settings.HTTPS
    )


def remembered(user: User) -> QuerySet[RememberedDevice]:
    """What browsers remember that ``user`` asked to: a row for each browser and link."""
    return RememberedDevice.objects.filter(link__user=user, expires_at__gt=real_now())


def forget(request: HttpRequest) -> None:
    """Let this device open nothing any more."""
    if key := request.COOKIES.get(DEVICE_COOKIE):
        RememberedDevice.objects.filter(key_hash=hashed(key)).delete()


def forget_others(request: HttpRequest, user: uuid.UUID) -> None:
    """Let this device open nothing of anybody but ``user``: when their session ends, it must not act for another."""
    if key := request.COOKIES.get(DEVICE_COOKIE):
        RememberedDevice.objects.filter(key_hash=hashed(key)).exclude(link__user=user).delete()


def forget_who_came_before(request: HttpRequest, user: User, **_kwargs: object) -> None:
    """At a sign-in: see ``forget_others``."""
    forget_others(request, user.pk)


def end(request: HttpRequest, response: HttpResponse) -> None:
    """End whatever session there is, and what this device remembers."""
    forget(request)
    response.delete_cookie(DEVICE_COOKIE, samesite="Lax")
    auth.logout(request)


def speak(request: HttpRequest, language: str) -> None:
    """Show this page in ``language``, the person's or the mail's that led here, unless this browser chose one."""
    if not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


def use_institution(request: HttpRequest, institution: Institution) -> None:
    """Show this page as ``institution``'s: its name, its help page and its time zone."""
    request.institution = institution  # type: ignore[attr-defined]
    timezone.activate(institution.zone)
