"""What a director is told: from three groups and ten people on, and below that nothing."""

import datetime as dt

import pytest
from django.urls import reverse

from checklist import picture
from intervision import clock
from tests.access.world import House
from tests.factories.programs import GroupFactory, MembershipFactory, ProgramFactory
from tests.factories.sessions import GroupSessionFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def house():
    """A house whose own program is a draft that tells nothing."""
    return House()


def groups(house, count, people, *, sessions=0, interruptions=0, **values):
    """A program with ``count`` groups of ``people`` each, and a session that took place in ``sessions`` of them."""
    program = ProgramFactory(institution=house.institution, **values)
    ended = clock.now() - DAY
    for number in range(count):
        group = GroupFactory(program=program, name=f"Secret {number}")
        MembershipFactory.create_batch(people, group=group)
        if number < sessions:
            times = {"starts_at": ended - DAY, "ends_at": ended, "first_planned_at": ended - DAY}
            held = GroupSessionFactory(group=group, state="logged", **times)
            if interruptions:
                held.interruptions.create(kind="call", count=interruptions)
    return program


def told(client, house):
    picture.take_due(at=clock.now())
    client.force_login(house.director)
    answer = client.get(reverse("desk:director"))
    assert answer.status_code == 200
    return answer


def line(answer):
    """The cells of the one format in the table."""
    rows = answer.content.decode().split("<tbody")[1].split("</tbody>")[0]
    return [cell.split("</span>")[0] for cell in rows.split("<span>")[1:]]


def stage(answer, label):
    page = answer.content.decode().split("Where programs are")[1]
    return page.split(f"<dt>{label}</dt>")[1].split("<dd>")[1].split("</dd>")[0].strip()


def test_from_three_groups_and_ten_people_on_counts_are_told_and_no_name(client, house):
    groups(house, 3, 4, sessions=3, interruptions=2, stage="running")

    answer = told(client, house)

    assert line(answer) == ["3", "12", "3 of 3", "6"]
    assert "3 sessions took place of 3 that were due, in 3 groups." in answer.content.decode()
    assert stage(answer, "Running") == "1 program"
    assert "Secret" not in answer.content.decode()


@pytest.mark.parametrize(("count", "people"), [(2, 7), (3, 3)])
def test_below_three_groups_or_ten_people_nothing_is_told(client, house, count, people):
    groups(house, count, people, sessions=count, interruptions=1, stage="running")

    answer = told(client, house)

    assert "<tbody" not in answer.content.decode()
    assert stage(answer, "Running") == "none, or too few to show"
    assert "took place of" not in answer.content.decode()


def test_sessions_are_told_only_when_three_groups_with_ten_people_had_one(client, house):
    groups(house, 4, 4, sessions=2, interruptions=1, stage="running")

    assert line(told(client, house)) == ["4", "16", "too few to show", "too few to show"]


def test_none_and_too_few_read_the_same(client, house):
    groups(house, 2, 3, stage="paused")

    answer = told(client, house)

    assert stage(answer, "Paused") == stage(answer, "Cancelled") == "none, or too few to show"


def test_who_is_in_two_groups_counts_once_and_who_left_not_at_all(client, house):
    program = groups(house, 3, 4, stage="running")
    group = program.groups.first()
    MembershipFactory.create_batch(5, group=group, state="left", left_on=clock.today())
    twice = program.memberships.filter(state="active").first().user
    second = groups(house, 3, 0, stage="running")
    MembershipFactory(group=second.groups.first(), user=twice)

    assert line(told(client, house))[:2] == ["6", "12"]


def test_another_house_counts_for_nothing(client, house):
    groups(House(), 3, 4, sessions=3, stage="running")

    assert "<tbody" not in told(client, house).content.decode()
