"""A role that has ended opens nothing on the next request, in a sign-in or narrow session that is still open."""

import datetime as dt

import pytest
from django.urls import reverse

from intervision import clock
from tests.access.test_access import by_link, signed_in
from tests.access.world import House

pytestmark = pytest.mark.django_db


def test_a_guide_whose_appointment_ended_sees_no_group_any_more():
    house = House()
    page = reverse("sessions:group", args=[house.group.pk])
    visitors = [signed_in(house.intervisor), by_link(house, "guide")]
    assert [visitor.get(page).status_code for visitor in visitors] == [200, 200]

    house.intervisor.appointments.update(until_on=clock.today() - dt.timedelta(days=1))

    assert [visitor.get(page).status_code for visitor in visitors] == [404, 404]
    assert house.group.name not in signed_in(house.intervisor).get("/").content.decode()


def test_a_substitute_whose_appointment_ended_sees_no_session_any_more():
    house = House()
    house.session.substitute = substitute = house.appointed("intervisor")
    house.session.save()
    page = reverse("sessions:session", args=[house.session.pk])
    visitor = signed_in(substitute)
    assert visitor.get(page).status_code == 200

    substitute.appointments.update(until_on=clock.today() - dt.timedelta(days=1))

    assert visitor.get(page).status_code == 404


def test_a_coordinator_whose_appointment_ended_runs_no_program_any_more():
    house = House()
    page = reverse("programs:people", args=[house.program.pk])
    visitor = signed_in(house.coordinator)
    assert visitor.get(page).status_code == 200

    house.coordinator.appointments.update(until_on=clock.today() - dt.timedelta(days=1))

    assert visitor.get(page).status_code == 404


def test_a_member_who_left_sees_no_group_any_more():
    house = House()
    page = reverse("sessions:group", args=[house.group.pk])
    visitors = [signed_in(house.resident), by_link(house, "take_part")]
    assert [visitor.get(page).status_code for visitor in visitors] == [200, 200]

    house.membership.state, house.membership.left_on = "left", clock.today()
    house.membership.save()

    assert [visitor.get(page).status_code for visitor in visitors] == [404, 404]
