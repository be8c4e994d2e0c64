"""How the tests sign people in without the sign-in pages, and sign in through them."""

import time
from typing import Any

from allauth.account.internal.flows.login import clear_authentication_records, record_authentication
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.test import Client

from accounts.models import User


def with_both_factors(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """``Client.force_login`` stands for a sign-in with password and second factor; pages send a WSGIRequest."""
    if type(request) is HttpRequest:
        record_authentication(request, user, "mfa", type="totp")


def stand_for_both_factors() -> None:
    user_logged_in.connect(with_both_factors, dispatch_uid="with_both_factors")


def with_password_only(client: Client, user: User) -> Client:
    """Signed in, but with a password alone."""
    client.force_login(user)
    session = client.session
    request = HttpRequest()
    request.session = session
    clear_authentication_records(request)
    session.save()
    return client


def code_for(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
