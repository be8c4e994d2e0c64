"""Refusals a user can cause. A call that only a bug can make is a ValueError instead."""

from django.utils.translation import gettext_lazy as _


class ProgramsError(Exception):
    """Says what happened and what to do, in ``message``; nothing has been changed."""

    message = _("That could not be done. Nothing has been changed.")

    def __str__(self) -> str:
        return str(self.message)


class AlreadyLeft(ProgramsError):
    message = _("This person is no longer in the program. Nothing has been changed.")


class EvaluatorInGroup(ProgramsError):
    message = _(
        "Somebody who evaluates a member cannot be in, lead or run that member's group. "
        "Nothing has been changed: choose somebody else, or another group."
    )


class GroupClosed(ProgramsError):
    message = _("This group is closed: nobody joins it any more. Please choose another.")


class GroupFull(ProgramsError):
    message = _("This group has just been filled. Please choose another.")


class GroupWithoutGuide(ProgramsError):
    message = _("Nobody guides this group yet, so nobody joins it yet. Please choose another.")


class IntakeAlreadyBooked(ProgramsError):
    message = _("You have a time for the intake already. You can change it on your page.")


class IntakeTookPlace(ProgramsError):
    message = _("This intake took place already. Nothing has been changed.")


class JoiningOver(ProgramsError):
    message = _("Nobody can join this program by themselves now. Your coordinator can tell you more.")


class NoTimeReserved(ProgramsError):
    message = _("This time is no longer reserved for you. Please choose another.")


class NotTakingPart(ProgramsError):
    message = _(
        "This place is not open any more, so nothing has been changed. Your coordinator can tell you more."
    )


class OfferOver(ProgramsError):
    message = _("This place is no longer held for you. You can join another group, or wait again.")


class PersonBusy(ProgramsError):
    message = _("The guide has another appointment at that time.")


class RoomTaken(ProgramsError):
    message = _("The room is taken at that time.")


class SeatsFree(ProgramsError):
    message = _("There is a free place again. You can join now.")


class SlotHasSomebody(ProgramsError):
    message = _("Somebody has just taken this time, so it was not withdrawn.")


class SlotTaken(ProgramsError):
    message = _("This time was just taken. These are still free.")


class StaleGroup(ProgramsError):
    message = _("Somebody else has changed this group meanwhile. Both versions are below; nothing is lost.")


class StaleProgram(ProgramsError):
    message = _("Somebody else has changed this program meanwhile. Both versions are below; nothing is lost.")


class StaleText(ProgramsError):
    message = _("Somebody else has changed this text meanwhile. Both versions are below; nothing is lost.")


class TimesFree(ProgramsError):
    message = _("There are free times again. Please choose one.")


class GroupNotEmpty(ProgramsError):
    message = _("Somebody sits in this group, or did. Move its members first; nothing has been removed.")


class LeadAlready(ProgramsError):
    message = _("This group has a lead, or this person guides it already. Nothing has been changed.")


class NothingToUndo(ProgramsError):
    message = _("Something else has changed since, so this cannot be taken back any more.")


class ImportStored(ProgramsError):
    message = _("This list has been stored already. Nothing has been changed.")


class ImportHasQuestions(ProgramsError):
    message = _("First say for each pair whether it is one person or two. Nothing has been stored.")


class InvitationsOut(ProgramsError):
    message = _(
        "Invitations to these people have gone out, so this cannot be undone any more. "
        "You can still take out single people."
    )


class AlreadyInvited(ProgramsError):
    message = _("This person has been invited already. Use “leave” on their page instead.")


class NotReady(ProgramsError):
    message = _("Something still stands in the way. Nothing has been sent or changed.")


class StageMoved(ProgramsError):
    message = _("Somebody has moved this program to another stage meanwhile. Nothing has been changed.")


class ReasonsMissing(ProgramsError):
    message = _("Say for each condition that is not met why it is so here. Nothing has been sent or changed.")


class WarningsUnseen(ProgramsError):
    message = _("Say in one line why you go on in spite of what is listed. Nothing has been sent or changed.")


class LastCoordinator(ProgramsError):
    message = _("Somebody has to coordinate the program. Add another coordinator first.")


class ProgramOver(ProgramsError):
    message = _("This program has ended, so nobody is added to it any more. Nothing has been changed.")


class CoordinatesTheProgram(ProgramsError):
    message = _(
        "Whoever coordinates a program does not guide a group of it: a coordinator sees counts, a guide sees "
        "who was there. Nothing has been changed: choose somebody else."
    )


class TooManyGoals(ProgramsError):
    message = _("You have five goals already. Remove one first; what you typed is still here.")
