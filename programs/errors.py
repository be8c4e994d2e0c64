"""Refusals a user can cause. A call that only a bug can make is a ValueError instead."""

from django.utils.translation import gettext_lazy as _


class ProgramsError(Exception):
    """Says what happened and what to do, in ``message``; nothing has been changed."""

    message = _("That could not be done. Nothing has been changed.")

    def __str__(self) -> str:
        return str(self.message)


class EvaluatorInGroup(ProgramsError):
    message = _(
        "Somebody who evaluates a member cannot be in, lead or run that member's group. "
        "Nothing has been changed: choose somebody else, or another group."
    )


class GroupFull(ProgramsError):
    message = _("This group has just been filled. Please choose another.")


class StaleProgram(ProgramsError):
    message = _("Somebody else has changed this program meanwhile. Both versions are below; nothing is lost.")


class GroupClosed(ProgramsError):
    message = _("This group is closed: nobody joins it any more. Please choose another.")


class AlreadyLeft(ProgramsError):
    message = _("This person is no longer in the program. Nothing has been changed.")


class StaleText(ProgramsError):
    message = _("Somebody else has changed this text meanwhile. Both versions are below; nothing is lost.")
