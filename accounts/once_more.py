"""Whoever signs in only at their hospital says there, once more, that it is still them.

allauth asks this of nobody who has neither password nor second factor here, so we do. The way there and back is
allauth's; what is ours is that the hospital is told to ask again, and that only the same person comes back from it.
Signing in does not count as having been asked, as with a password: a hospital may let in whoever sits there.
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests
from allauth.account.adapter import get_adapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import (
    STATE_SESSION_KEY,
    get_reauthentication_flows,
    stash_and_reauthenticate,
)
from allauth.socialaccount.internal.flows.connect import resume_connect
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess, Provider
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from allauth.socialaccount.providers.saml.utils import build_auth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import author, saml_metadata
from accounts.models import User

#: The name of our page, and of this way among allauth's.
PAGE = "hospital_again"
#: When a form was sent that waits until somebody said that it is still them.
SENT_AT = "intervision.sent_at"
#: In the state kept for one way there and back: who was asked, and when.
ASKED, ASKED_AT = "still you", "asked at"
#: Seconds by which a hospital's clock may be behind ours.
CLOCKS = 60
#: For OpenID Connect: let nobody through who only sits where somebody signed in before.
AFRESH = {"prompt": "login", "max_age": "0"}
#: What looking for a provider raises that is away, or that says nothing sensible.
AWAY = (requests.RequestException, ValueError, LookupError)


@dataclass(frozen=True, slots=True)
class Way:
    provider: str
    name: str


def ways_of(user: User) -> list[Way]:
    """The hospitals, of those set up here, at which ``user`` has an account."""
    apps = [app for provider in settings.SOCIALACCOUNT_PROVIDERS.values() for app in provider["APPS"]]
    names = {app["provider_id"]: app["name"] for app in apps}
    found = SocialAccount.objects.filter(user=user.pk, provider__in=names).order_by("provider")
    return [Way(provider, names[provider]) for provider in found.values_list("provider", flat=True)]


def is_needed(request: Any) -> bool:
    """Whether this person has no other way to say that it is still them, and did not say so lately."""
    user = request.user
    return bool(ways_of(user)) and not (get_reauthentication_flows(user) or is_proven(request))


def is_proven(request: HttpRequest) -> bool:
    """Whether somebody said in the last five minutes that it is still them, in whatever way."""
    said = [
        each["at"]
        for each in get_authentication_records(request, request.user)
        if each.get("reauthenticated")
    ]
    return bool(said) and author.now() - said[-1] < REAUTHENTICATION_TIMEOUT


def ask(onward: str) -> HttpResponse:
    """To the page that asks, to come back to ``onward``; nothing waits."""
    return redirect(f"{reverse(PAGE)}?{urlencode({'next': onward})}")


def ask_anyhow(request: HttpRequest) -> HttpResponse:
    """To the page that asks in the first way there is for this person, to come back to this one; nothing waits."""
    first = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
    return redirect(f"{first}?{urlencode({'next': request.path})}")


def waits(request: HttpRequest) -> bool:
    """Whether something was sent that goes on when it is still them."""
    return "request" in (request.session.get(STATE_SESSION_KEY) or {})


def waited_too_long(request: HttpRequest) -> bool:
    """Whether that was more than five minutes ago."""
    if not waits(request):
        return False
    sent_at = json.loads(request.session[STATE_SESSION_KEY]["request"])["META"].get(SENT_AT, 0)
    return is_over(float(sent_at))


def is_over(sent_at: float) -> bool:
    """Whether what was sent then has waited too long."""
    return author.now() - sent_at > float(REAUTHENTICATION_TIMEOUT)


def let_go(request: HttpRequest) -> None:
    request.session.pop(STATE_SESSION_KEY, None)


def leave(request: HttpRequest, provider: Provider, onward: str) -> HttpResponse:
    """Send somebody to sign in at their hospital once more; a page instead, when it is away."""
    data = {ASKED: str(request.user.pk), ASKED_AT: author.now()}
    there = leave_by_saml if provider.id == SAMLProvider.id else leave_by_openid
    try:
        return there(request, provider, onward, data)
    except AWAY:
        return said(request, "away", onward=onward, status=503)


def leave_by_openid(request: HttpRequest, provider: Any, onward: str, data: dict[str, Any]) -> HttpResponse:
    response: HttpResponse = provider.redirect(
        request, AuthProcess.REDIRECT, onward, data, auth_params=AFRESH
    )
    return response


def leave_by_saml(request: HttpRequest, provider: Any, onward: str, data: dict[str, Any]) -> HttpResponse:
    """allauth's ``redirect``, which cannot say that the hospital must ask again."""
    if not saml_metadata.are_there(provider.app.settings["idp"]):
        raise LookupError
    auth = build_auth(request, provider)
    address = auth.login(return_to="", force_authn=True)
    number = auth.get_last_request_id()
    provider.stash_redirect_state(request, AuthProcess.REDIRECT, onward, data, state_id=number)
    return redirect(address)


def comes_back(request: HttpRequest, login: SocialLogin) -> HttpResponse:
    """Of the one who was asked, and of nobody else, it is written down; nobody is signed in by this."""
    asked, onward = login.state["data"], login.state["next"]
    if not is_same(request, login, asked[ASKED]):
        let_go(request)
        return said(request, "other", status=409)
    if not is_afresh(login.said_at, asked[ASKED_AT]):
        return said(request, "before", onward=onward, status=403)
    note(request, request.user, login)
    return ask(onward) if waits(request) else redirect(onward)


def hold_link(request: HttpRequest, login: SocialLogin) -> HttpResponse:
    """Let an account there wait to be linked until somebody said here that it is still them.

    allauth's own wait has no end: at an open screen somebody could leave an account of theirs to be linked later.
    """
    held = {"login": login.serialize(), "sent_at": author.now()}
    response: HttpResponse = stash_and_reauthenticate(request, held, f"{__name__}.{link_held.__name__}")
    return response


def link_held(request: HttpRequest, held: dict[str, Any]) -> HttpResponse:
    """Called by allauth once they said so."""
    if is_over(held["sent_at"]):
        return said(request, "over", status=200)
    response: HttpResponse = resume_connect(request, held["login"])
    return response


def note(request: HttpRequest, user: Any, login: SocialLogin) -> None:
    """That ``user`` said just now that it is them, by this account."""
    known = {"provider": login.account.provider, "uid": login.account.uid}
    record_authentication(request, user, "socialaccount", reauthenticated=True, **known)


def is_same(request: HttpRequest, login: SocialLogin, asked: str) -> bool:
    """Whether the account there belongs to who was asked, and that is who is signed in here."""
    return str(request.user.pk) == asked == str(login.account.user_id)


def is_afresh(said_at: float | None, asked_at: float) -> bool:
    """Whether somebody signed in there since we asked, seconds of real time; one that never tells is believed."""
    return said_at is None or said_at >= asked_at - CLOCKS


def said_at(told: dict[str, Any]) -> float | None:
    """When somebody signed in there, as the hospital told it; None where it does not tell."""
    moment = told.get("said_at", (told.get("id_token") or {}).get("auth_time"))
    if moment is None:
        return None
    try:
        return float(moment)
    except (TypeError, ValueError):
        return 0.0  # told, and no moment: not lately


def said(request: HttpRequest, state: str, *, onward: str = "/", status: int) -> HttpResponse:
    """Why nothing was done; ``state`` is "other", "before", "away" or "over"."""
    context = {"state": state, "again": f"{reverse(PAGE)}?{urlencode({'next': onward})}"}
    return render(request, "account/hospital_again_stopped.html", context, status=status)
