from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ConcernsError(Exception):
    """A refusal that a person can cause; its text is for them and nothing has been changed."""

    message: str | Promise = ""

    def __str__(self) -> str:
        return str(self.message)


class ReportMoved(ConcernsError):
    message = _(
        "Somebody else has taken this step meanwhile. Below is how it stands now; nothing was changed."
    )


class RepairUnsaid(ConcernsError):
    message = _("Tick at least one thing that was done to repair it.")
