from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from programs.models import Group
from sessions.actions.series import Moment, Place, plan_series


@transaction.atomic
def plan_all(wanted: Sequence[tuple[Group, Sequence[Moment], Place]], *, by: User) -> int:
    """Give each group its dates; how many groups. All or none.

    Raises DatesTaken or SeriesAnnounced, having changed nothing.
    """
    for group, moments, place in wanted:
        plan_series(group, moments, place=place, by=by)
    return len(wanted)
