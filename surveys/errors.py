"""Refusals a person can cause by answering; nothing has been changed when one is raised."""

from django.utils.translation import gettext_lazy as _

from programs.errors import ProgramsError


class SurveysError(ProgramsError):
    pass


class AnsweredAlready(SurveysError):
    message = _("You have answered these questions already. Your first answers count.")


class BadAnswers(SurveysError):
    message = _("Choose one of the five answers for each question. Nothing has been saved.")


class AskedRecently(SurveysError):
    message = _("One of these departments was asked less than half a year ago. Nobody has been written to.")


class NobodyToAsk(SurveysError):
    message = _(
        "In none of these groups are there enough people to show anything. Nobody has been written to."
    )


class RoundRunning(SurveysError):
    message = _("The climate is being asked already. A next round can begin when that one has closed.")


class NotAsked(SurveysError):
    message = _("These questions are not for you, so nothing has been saved.")


class NotOpen(SurveysError):
    message = _("These questions cannot be answered now, so nothing has been saved.")
