"""A house filled up: more of everything that a page may list, each row with what hangs on it."""

import datetime as dt

import outbox
from accounts.models import Availability
from intervision import clock
from programs.actions.stages import INVITATION
from programs.models import Group, Interest, Membership, WaitingPlace
from sessions.models import Attendance, SessionLog
from tests.access.world import House
from tests.factories.accounts import (
    AppointmentFactory,
    ClosedDayFactory,
    DepartmentFactory,
    HelpContactFactory,
    PlacementFactory,
    UserFactory,
)
from tests.factories.guides import TrainingRecordFactory
from tests.factories.programs import (
    DepartmentRuleFactory,
    EvaluativeRelationFactory,
    FacilitatorProfileFactory,
    GroundRulesFactory,
    GroupFactory,
    GuideFactory,
    IntakeFactory,
    IntakeSlotFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
    ProgramFactory,
    RoomFactory,
)
from tests.factories.sessions import GroupSessionFactory


def fill(house: House, size: int) -> None:
    """Add ``size`` programs to ``house``, and ``size`` of everything else to its program and its group."""
    Group.objects.filter(pk=house.group.pk).update(places=size + 10)
    Membership.objects.filter(pk=house.membership.pk).update(invited_at=clock.now())
    add_guide(house, house.group)
    for number in range(1, size + 1):
        add_to_house(house, number)
        add_program(house)
        add_to_program(house, number)
        add_to_group(house, number)


def add_to_house(house: House, number: int) -> None:
    institution = house.institution
    department = DepartmentFactory(institution=institution)
    DepartmentRuleFactory(department=department)
    for role in ("coordinator", "administrator", "director", "intervisor"):
        AppointmentFactory(institution=institution, role=role)
    ClosedDayFactory(institution=institution)
    HelpContactFactory(institution=institution)
    outside = MembershipFactory(program=house.program, group=None, state="invited", joined_on=None)
    EvaluativeRelationFactory(institution=institution, resident=outside.user)
    Interest.objects.create(institution=institution, name="N", email=f"n{number}@{institution.slug}.example")


def add_program(house: House) -> None:
    """One more that the coordinator runs, the intervisor guides in, and the resident takes part in."""
    program = ProgramFactory(institution=house.institution, stage="running")
    ProgramCoordinatorFactory(program=program, user=house.coordinator)
    group = GroupFactory(program=program, residents=[house.resident])
    Membership.objects.filter(group=group).update(invited_at=clock.now())
    GuideFactory(group=group, user=house.intervisor)
    GroupSessionFactory(group=group)


def add_to_program(house: House, number: int) -> None:
    """A group with somebody, with a guide, an intake, a session, and somebody who waits."""
    group = GroupFactory(program=house.program, room=RoomFactory(institution=house.institution))
    add_guide(house, group)
    member = add_member(house, group)
    IntakeFactory(membership=member)
    IntakeSlotFactory(program=house.program, guide=house.intervisor, membership=member)
    IntakeSlotFactory(program=house.program, guide=house.intervisor)
    IntakeSlotFactory(program=house.program, room=RoomFactory(institution=house.institution))
    WaitingPlace.objects.create(
        kind="group", program=house.program, group=group, membership=add_member(house, None)
    )
    add_session(group, member, number)
    begins, key = clock.now(), f"invitation:{member.pk}"
    outbox.enqueue(INVITATION, about_id=member.pk, to=member.user, key=key, at=begins, due_at=begins)


def add_to_group(house: House, number: int) -> None:
    member = add_member(house, house.group)
    GroundRulesFactory(group=house.group, version=number + 1)
    add_session(house.group, member, number)


def add_guide(house: House, group: Group) -> None:
    guide = GuideFactory(group=group, role="co")
    Availability.objects.create(user=guide.user, answers="f" * 14)
    FacilitatorProfileFactory(institution=house.institution, user=guide.user)
    TrainingRecordFactory(user=guide.user)


def add_member(house: House, group: Group | None) -> Membership:
    user = UserFactory()
    Availability.objects.create(user=user, answers="f" * 14)
    PlacementFactory(user=user, department=house.department)
    state = "active" if group else "invited"
    member: Membership = MembershipFactory(
        group=group, program=house.program, user=user, state=state, joined_on=clock.today() if group else None
    )
    return member


def add_session(group: Group, member: Membership, number: int) -> None:
    """One that took place and is logged, and one that is to come."""
    ended = clock.now() - dt.timedelta(days=number)
    times = {"starts_at": ended - dt.timedelta(hours=2), "ends_at": ended}
    held = GroupSessionFactory(group=group, number=100 + 2 * number, state="logged", **times)
    coming = GroupSessionFactory(group=group, number=101 + 2 * number, room=group.room)
    SessionLog.objects.create(session=held)
    for session, state in ((held, "present"), (coming, "excused")):
        Attendance.objects.create(session=session, membership=member, state=state)
