import datetime as dt

import pytest

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
