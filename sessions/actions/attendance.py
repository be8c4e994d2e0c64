"""What a member says of their own attendance, and what the guide makes of it."""

from django.db import transaction

from sessions.models import Attendance

State = Attendance.State


@transaction.atomic
def say(row: Attendance, says: str) -> None:
    """The member says ``says`` (present or absent); the log stays as it is until the guide confirms it."""
    fresh = Attendance.objects.select_for_update().get(pk=row.pk)
    agrees = (fresh.state == State.PRESENT) == (says == State.PRESENT)
    fresh.says = "" if agrees else says
    fresh.save(update_fields=["says", "changed_at"])


@transaction.atomic
def settle(row: Attendance, *, confirm: bool) -> None:
    """The guide takes over what the member says, or leaves the log as it is. Twice is once."""
    fresh = Attendance.objects.select_for_update().get(pk=row.pk)
    if fresh.says and confirm:
        fresh.state, fresh.left_early = fresh.says, False
    fresh.says = ""
    fresh.save(update_fields=["state", "left_early", "says", "changed_at"])
