"""A page says the same, whatever happens beside what it is about: in another program, another group, by who is gone."""

import datetime as dt
import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

import pytest
import time_machine

from accounts.models import User
from concerns.models import LeakReport
from intervision import clock
from programs.models import GoalSettled, Guide, Membership, WaitingPlace
from sessions.models import Attendance
from tests.access.open_pages import OPEN
from tests.access.sessions import asked
from tests.access.table import OK, Row, rows
from tests.access.test_access import ask, signed_in
from tests.access.world import House, taken_back
from tests.factories.accounts import AppointmentFactory, DepartmentFactory, PlacementFactory
from tests.factories.own_texts import goal, preparation
from tests.factories.programs import (
    EvaluativeRelationFactory,
    GroupFactory,
    GuideFactory,
    IntakeFactory,
    IntakeSlotFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
    ProgramFactory,
)
from tests.factories.sessions import GroupSessionFactory

pytestmark = pytest.mark.django_db
#: What stands in the address of a page that is about a program, or about something in one.
WITHIN = ("program", "group", "guide", "membership", "slot", "intake", "session", "text", "report")
#: What is written anew each time a form is shown.
EACH_TIME = re.compile(r'(name="(?:csrfmiddlewaretoken|once|goal_id|new_id)" value=)"[^"]*"')
#: Who takes part or guides sees one group; the others see to the whole program.
ONE_GROUP = ("resident", "intervisor")
#: From these a group is chosen before one has a seat.
CHOICES = {"joining:groups"}
#: These are about the whole house.
OF_THE_HOUSE = {"accounts:departments"}
#: These tell what changed, and about whom.
HISTORY = {"desk:changes"}


def about_one(row: Row) -> bool:
    return row.name not in OPEN and row.at is not Row.at and row.method == "get" and row.right == OK


ABOUT_ONE = [row for row in rows() if about_one(row)]


class Around(House):
    """A house with what is needed beside it: who was once part of it, and a department of nobody in the program."""

    def __init__(self) -> None:
        super().__init__()
        self.once_coordinator = self.appointed("coordinator")
        self.once_guide = self.appointed("intervisor")
        self.once_led = GroupFactory(program=self.program)
        self.unused = DepartmentFactory(institution=self.institution)

    def come_and_gone(self) -> None:
        """Who left, said no, guided or coordinated; what held until then."""
        over, program = long_ago(), self.program
        left = MembershipFactory(
            group=self.group,
            **{"state": "left", "joined_on": over, "left_on": over},
            **dict.fromkeys(("invited_at", "accepted_at"), clock.now()),
        )
        IntakeFactory(membership=left)
        MembershipFactory(program=program, group=None, state="declined")
        of_the_house(self, left.user)
        GuideFactory(group=self.group, user=self.once_guide, role="co", until_on=over)
        GuideFactory(group=self.once_led, user=self.once_guide, until_on=over)
        ProgramCoordinatorFactory(program=program, user=self.once_coordinator, until_on=over)
        waits_for_a_place(self.membership, ended_at=clock.now())
        PlacementFactory(user=self.resident, department=self.unused, training_year=5, until_on=over)


def of_the_house(house: Around, user: User) -> None:
    """Placed today where nobody of the program is, and evaluated there; both end soon."""
    PlacementFactory(user=user, department=house.unused, training_ends_on=clock.today())
    EvaluativeRelationFactory(institution=house.institution, resident=user)


def long_ago() -> dt.date:
    return clock.today() - dt.timedelta(days=60)


class Beside(House):
    """Another program of a house, with the same people in it, and one of everything."""

    def __init__(self, house: Around) -> None:
        vars(self).update({name: value for name, value in vars(house).items() if name not in WITHIN})
        self.program = ProgramFactory(institution=self.institution, stage="running")
        ProgramCoordinatorFactory(program=self.program, user=self.coordinator)
        self.group = GroupFactory(program=self.program)
        self.guide = GuideFactory(group=self.group, user=self.intervisor)
        self.membership = MembershipFactory(group=self.group, user=self.resident)
        for _ in range(3):
            waits_for_a_place(member := MembershipFactory(group=self.group))
            of_the_house(house, member.user)
        GoalSettled.objects.create(membership=self.membership)
        for written in (goal, preparation):
            written(self.membership, shared_with=self.guide)
        for name in WITHIN:
            getattr(self, name)
        asked(self)
        Attendance.objects.create(
            session=self.session, membership=self.membership, state="absent", says="present"
        )

    @cached_property
    def report(self) -> LeakReport:
        """Found true."""
        return LeakReport.objects.create(group=self.group, kind="outside", state="confirmed")


def waits_for_a_place(member: Membership, **changes: Any) -> None:
    for kind in WaitingPlace.Kind:
        WaitingPlace.objects.create(kind=kind, program=member.program, membership=member, **changes)


class Fellow(House):
    """The same house as another member of the group sees it."""

    def __init__(self, house: House) -> None:
        theirs = ("membership", "intake", "slot", "text", "report", "resident")
        vars(self).update({name: value for name, value in vars(house).items() if name not in theirs})
        self.membership = MembershipFactory(group=house.group)
        self.resident = self.membership.user

    def writes_for_themselves(self) -> None:
        """Shares nothing with anybody, and has settled the goal."""
        goal(self.membership)
        preparation(self.membership)
        GoalSettled.objects.create(membership=self.membership)


def shown(answer: Any) -> list[str]:
    body = b"".join(answer) if answer.streaming else answer.content
    return EACH_TIME.sub(r"\1", body.decode(errors="replace")).splitlines()


def before_and_after(row: Row, house: House, happens: Callable[[], Any]) -> tuple[list[str], list[str]]:
    """The page of ``row`` as it was, and as it is after what ``happens`` at the same moment."""
    at = row.at(house)
    with time_machine.travel(clock.now(), tick=False):
        client = signed_in(getattr(house, row.by))
        with taken_back():
            before = shown(ask(client, row, house, at))
        happens()
        return before, shown(ask(client, row, house, at))


@pytest.mark.parametrize("row", [row for row in ABOUT_ONE if row.name not in OF_THE_HOUSE], ids=str)
def test_a_page_about_one_program_says_nothing_of_another_with_the_same_people(row):
    house = Around()

    before, after = before_and_after(row, house, lambda: row.at(Beside(house)))

    assert after == before


def another_group(house: House) -> None:
    """Two of the same program: the same person guides one, and led the other."""
    group, led = GroupFactory.create_batch(2, program=house.program)
    MembershipFactory.create_batch(2, group=group)
    MembershipFactory(group=led)
    GuideFactory(group=group, user=house.intervisor, role="co")
    GuideFactory(group=led, user=house.intervisor, until_on=long_ago())
    GroupSessionFactory(group=group)
    IntakeSlotFactory(program=house.program, guide=GuideFactory(group=group).user)


@pytest.mark.parametrize(
    "row", [row for row in ABOUT_ONE if row.by in ONE_GROUP and row.name not in CHOICES], ids=str
)
def test_a_page_about_one_group_says_nothing_of_another(row):
    house = House()

    before, after = before_and_after(row, house, lambda: another_group(house))

    assert after == before


@pytest.mark.parametrize("row", [row for row in ABOUT_ONE if row.by == "resident"], ids=str)
def test_a_page_about_one_member_says_nothing_of_another(row):
    house = House()
    fellow = Fellow(house)

    before, after = before_and_after(row, house, lambda: row.at(fellow))

    assert after == before


@pytest.mark.parametrize("row", ABOUT_ONE, ids=str)
def test_a_page_says_nothing_of_what_a_member_keeps_to_themselves(row):
    house = House()
    fellow = Fellow(house)

    before, after = before_and_after(row, house, fellow.writes_for_themselves)

    assert after == before


@pytest.mark.parametrize("row", [row for row in ABOUT_ONE if row.name not in HISTORY | OF_THE_HOUSE], ids=str)
def test_a_page_says_nothing_of_what_is_long_over(row):
    house = Around()

    before, after = before_and_after(row, house, house.come_and_gone)

    assert after == before


def the_same_people(house: House) -> House:
    """Another house in which they have the same parts."""
    there = House()
    for model, row in ((Membership, there.membership), (Guide, there.guide)):
        person = getattr(house, "resident" if model is Membership else "intervisor")
        model.objects.filter(pk=row.pk).update(user=person)
        row.refresh_from_db()
    there.resident, there.intervisor = house.resident, house.intervisor
    PlacementFactory(user=house.resident, department=there.department)
    AppointmentFactory(user=house.intervisor, institution=there.institution, role="intervisor")
    EvaluativeRelationFactory(institution=there.institution, resident=house.resident)
    return there


@pytest.mark.parametrize("row", ABOUT_ONE, ids=str)
def test_a_page_about_one_house_says_nothing_of_another_with_the_same_people(row):
    house = House()

    before, after = before_and_after(row, house, lambda: row.at(the_same_people(house)))

    assert after == before
