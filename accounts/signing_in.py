from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django.contrib import auth
from django.http import HttpRequest

from accounts.models import User


def sign_in(request: HttpRequest, user: User, method: str, **recorded: Any) -> None:
    """Sign ``user`` in outside of allauth's pages, with what those write down: how, and in the list of sign-ins."""
    auth.login(request, user, backend="accounts.backends.Backend")
    record_authentication(request, user, method, **recorded)
    UserSession.objects.create_from_request(request)
