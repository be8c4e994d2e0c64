"""Correcting one's own attendance: said by the member, decided by the guide, seen by nobody else."""

from html import unescape

import pytest
from django.urls import reverse

from accounts import periods
from accounts.models import Institution
from sessions import certificate
from sessions.models import Attendance
from tests.access.world import House
from tests.factories.programs import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    made = House()
    made.session.state = "logged"
    made.session.save()
    made.row = Attendance.objects.create(session=made.session, membership=made.membership, state="absent")
    made.mine = reverse("sessions:my-attendance", args=[made.membership.pk])
    made.theirs = reverse("sessions:attendance-said", args=[made.group.pk])
    return made


def say(client, house, says="present"):
    client.force_login(house.resident)
    return client.post(house.mine, {"attendance": house.row.pk, "says": says})


def settle(client, house, answer):
    client.force_login(house.intervisor)
    return client.post(house.theirs, {"attendance": house.row.pk, "answer": answer})


@pytest.mark.parametrize(("answer", "state"), [("confirm", "present"), ("leave", "absent")])
def test_the_log_follows_the_guide_and_not_the_member_alone(client, house, answer, state):
    say(client, house)
    house.row.refresh_from_db()
    assert (house.row.state, house.row.says) == ("absent", "present")
    assert not certificate.places_with_one(house.resident).exists()
    client.force_login(house.intervisor)
    assert house.resident.name in client.get(house.theirs).content.decode()

    settle(client, house, answer)
    settle(client, house, "confirm")

    house.row.refresh_from_db()
    assert (house.row.state, house.row.says) == (state, "")


def test_what_was_said_can_be_taken_back(client, house):
    say(client, house)
    say(client, house, "absent")

    house.row.refresh_from_db()
    assert house.row.says == ""


def test_the_page_says_who_reads_it_and_until_when_as_the_house_keeps_it(client, house):
    client.force_login(house.resident)
    assert str(periods.table(house.institution)["attendance"].sentence) in unescape(
        client.get(house.mine).content.decode()
    )
    Institution.objects.filter(pk=house.institution.pk).update(own_periods={"attendance": 12})
    assert "After 12 months" in client.get(house.mine).content.decode()


def test_nobody_speaks_for_somebody_else(client, house):
    other = Attendance.objects.create(
        session=house.session, membership=MembershipFactory(group=house.group), state="absent"
    )
    client.force_login(house.resident)

    assert client.post(house.mine, {"attendance": other.pk, "says": "present"}).status_code == 400
    assert client.post(house.mine, {"attendance": house.row.pk, "says": "excused"}).status_code == 400
    assert not Attendance.objects.exclude(says="").exists()
    assert client.get(house.theirs).status_code == 403
