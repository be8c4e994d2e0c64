"""One connection for many e-mails, opened when the first is ready and again when the server hangs up."""

import smtplib
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from django.core.mail import EmailMessage, get_connection


class Line:
    """A line that fails before any mail passed over it is left alone until the next tick."""

    def __init__(self) -> None:
        self.is_usable = True
        #: The last failure came before the server was reached, so no message has been tried.
        self.never_opened = False
        #: The last message that failed may have been taken by the server all the same.
        self.in_doubt = False
        self._backend: Any = None
        self._passed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, email: EmailMessage) -> None:
        """Hand over ``email``; raises whatever the server or the network did about it.

        A server that hung up after earlier mails, before it saw this one, is called once more.
        """
        was_used = self._backend is not None
        try:
            self._hand_over(email)
        except smtplib.SMTPServerDisconnected:
            if self.in_doubt or not was_used:
                raise
            self._hand_over(email)

    def _hand_over(self, email: EmailMessage) -> None:
        self.in_doubt = self.never_opened = False
        if self._backend is None:
            self._open()
        try:
            self._backend.send_messages([email])
        except Exception:
            self.in_doubt = getattr(self._backend, "in_doubt", True)
            if not getattr(self._backend, "is_open", True):
                self.is_usable = self._passed > 0
                self._hang_up()
            raise
        self._passed += 1

    def _open(self) -> None:
        try:
            backend = get_connection()
            backend.open()
        except Exception:
            self.never_opened, self.is_usable = True, False
            raise
        self._backend, self._passed = backend, 0

    def _hang_up(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            with suppress(smtplib.SMTPException, OSError):
                backend.close()
