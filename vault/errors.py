from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _


class VaultError(Exception):
    """Why something sealed was not opened or sealed; ``str()`` is the sentence for a person."""

    message: str | LazyText = _("This text cannot be opened now.")

    def __str__(self) -> str:
        return str(self.message)


class CannotOpen(VaultError):
    """The key is missing or wrong, or the sealed text was changed. Says nothing of what is inside.

    ``why`` is for the log: a fixed word, never a key and never content.
    """

    def __init__(self, why: str = "") -> None:
        super().__init__(why)
        self.why = why


class MayNotRead(VaultError, PermissionDenied):
    """The rule of the room says no; an answer of 403 where a view does not catch it."""

    message = _("You may not read this text.")
