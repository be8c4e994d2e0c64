"""Who may do what around sessions. A rule never raises.

What somebody is to a group is asked once where a page found it ``with_standing``.
"""

from typing import Any
from uuid import UUID

from accounts.models import Appointment, User
from intervision import clock
from programs import independence
from programs.models import Group, Membership, Program
from programs.rules import can_run
from sessions.models import LOG_OPEN, GroupSession, PrivateLine


def guides(user: User, group: Group) -> bool:
    return bool(standing(user, group)["guides"])


def runs(user: User, group: Group) -> bool:
    """Whether ``user`` coordinates the group's program today."""
    return bool(standing(user, group)["runs"])


def seat(user: User, group: Group) -> UUID | None:
    """The id of ``user``'s own seat in ``group``, paused or not."""
    found = standing(user, group)["seat"]
    return UUID(found) if found else None


def standing(user: User, group: Group) -> dict[str, Any]:
    """What ``user`` is to ``group``: as it was found with the group, otherwise asked now."""
    if group.standing and group.standing["user"] == str(user.pk):
        return group.standing
    found = Group.objects.with_standing(user).filter(pk=group.pk).first()
    return (found and found.standing) or {"guides": False, "runs": False, "seat": None}


def sees(user: User, group: Group) -> bool:
    """Whether ``group`` is among those its ``visible_to`` finds for ``user``."""
    return guides(user, group) or runs(user, group) or seat(user, group) is not None


def is_member(user: User, group: Group) -> bool:
    return Group.objects.joined_by(user).filter(pk=group.pk).exists()


def stands_in(user: User, session: GroupSession) -> bool:
    """Whether ``user`` is this session's substitute until its log closes, still appointed, and neither evaluates a
    member of the group nor runs its program.
    """
    if session.substitute_id != user.pk or can_run(user, session.group.program):
        return False
    if clock.now() >= session.ends_at + LOG_OPEN:
        return False
    house = session.group.program.institution
    return user.holds(Appointment.Role.INTERVISOR, house) and not evaluates_member(user, session)


def evaluates_member(user: User, session: GroupSession) -> bool:
    members = set(Membership.objects.live().filter(group=session.group_id).values_list("user", flat=True))
    on = session.group.program.institution.on_day(session.starts_at)
    return any(pair[0] == user.pk and pair[1] in members for pair in independence.evaluations([user.pk], on))


def can_add_session(user: User, group: Group) -> bool:
    """Whoever leads the group, and whoever runs the program, until that has ended."""
    over = group.program.stage in (Program.Stage.COMPLETED, Program.Stage.CANCELLED)
    return not over and (guides(user, group) or runs(user, group))


def can_change_session(user: User, session: GroupSession) -> bool:
    """Move, cancel, another room: whoever leads the group, and whoever runs the program."""
    return guides(user, session.group) or runs(user, session.group)


def can_log(user: User, session: GroupSession) -> bool:
    """Also who stood in: they were there. Never the coordinator."""
    return guides(user, session.group) or stands_in(user, session)


def may_read_line(user: User, line: PrivateLine) -> bool:
    """Whoever wrote it, and nobody else. The vault asks this before it opens."""
    return user.is_active and user.pk == line.vault.owner_id
