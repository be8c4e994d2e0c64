"""Taking a person or a room, at the same moment as others."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from intervision import clock
from programs import occupying
from programs.models import Occupation
from tests.factories.programs import RoomFactory
from tests.sessions.world import DAY, HOUR

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
RACERS, ROUNDS = 8, 200


def test_of_many_who_take_a_room_at_the_same_moment_one_has_it_and_nobody_gets_an_error():
    """Without its lock, writers wait for each other and the database says 'deadlock detected'."""
    room, start, ready = RoomFactory(), clock.now(), Barrier(RACERS)

    def take(number: int) -> bool | DatabaseError:
        day = start + number * DAY
        try:
            with transaction.atomic():
                ready.wait()
                occupying.take(DateTimeTZRange(day, day + HOUR), room_id=room.pk, about_id=uuid.uuid4())
        except IntegrityError:
            return False
        except DatabaseError as error:  # said at the end: the others wait at the barrier
            return error
        return True

    def race(_: int) -> list[bool | DatabaseError]:
        try:
            return [take(number) for number in range(ROUNDS)]
        finally:
            connection.close()

    with ThreadPoolExecutor(RACERS) as pool:
        rounds = list(zip(*pool.map(race, range(RACERS)), strict=True))

    assert [error for each in rounds for error in each if isinstance(error, DatabaseError)] == []
    assert [sum(each) for each in rounds] == [1] * ROUNDS
    assert Occupation.objects.filter(room=room).count() == ROUNDS
