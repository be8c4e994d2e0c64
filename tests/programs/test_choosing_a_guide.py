"""Who can be chosen as the guide of a program's groups."""

import datetime as dt

import pytest

from programs.views.guides import candidates, choices
from tests.factories.accounts import AppointmentFactory, InstitutionFactory
from tests.factories.programs import (
    FacilitatorProfileFactory,
    GroupFactory,
    GuideFactory,
    ProgramCoordinatorFactory,
)

pytestmark = pytest.mark.django_db

LONG_OVER = dt.date(2021, 6, 1)


@pytest.fixture
def group():
    return GroupFactory()


@pytest.fixture
def house(group):
    return group.program.institution


def guide_of(house, **appointed):
    user = AppointmentFactory(institution=house, role="intervisor", **appointed).user
    return FacilitatorProfileFactory(user=user, institution=house)


def test_a_guide_appointed_in_another_house_is_no_choice_in_this_one(group, house):
    here, elsewhere = guide_of(house), guide_of(InstitutionFactory())
    FacilitatorProfileFactory(user=elsewhere.user, institution=house)

    assert list(choices(group.program)) == [here]


def test_a_guide_whose_appointment_ended_or_who_has_another_role_is_no_choice(group, house):
    guide_of(house, until_on=LONG_OVER)
    director = AppointmentFactory(institution=house, role="director").user
    FacilitatorProfileFactory(user=director, institution=house)

    assert not choices(group.program)


def test_who_coordinates_the_program_is_no_choice_until_that_ended(group, house):
    now, before = guide_of(house), guide_of(house)
    ProgramCoordinatorFactory(program=group.program, user=now.user)
    ProgramCoordinatorFactory(program=group.program, user=before.user, until_on=LONG_OVER)

    assert list(choices(group.program)) == [before]


def test_a_guide_of_two_houses_is_said_to_have_the_groups_of_this_one(group, house):
    guide = guide_of(house)
    guide_of_both = FacilitatorProfileFactory(user=guide.user, institution=InstitutionFactory(), capacity=9)
    GuideFactory(group=GroupFactory(program__institution=guide_of_both.institution), user=guide.user)
    guide.capacity = 2
    guide.save()

    (person,) = candidates(group, [])[1]

    assert (person.load, person.capacity) == (0, 2)
