from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment


class StillInOffice(Exception):
    """Somebody with a role cannot be erased: others depend on it. Nothing has been changed."""

    message = _("You still hold a role. It has to end first.")

    def __init__(self, roles: Sequence[Appointment]) -> None:
        self.roles = roles

    def __str__(self) -> str:
        return str(self.message)
