"""Who reads a checklist. A rule never raises."""

from accounts.models import User
from programs.models import Group, Program


def can_read_group(user: User, group: Group) -> bool:
    """Those who run the program, and whoever guides the group today."""
    return guides(user, group) or Program.objects.coordinated_by(user).filter(pk=group.program_id).exists()


def guides(user: User, group: Group) -> bool:
    return Group.objects.guided_by(user).filter(pk=group.pk).exists()
