"""Django's SMTP connection, which also knows whether the server may have taken what it did not answer."""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class _Conversation(smtplib.SMTP):
    #: The server asked for the text (354) and has not answered since: whatever happens now, it may have it.
    in_doubt = False

    def getreply(self) -> tuple[int, bytes]:
        code, text = super().getreply()
        self.in_doubt = code == 354
        return code, text


class _SecureConversation(_Conversation, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SecureConversation if self.use_ssl else _Conversation

    @property
    def in_doubt(self) -> bool:
        """Whether the message in hand when the last error came may have been taken all the same."""
        conversation: Any = self.connection
        return conversation is not None and conversation.in_doubt

    @property
    def is_open(self) -> bool:
        """Whether the server is still on the line after an error: it said no to one message only."""
        conversation: Any = self.connection
        return conversation is not None and conversation.sock is not None
