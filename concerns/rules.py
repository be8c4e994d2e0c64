"""Who may do what with reports. A rule never raises."""

from accounts.models import Appointment, User
from concerns.models import LeakReport, groups_to_report_about
from programs.models import Group


def can_report(user: User, group: Group) -> bool:
    """Whoever is or was in the group or guides it; never who only runs its program."""
    return groups_to_report_about(user).filter(pk=group.pk).exists()


def can_look_after(user: User) -> bool:
    """Whether ``user`` is the independent person of a house today."""
    return user.appointments.current().filter(role=Appointment.Role.INDEPENDENT).exists()


def can_look_into(user: User, report: LeakReport) -> bool:
    """The independent person of the house, as long as they are independent of this group too."""
    return LeakReport.objects.to_look_into_by(user).filter(pk=report.pk).exists()
