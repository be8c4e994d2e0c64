"""A program stored row by row as a case of tests/evidence/cases.yaml describes it."""

import datetime as dt
from zoneinfo import ZoneInfo

from accounts.models import BusyTime, Institution
from programs.models import Group, Program
from tests.factories.accounts import DepartmentFactory, InstitutionFactory, PlacementFactory
from tests.factories.guides import TrainingRecordFactory
from tests.factories.programs import (
    DepartmentRuleFactory,
    FacilitatorProfileFactory,
    GroupFactory,
    GuideFactory,
    IntakeSlotFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
    ProgramFactory,
    ProgramTextFactory,
    RoomFactory,
)
from tests.factories.sessions import GroupSessionFactory

ZONE = ZoneInfo("Europe/Amsterdam")
PLANNED_AT = dt.datetime(2026, 9, 1, 9, tzinfo=dt.UTC)
FIRST = dt.datetime(2026, 10, 6, 14, tzinfo=ZONE)


def by_the_book() -> Program:
    """c02: intervision planned as the papers advise, nothing held yet."""
    house = InstitutionFactory()
    program = ProgramFactory(
        institution=house, coaching_alongside=True, title="Intervision", sessions_total=10
    )
    ProgramTextFactory(program=program, published_at=PLANNED_AT)
    group = GroupFactory(program=program, closed=True, places=6)
    guide = _guided(group, house, hours=16, steering=True)
    room = RoomFactory(institution=house, daylight=True, comfortable_temperature=True)
    # 9 gaps over 378 days, 12.4 months.
    sessions = [
        GroupSessionFactory(
            group=group,
            number=n + 1,
            starts_at=at,
            ends_at=at + dt.timedelta(minutes=165),
            room=room,
            refreshments=True,
        )
        for n, at in enumerate(FIRST + dt.timedelta(weeks=6) * n for n in range(10))
    ]
    for number, member in enumerate(_members(group, years=[1, 1, 2, 2, 3, 3])):
        slot = FIRST - dt.timedelta(days=14 - number)
        IntakeSlotFactory(
            program=program,
            guide=guide,
            membership=member,
            starts_at=slot,
            ends_at=slot + dt.timedelta(minutes=45),
        )
        _duty(member.user, sessions[-1].ends_at + dt.timedelta(days=3))
    return program


def evening_booster() -> Program:
    """c06: twelve of one year, sixty minutes after work, no intakes, an open group."""
    house = InstitutionFactory()
    program = ProgramFactory(
        institution=house, title="Resilience booster", degree_required=True, coaching_alongside=False,
        target_size=12, interval_weeks=2, session_minutes=60, sessions_total=6,
    )  # fmt: skip
    group = GroupFactory(program=program, closed=False, places=12)
    _guided(group, house, hours=None, steering=False)
    room = RoomFactory(institution=house, on_hospital_site=False, daylight=True)
    first = FIRST.replace(hour=19)
    for number in range(6):
        at = first + dt.timedelta(weeks=2) * number
        GroupSessionFactory(
            group=group, number=number + 1, starts_at=at, ends_at=at + dt.timedelta(minutes=60), room=room
        )
    for number, member in enumerate(_members(group, years=[1] * 12)):
        _duty(member.user, first + dt.timedelta(days=90))
        for clash in range(6) if number < 3 else ():
            at = first + dt.timedelta(weeks=2) * clash
            _duty(member.user, at + dt.timedelta(hours=2))
    return program


def _guided(group: Group, house: Institution, *, hours: int | None, steering: bool):
    guide = GuideFactory(group=group).user
    FacilitatorProfileFactory(user=guide, institution=house)
    ProgramCoordinatorFactory(program=group.program)
    if hours:
        TrainingRecordFactory(user=guide, hours=hours)
    if steering:
        TrainingRecordFactory(user=guide, topic="steering_away_from_negativity")
    return guide


def _members(group: Group, *, years: list[int]):
    """Placed in a department whose assessing staff is kept, so that independence is known."""
    department = DepartmentFactory(institution=group.program.institution)
    DepartmentRuleFactory(department=department)
    members = [MembershipFactory(group=group, joined_on=dt.date(2026, 9, 1)) for _year in years]
    for member, year in zip(members, years, strict=True):
        PlacementFactory(user=member.user, department=department, training_year=year)
    return members


def _duty(user, until: dt.datetime) -> None:
    BusyTime.objects.create(user=user, kind="duty", from_at=until - dt.timedelta(hours=8), until_at=until)
