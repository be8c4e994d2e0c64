"""Somebody of two houses and two groups: each page is one house's, and a link opens what it is about alone."""

import pytest
from django.urls import reverse

from programs.models import Guide, Membership
from tests.access.open_pages import OPEN
from tests.access.table import OK, Row, rows
from tests.access.test_access import ask, by_link, signed_in
from tests.access.world import House
from tests.factories.accounts import AppointmentFactory, PlacementFactory

pytestmark = pytest.mark.django_db
#: Pages about a group and its session, as far as that link opens them.
PAGES = {"take_part": ["sessions:group"], "guide": ["sessions:group", "sessions:session"]}
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


def asked(visitor, house, purpose):
    about = {"sessions:group": house.group, "sessions:session": house.session}
    return [visitor.get(reverse(name, args=[about[name].pk])) for name in PAGES[purpose]]


def statuses(visitor, house, purpose):
    return {answer.status_code for answer in asked(visitor, house, purpose)}


@pytest.mark.parametrize("purpose", ["take_part", "guide"])
def test_a_link_opens_the_group_it_is_about_and_no_other_of_the_same_person(purpose):
    here, there, person = of_two(purpose)
    visitor = by_link(here, purpose)

    assert statuses(visitor, here, purpose) == {200}
    assert statuses(visitor, there, purpose) == {404}
    assert statuses(signed_in(person), there, purpose) == {200}


@pytest.mark.parametrize(("purpose", "row"), SPEAKING)
def test_a_page_speaks_for_the_house_of_its_group(purpose, row):
    here, there, person = of_two(purpose)

    for house in (here, there):
        answer = ask(signed_in(person), row, house)
        assert answer.wsgi_request.institution == house.institution
