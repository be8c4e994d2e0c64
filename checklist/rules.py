"""Who reads a checklist. A rule never raises."""

from accounts.models import User
from programs.models import Group
from sessions import rules


def can_read_group(user: User, group: Group) -> bool:
    """Those who run the program, and whoever guides the group today."""
    return rules.guides(user, group) or rules.runs(user, group)
