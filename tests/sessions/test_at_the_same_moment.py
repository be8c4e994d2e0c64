from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from intervision import clock
from programs.models import Occupation
from sessions.actions import series
from sessions.errors import DatesTaken
from sessions.models import GroupSession
from tests.sessions.world import DAY, HOUR, meeting

pytestmark = pytest.mark.django_db(transaction=True)
RACERS, ROUNDS = 4, 5


def test_of_groups_that_plan_the_same_room_at_once_one_has_it_whole_and_the_others_nothing():
    for _ in range(ROUNDS):
        groups = [meeting("draft") for _ in range(RACERS)]
        room, start = groups[0].room, clock.now() + 30 * DAY
        moments = [series.Moment(start + n * DAY, start + n * DAY + HOUR) for n in range(4)]
        ready = Barrier(RACERS)

        def plan(here, room=room, moments=moments, ready=ready):
            try:
                ready.wait()
                series.plan_series(here.group, moments, by=None, place=series.Place(room))
            except DatesTaken as refusal:
                return len(refusal.refused)
            finally:
                connection.close()
            return 0

        with ThreadPoolExecutor(RACERS) as pool:
            refused = sorted(pool.map(plan, groups))

        assert refused == [0, 4, 4, 4]
        assert GroupSession.objects.filter(room=room).count() == 4
        assert Occupation.objects.filter(room=room).count() == 4
