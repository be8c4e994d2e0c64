import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import User
from tests.factories.accounts import (
    AppointmentFactory,
    DepartmentFactory,
    InstitutionFactory,
    PlacementFactory,
    UserFactory,
)
from tests.factories.links import come_by_link

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.urls")]

YESTERDAY = dt.date(2020, 1, 2)


def house_of(user):
    home = User.objects.with_house().get(pk=user.pk).home
    return home.name if home else None


def test_the_house_is_where_one_is_appointed_else_placed_else_nowhere():
    user = UserFactory()
    assert house_of(user) is None

    placed = InstitutionFactory(name="Placed")
    PlacementFactory(user=user, department=DepartmentFactory(institution=placed))
    assert house_of(user) == "Placed"

    AppointmentFactory(user=user, institution=InstitutionFactory(name="Appointed"))
    assert house_of(user) == "Appointed"


def test_an_appointment_that_ended_is_no_house():
    user = AppointmentFactory(until_on=YESTERDAY).user

    assert house_of(user) is None


def test_pages_show_the_time_of_the_house(client):
    client.force_login(AppointmentFactory(institution__time_zone="America/New_York").user)
    assert client.get("/zone/").content == b"America/New_York"

    client.logout()
    come_by_link(client, AppointmentFactory(institution__time_zone="Asia/Tokyo").user)
    assert client.get("/zone/").content == b"Asia/Tokyo"

    timezone.activate("Asia/Tokyo")
    client.force_login(UserFactory())
    assert client.get("/zone/").content == b"UTC"


def test_pages_speak_the_language_of_the_person_unless_they_switched(client):
    client.force_login(UserFactory(language="nl"))
    assert client.get("/language-of-page/", headers={"Accept-Language": "en"}).content == b"nl"

    client.cookies["django_language"] = "en"
    assert client.get("/language-of-page/").content == b"en"


def test_somebody_who_came_by_link_reads_their_own_language(client):
    come_by_link(client, UserFactory(language="nl"))

    assert client.get("/language-of-page/", headers={"Accept-Language": "en"}).content == b"nl"


def test_knowing_a_signed_in_person_and_their_house_takes_two_queries(client, django_assert_num_queries):
    client.force_login(AppointmentFactory().user)
    client.get("/zone/")

    with django_assert_num_queries(2):  # the session, and the person with their house
        client.get("/zone/")


def test_a_stranger_costs_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/zone/")
