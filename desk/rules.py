"""Who may see what on the desk. A rule never raises."""

from accounts.models import Appointment, Institution, User

Role = Appointment.Role


def can_oversee(user: User, institution: Institution | None) -> bool:
    """Whether ``user`` directs the house: sees counts of all its programs, never a group or a person."""
    return institution is not None and user.holds(Role.DIRECTOR, institution)


def can_see_purges(user: User, institution: Institution | None) -> bool:
    """Whether ``user`` administers a house, or watches over it: sees how much was let go of, never of whom.

    Of no house nobody does: each appointment has one.
    """
    watching = user.appointments.current().filter(role__in=(Role.ADMINISTRATOR, Role.PRIVACY))
    return watching.filter(institution=institution).exists()


def can_set_periods(user: User, institution: Institution) -> bool:
    """Whether ``user`` administers the house, and so says how long it keeps things."""
    return user.holds(Role.ADMINISTRATOR, institution)


def can_see_opened(user: User) -> bool:
    """Whether ``user`` watches over some house as its privacy officer."""
    return user.appointments.watching().exists()
