"""Sessions as somebody comes by them: those they were at, and the house whose page shows one."""

import pytest
from django.utils import timezone

from sessions.models import Attendance, GroupSession
from sessions.views.find import session_seen
from tests.access.world import House
from tests.factories.sessions import GroupSessionFactory

pytestmark = pytest.mark.django_db


def test_somebody_met_where_they_were_counted_or_stood_in_and_nowhere_else():
    house, elsewhere = House(), House()
    session = GroupSessionFactory(group=house.group, state="logged", substitute=elsewhere.intervisor)
    Attendance.objects.create(session=session, membership=house.membership, state="present")

    for user in (house.resident, elsewhere.intervisor):
        assert list(GroupSession.objects.met_by(user)) == [session]
    for user in (house.intervisor, house.coordinator, elsewhere.resident):
        assert not GroupSession.objects.met_by(user).exists()


def test_the_page_of_a_session_is_that_of_its_house(rf):
    house = House()
    request = rf.get("/")
    request.user, request.narrow = house.intervisor, None

    with timezone.override("UTC"):
        session_seen(request, house.session.pk)

    assert request.institution == house.institution
