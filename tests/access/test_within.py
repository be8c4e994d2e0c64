"""Somebody of two houses and two groups: each page is one house's, and a link opens what it is about alone."""

import pytest
from django.test import Client

from programs.models import Guide, Membership
from tests.access.open_pages import OPEN
from tests.access.table import OK, Row, rows
from tests.access.test_access import ask, by_link, signed_in
from tests.access.world import House, taken_back
from tests.factories.accounts import AppointmentFactory, PlacementFactory
from tests.factories.links import come_by_link
from tests.factories.programs import MembershipFactory

pytestmark = pytest.mark.django_db
PERSON = {"take_part": "resident", "guide": "intervisor"}
#: Pages that speak of no group: they lead on, or are about the person alone.
OF_NO_GROUP = {"desk:home"}


def opens(row: Row, purpose: str) -> bool:
    return row.link == purpose or getattr(row, purpose) == OK


WITHIN = [
    pytest.param(purpose, row, id=f"{purpose} {row}")
    for purpose, person in PERSON.items()
    for row in rows()
    if opens(row, purpose) and row.by == person and row.name not in OPEN | OF_NO_GROUP
]
AS_A_MEMBER = [param.values[1] for param in WITHIN if param.values[0] == "take_part"]
SPEAKING = [param for param in WITHIN if param.values[1].method == "get"]


def of_two(purpose):
    """Two houses, and one person who is in the group of each, or guides it."""
    here, there = House(), House()
    if purpose == "take_part":
        person = there.resident = here.resident
        PlacementFactory(user=person, department=there.department)
        row, model = there.membership, Membership
    else:
        person = there.intervisor = here.intervisor
        AppointmentFactory(user=person, institution=there.institution, role="intervisor")
        row, model = there.guide, Guide
    model.objects.filter(pk=row.pk).update(user=person)
    row.refresh_from_db()
    return here, there, person


@pytest.mark.parametrize(("purpose", "row"), WITHIN)
def test_a_link_opens_what_it_is_about_and_nothing_else_of_the_same_person(purpose, row):
    here, there, person = of_two(purpose)
    at = row.at(there)

    with taken_back():
        assert ask(by_link(here, purpose), row, there, at).status_code == 404
    assert ask(signed_in(person), row, there, at).status_code == row.right


@pytest.mark.parametrize("nth", [0, 1], ids=["the first", "the last"])
@pytest.mark.parametrize(("purpose", "row"), SPEAKING)
def test_whoever_came_by_two_links_sees_what_either_is_about(purpose, row, nth):
    *houses, person = of_two(purpose)
    client = Client()
    for house in houses:
        about = house.group if purpose == "guide" else house.membership
        come_by_link(client, person, purpose=purpose, about_id=about.pk)

    assert ask(client, row, houses[nth]).status_code == OK


@pytest.mark.parametrize(("purpose", "row"), SPEAKING)
def test_a_page_speaks_for_the_house_of_its_group(purpose, row):
    here, there, person = of_two(purpose)

    for house in (here, there):
        answer = ask(signed_in(person), row, house)
        assert answer.wsgi_request.institution == house.institution


@pytest.mark.parametrize("row", AS_A_MEMBER, ids=str)
def test_a_link_about_the_seat_of_another_member_opens_nothing(row):
    house, client = House(), Client()
    fellow = MembershipFactory(group=house.group)
    at = row.at(house)

    come_by_link(client, house.resident, purpose="take_part", about_id=fellow.pk)

    assert ask(client, row, house, at).status_code == 404
