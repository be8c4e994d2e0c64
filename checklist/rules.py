"""Who reads a checklist. A rule never raises."""

from accounts.models import Appointment, Institution, User
from programs.models import Group
from sessions import rules


def reads_as_member(user: User, group: Group) -> bool:
    """Only by their seat: without anything that says how many of them did what."""
    return not (rules.guides(user, group) or rules.runs(user, group))


def can_see_nights(user: User, institution: Institution | None) -> bool:
    """Whether ``user`` administers a house: sees how far a night is, and never a score."""
    return institution is not None and user.holds(Appointment.Role.ADMINISTRATOR, institution)
