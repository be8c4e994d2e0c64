"""Taking a person or a room, at the same moment as others."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from intervision import clock
from programs import occupying
from programs.models import Occupation
from tests.factories.programs import RoomFactory
from tests.sessions.world import DAY, HOUR

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
RACERS, ROUNDS = 8, 50


def test_of_many_who_take_a_room_at_the_same_moment_one_has_it_and_nobody_gets_an_error():
    """Without writing again this fails in about one round of eight, with 'deadlock detected'."""
    room, start, ready = RoomFactory(), clock.now(), Barrier(RACERS)

    def take(number: int) -> bool:
        ready.wait()
        try:
            day = start + number * DAY
            occupying.take(room=room, period=DateTimeTZRange(day, day + HOUR), about_id=uuid.uuid4())
        except IntegrityError:
            return False
        return True

    def race(_: int) -> list[bool | OperationalError]:
        try:
            return [took(number) for number in range(ROUNDS)]
        finally:
            connection.close()

    def took(number: int) -> bool | OperationalError:
        try:
            return take(number)
        except OperationalError as error:  # said at the end: the others wait at the barrier
            return error

    with ThreadPoolExecutor(RACERS) as pool:
        rounds = list(zip(*pool.map(race, range(RACERS)), strict=True))

    assert [error for each in rounds for error in each if isinstance(error, OperationalError)] == []
    assert [sum(each) for each in rounds] == [1] * ROUNDS
    assert Occupation.objects.filter(room=room).count() == ROUNDS
