"""A group that meets: one guide, three members, a room, a coordinator."""

import datetime as dt
from types import SimpleNamespace

from intervision import clock
from tests.factories.accounts import InstitutionFactory
from tests.factories.programs import (
    GroundRulesFactory,
    GroupFactory,
    GuideFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
    RoomFactory,
)

MONDAY = dt.datetime(2027, 1, 4, 7, tzinfo=dt.UTC)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def yesterday_afternoon() -> dt.datetime:
    """When a session ended that can be logged, whatever the hour: none goes on past midnight."""
    return (clock.now() - DAY).replace(hour=15, minute=0, second=0, microsecond=0)


def meeting(stage: str = "running") -> SimpleNamespace:
    house = InstitutionFactory()
    group = GroupFactory(program__institution=house, program__stage=stage)
    return SimpleNamespace(
        house=house,
        program=group.program,
        group=group,
        guide=GuideFactory(group=group, user__name="Guide Who Listens").user,
        members=[MembershipFactory(group=group, invited_at=MONDAY) for _ in range(3)],
        rules=GroundRulesFactory(group=group),
        room=RoomFactory(institution=house, name="Garden Room"),
        coordinator=ProgramCoordinatorFactory(program=group.program).user,
    )
