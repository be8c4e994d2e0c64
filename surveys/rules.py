"""Who answers, and who reads what was released. A rule never raises."""

from accounts.models import Appointment, Institution, User
from programs.models import Group, Membership
from sessions import rules
from surveys.models import Receipt, Window


def seat(user: User, window: Window) -> Membership | None:
    """The seat by which ``user`` may answer: in the group today, and not paused."""
    return Membership.objects.taking_part().filter(user=user, group=window.group_id).first()


def has_answered(user: User, window: Window) -> bool:
    """For ``user``'s own page only."""
    return Receipt.objects.filter(window=window, user=user).exists()


def can_read_group(user: User, group: Group) -> bool:
    """The group and its guides. Never the coordinator, nor who has a seat and has not said yes to it."""
    if rules.guides(user, group):
        return True
    return Membership.objects.seated().said_yes().filter(user=user, group=group).exists()


def can_read_house(user: User, institution: Institution) -> bool:
    """What all programs together said: the director's, and nobody else's."""
    return user.holds(Appointment.Role.DIRECTOR, institution)


def can_open_climate(user: User, institution: Institution) -> bool:
    """Who asks a house about its climate, and takes a round back."""
    return user.holds(Appointment.Role.COORDINATOR, institution)


def can_read_climate(user: User, institution: Institution) -> bool:
    """What was released of it; also to whoever was asked, by the link they got."""
    return can_open_climate(user, institution) or user.holds(Appointment.Role.DIRECTOR, institution)
