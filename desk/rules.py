"""Who may see what on the desk. A rule never raises."""

from accounts.models import Appointment, Institution, User


def can_oversee(user: User, institution: Institution | None) -> bool:
    """Whether ``user`` directs the house: sees counts of all its programs, never a group or a person."""
    return institution is not None and user.holds(Appointment.Role.DIRECTOR, institution)


def can_see_purges(user: User, institution: Institution | None) -> bool:
    """Whether ``user`` administers a house: sees how much was let go of, never of whom."""
    return institution is not None and user.holds(Appointment.Role.ADMINISTRATOR, institution)
