"""The second factor: who must have one, and whether a sign-in was made with one.

allauth can ask for a second factor and cannot require one, so ``accounts.middleware.RequireSecondFactor`` does.
What a sign-in was made with stands in its session, written by allauth; asking it costs no query.
"""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import clear_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User

#: What the demonstration's role buttons are recorded as; it counts nowhere else.
DEMONSTRATION = "demonstration"
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

#: Where somebody gets to who must have a second factor and came without one: to setting one up or showing it, to
#: the hospital and back when that asks who it is, away, and to help. Nothing else, so a page forgotten here is closed.
WITHOUT_SECOND_FACTOR = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_reauthenticate",
        "hospital_again",
        "openid_connect_callback",
        "saml_acs",
        "saml_finish_acs",
        "socialaccount_login_cancelled",
        "account_logout",
        "accounts:signed-out",
        "accounts:help",
        "accounts:help-list",
        "set_language",
        "theme",
        "alive",
        "ready",
        "demo:sign-in",
    }
)


def required_of(user: User) -> bool:
    """Whoever holds a role in a house, which ``with_house`` has found, or has a password too short to stand alone."""
    return bool(user.roles) or user.short_password


def passed(request: HttpRequest) -> bool:
    """Whether this sign-in was made, or later confirmed, with a second factor.

    The hospital's own sign-in is one where it says that it asks for one itself (HOSPITAL_SECOND_FACTOR).
    """
    counts = {"mfa": True, DEMONSTRATION: settings.DEMO, "socialaccount": settings.HOSPITAL_SECOND_FACTOR}
    return any(counts.get(record["method"]) for record in get_authentication_records(request, request.user))


def has_one(user: User) -> bool:
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=KINDS).exists())


def record_added(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Setting a factor up proved that one has it; without this the page after it would ask again."""
    if authenticator.type in KINDS:
        proven = {"id": authenticator.pk, "type": authenticator.type, "reauthenticated": True}
        record_authentication(request, user, "mfa", **proven)


def record_removed(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """A sign-in made with a factor that is gone proves nothing any more, here or at another browser."""
    clear_authentication_records(request)
    end_sign_ins(user, but=request.session.session_key)


def end_sign_ins(user: User, *, but: str | None = None) -> None:
    for session in UserSession.objects.filter(user_id=user.pk).exclude(session_key=but):
        session.end()
