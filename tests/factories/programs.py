import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from programs.models import (
    DepartmentRule,
    EvaluativeRelation,
    FacilitatorProfile,
    GroundRules,
    Group,
    Guide,
    Intake,
    IntakeSlot,
    Membership,
    Program,
    ProgramCoordinator,
    ProgramText,
    Room,
)
from tests.factories.accounts import LONG_AGO, DepartmentFactory, InstitutionFactory, UserFactory


class ProgramFactory(DjangoModelFactory[Program]):
    class Meta:
        model = Program

    institution = factory.SubFactory(InstitutionFactory)
    format = "intervision"
    title = factory.Sequence(lambda n: f"Program {n}")
    target_size = 6
    interval_weeks = 6
    session_minutes = 165
    sessions_total = 10


class ProgramCoordinatorFactory(DjangoModelFactory[ProgramCoordinator]):
    class Meta:
        model = ProgramCoordinator
        skip_postgeneration_save = True

    program = factory.SubFactory(ProgramFactory)
    user = factory.SubFactory(UserFactory)
    from_on = LONG_AGO

    @factory.post_generation
    def appointed(self: ProgramCoordinator, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Coordinating a program asks for an appointment in its institution."""
        self.user.appointments.get_or_create(
            institution=self.program.institution, role="coordinator", defaults={"from_on": LONG_AGO}
        )


class ProgramTextFactory(DjangoModelFactory[ProgramText]):
    class Meta:
        model = ProgramText

    program = factory.SubFactory(ProgramFactory)
    purpose_en = purpose_nl = "Purpose"
    limits_en = limits_nl = "Limits"


class RoomFactory(DjangoModelFactory[Room]):
    class Meta:
        model = Room

    institution = factory.SubFactory(InstitutionFactory)
    name = factory.Sequence(lambda n: f"Room {n}")


class GroupFactory(DjangoModelFactory[Group]):
    class Meta:
        model = Group
        skip_postgeneration_save = True

    program = factory.SubFactory(ProgramFactory)
    name = factory.Sequence(lambda n: f"Group {n}")
    places = 7

    @factory.post_generation
    def residents(self: Group, create: bool, extracted: Any, **kwargs: Any) -> None:
        """``residents=[user, ...]``: seats them."""
        for user in extracted or ():
            MembershipFactory(group=self, user=user)


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    group = factory.SubFactory(GroupFactory)
    program = factory.LazyAttribute(lambda row: row.group.program)
    user = factory.SubFactory(UserFactory)
    state = "active"
    joined_on = dt.date(2026, 1, 1)


class GuideFactory(DjangoModelFactory[Guide]):
    class Meta:
        model = Guide
        skip_postgeneration_save = True

    group = factory.SubFactory(GroupFactory)
    user = factory.SubFactory(UserFactory)
    role = "lead"
    from_on = LONG_AGO

    @factory.post_generation
    def appointed(self: Guide, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Guiding a group asks for an appointment in its institution."""
        self.user.appointments.get_or_create(
            institution=self.group.program.institution, role="intervisor", defaults={"from_on": LONG_AGO}
        )


class FacilitatorProfileFactory(DjangoModelFactory[FacilitatorProfile]):
    class Meta:
        model = FacilitatorProfile

    user = factory.SubFactory(UserFactory)
    institution = factory.SubFactory(InstitutionFactory)
    kind = "coach"


class EvaluativeRelationFactory(DjangoModelFactory[EvaluativeRelation]):
    class Meta:
        model = EvaluativeRelation

    institution = factory.SubFactory(InstitutionFactory)
    evaluator = factory.SubFactory(UserFactory)
    resident = factory.SubFactory(UserFactory)
    from_on = LONG_AGO


class DepartmentRuleFactory(DjangoModelFactory[DepartmentRule]):
    class Meta:
        model = DepartmentRule

    department = factory.SubFactory(DepartmentFactory)
    evaluator = factory.SubFactory(UserFactory)
    from_on = LONG_AGO


class GroundRulesFactory(DjangoModelFactory[GroundRules]):
    class Meta:
        model = GroundRules

    group = factory.SubFactory(GroupFactory)
    text_en = text_nl = "What is said here stays here."


class IntakeSlotFactory(DjangoModelFactory[IntakeSlot]):
    class Meta:
        model = IntakeSlot

    program = factory.SubFactory(ProgramFactory)
    guide = factory.SubFactory(UserFactory)
    starts_at = factory.Sequence(lambda n: dt.datetime(2027, 1, 4, 8, tzinfo=dt.UTC) + dt.timedelta(hours=n))
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + dt.timedelta(minutes=45))


class IntakeFactory(DjangoModelFactory[Intake]):
    class Meta:
        model = Intake

    membership = factory.SubFactory(MembershipFactory)
