from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class OutboxError(Exception):
    """A refusal that a person can cause; its text is for them."""

    message: str | Promise = ""

    def __str__(self) -> str:
        return str(self.message)


class NothingToTryAgain(OutboxError):
    message = _("This message is on its way already, or is no longer needed.")
