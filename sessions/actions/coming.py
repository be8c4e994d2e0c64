"""A member says beforehand that they cannot come, or can after all. No reason is asked."""

from django.db import transaction

from intervision import clock
from programs.models import Membership
from sessions.errors import AlreadyOver, NotAMember, SessionCancelled
from sessions.models import Attendance, GroupSession


@transaction.atomic
def cannot_come(session: GroupSession, membership: Membership) -> Attendance:
    """Raises AlreadyOver from the session's start on, SessionCancelled, NotAMember. May run twice."""
    _check(session, membership)
    row, _ = Attendance.objects.update_or_create(
        session=session, membership=membership, defaults={"state": Attendance.State.EXCUSED}
    )
    return row


@transaction.atomic
def can_come(session: GroupSession, membership: Membership) -> None:
    """Take "I cannot come" back. Raises as ``cannot_come`` does."""
    _check(session, membership)
    Attendance.objects.filter(session=session, membership=membership, state=Attendance.State.EXCUSED).delete()


def _check(session: GroupSession, membership: Membership) -> None:
    locked = GroupSession.objects.select_for_update().get(pk=session.pk)
    if locked.is_cancelled:
        raise SessionCancelled
    if locked.starts_at <= clock.now() or not locked.is_open:
        raise AlreadyOver
    on = membership.program.institution.on_day(locked.starts_at)
    seated = Membership.objects.seated(on).filter(pk=membership.pk, group=locked.group_id)
    if not seated.exists():
        raise NotAMember
