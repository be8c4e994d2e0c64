from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from django.db import transaction

from accounts.models import Institution, User
from concerns.models import LeakReport
from programs.models import Group, Guide, Intake, IntakeSlot, Membership, Program, ProgramText, Room
from sessions.models import GroupSession
from tests.factories.accounts import (
    AppointmentFactory,
    DepartmentFactory,
    HelpContactFactory,
    InstitutionFactory,
    PlacementFactory,
    UserFactory,
)
from tests.factories.programs import (
    GroupFactory,
    GuideFactory,
    IntakeFactory,
    IntakeSlotFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
    ProgramFactory,
    ProgramTextFactory,
    RoomFactory,
)
from tests.factories.sessions import GroupSessionFactory


class House:
    """An institution with one of everything that a URL may be about. People first, rows when asked for."""

    def __init__(self) -> None:
        self.institution: Institution = InstitutionFactory()
        self.department = DepartmentFactory(institution=self.institution)
        self.coordinator = self.appointed("coordinator")
        self.administrator = self.appointed("administrator")
        self.director = self.appointed("director")
        self.intervisor = self.appointed("intervisor")
        self.independent = self.appointed("independent")
        self.officer = self.appointed("privacy")
        self.resident: User = UserFactory()
        PlacementFactory(user=self.resident, department=self.department)
        self.program: Program = ProgramFactory(institution=self.institution)
        ProgramCoordinatorFactory(program=self.program, user=self.coordinator)
        self.group: Group = GroupFactory(program=self.program)
        self.guide: Guide = GuideFactory(group=self.group, user=self.intervisor)
        self.membership: Membership = MembershipFactory(group=self.group, user=self.resident)

    def appointed(self, role: str) -> User:
        user: User = AppointmentFactory(institution=self.institution, role=role).user
        return user

    @cached_property
    def stranger(self) -> User:
        """Placed in the house, with no role and in no program."""
        user: User = UserFactory()
        PlacementFactory(user=user, department=self.department)
        return user

    @cached_property
    def text(self) -> ProgramText:
        return ProgramTextFactory(program=self.program)

    @cached_property
    def room(self) -> Room:
        return RoomFactory(institution=self.institution)

    @cached_property
    def slot(self) -> IntakeSlot:
        return IntakeSlotFactory(program=self.program, guide=self.intervisor)

    @cached_property
    def intake(self) -> Intake:
        return IntakeFactory(membership=self.membership)

    @cached_property
    def session(self) -> GroupSession:
        return GroupSessionFactory(group=self.group)

    @cached_property
    def report(self) -> LeakReport:
        """Made by the resident, by name."""
        return LeakReport.objects.create(group=self.group, kind="outside", reporter=self.resident)

    @cached_property
    def contact(self) -> Any:
        return HelpContactFactory(institution=self.institution)


@contextmanager
def taken_back() -> Iterator[None]:
    """Undone at the end, as a test is: also around a page whose transaction allows none around it."""
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]
    with around:
        yield
        transaction.set_rollback(True)
