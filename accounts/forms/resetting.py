import time
from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

#: Seconds; more than writing the message takes.
LASTS = 0.4


class AskForPasswordForm(ResetPasswordForm):
    """Takes as long for an address that nobody has as for somebody's, so that the time tells nobody who is known."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        began = time.monotonic()
        email = super().save(request, **kwargs)
        time.sleep(max(0.0, LASTS - (time.monotonic() - began)))
        return str(email)
