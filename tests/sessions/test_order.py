import datetime as dt

import pytest

from sessions.models import GroupSession
from tests.factories.sessions import GroupSessionFactory
from tests.sessions.world import DAY, MONDAY, meeting


@pytest.mark.django_db
def test_counting_who_came_leaves_the_sessions_in_order_of_time():
    group = meeting().group
    for days in (20, 3, 41, 9):
        GroupSessionFactory(group=group, starts_at=MONDAY + days * DAY)

    dates = [session.starts_at for session in group.sessions.with_counts()]

    assert dates == sorted(dates)
    assert dates[1] - dates[0] == dt.timedelta(days=6)


def test_a_session_that_was_called_off_held_or_logged_is_not_open():
    states = GroupSession.State

    assert [state for state in states if GroupSession(state=state).is_open] == [
        states.PLANNED,
        states.CONFIRMED,
    ]
