"""Refusals a user can cause around sessions; nothing has been changed when one is raised."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from programs.errors import ProgramsError


class SessionsError(ProgramsError):
    pass


class AlreadyOver(SessionsError):
    message = _("This session is over already. Nothing has been changed.")


class DatesTaken(SessionsError):
    """``refused`` names each date that the database refused and why."""

    message = _("Some of these dates are taken. Nothing has been saved; change them and save again.")

    def __init__(self, refused: Sequence[tuple[dt.datetime, str]] = ()) -> None:
        super().__init__()
        self.refused = tuple(refused)


class GuideBusy(SessionsError):
    message = _("The guide has another appointment at that time. Nothing has been changed.")


class LogClosed(SessionsError):
    message = _("This log is closed: it can be changed until 14 days after the session.")


class NotAMember(SessionsError):
    message = _("You are not in this group on that day, so nothing has been changed.")


class NotYet(SessionsError):
    message = _("This session has not begun yet. You can log it from its start.")


class PeopleTold(SessionsError):
    message = _(
        "People were told already, so this cannot be taken back. Nothing has been changed: move the session, "
        "or plan one more."
    )


class QuestionsClosed(SessionsError):
    message = _("These questions are closed. Nothing has been changed.")


class RoomBusy(SessionsError):
    message = _("The room is taken at that time. Nothing has been changed.")


class SeriesAnnounced(SessionsError):
    message = _("These dates have been told to people. Change them one by one, so that everybody is told.")


class SessionChanged(SessionsError):
    message = _("Somebody else has changed this session meanwhile. Both versions are below; nothing is lost.")


class SessionCancelled(SessionsError):
    message = _("This session is cancelled. Nothing has been changed.")


class SessionsRemain(SessionsError):
    """``reasons`` say what is left."""

    message = _("The program cannot be completed yet.")

    def __init__(self, reasons: Sequence[str] = ()) -> None:
        super().__init__()
        self.reasons = tuple(reasons)

    def __str__(self) -> str:
        return " ".join([str(self.message), *self.reasons])


class SubstituteEvaluates(SessionsError):
    message = _(
        "This person supervises or assesses a member of the group, so they cannot stand in. "
        "Nothing has been changed: choose somebody else."
    )
