from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AccountsError(Exception):
    """A refusal that a person can cause; its text is for them and nothing has been changed."""

    message: str | Promise = ""

    def __str__(self) -> str:
        return str(self.message)


class InvitationOver(AccountsError):
    message = _("This invitation has been used, or its time is over.")


class NotIndependent(AccountsError):
    message = _(
        "The independent person is never a coordinator or a director. Choose somebody else, or end that role first."
    )


class Watched(AccountsError):
    message = _(
        "The privacy officer is never a coordinator, guide, director or administrator. "
        "Choose somebody else, or end that role first."
    )


class PeriodRefused(AccountsError):
    message = _("A period is never longer than the table says, and never shorter than its least.")


class LastOfRole(AccountsError):
    message = _("Nobody else could see to the institution then. Appoint somebody first.")


class LastAdministrator(AccountsError):
    message = _("Nobody could appoint an administrator here then. Give somebody else that role first.")


class TooLateToResume(AccountsError):
    message = _("That role ended on an earlier day. Appoint the person again.")


class StaleInstitution(AccountsError):
    message = _("Somebody else has changed this meanwhile. Both versions are below; nothing is lost.")
