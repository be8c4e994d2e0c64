"""Somebody of two houses and two groups: each page is one house's, and a link opens what it is about alone."""

import pytest
from django.urls import reverse

from tests.access.test_access import by_link, signed_in
from tests.access.world import House
from tests.factories.accounts import AppointmentFactory
from tests.factories.programs import GuideFactory, MembershipFactory

pytestmark = pytest.mark.django_db
#: Pages about a group and its session, as far as that link opens them.
PAGES = {"take_part": ["sessions:group"], "guide": ["sessions:group", "sessions:session"]}


def of_two(purpose):
    """Two houses, and somebody of the first who is in, or guides, a group of the second as well."""
    here, there = House(), House()
    if purpose == "take_part":
        MembershipFactory(group=there.group, user=here.resident)
        return here, there, here.resident
    AppointmentFactory(user=here.intervisor, institution=there.institution, role="intervisor")
    GuideFactory(group=there.group, user=here.intervisor, role="co")
    return here, there, here.intervisor


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


@pytest.mark.parametrize("purpose", ["take_part", "guide"])
def test_a_page_speaks_for_the_house_of_its_group(purpose):
    here, there, person = of_two(purpose)

    for house in (here, there):
        answers = asked(signed_in(person), house, purpose)
        assert {answer.wsgi_request.institution for answer in answers} == {house.institution}
