from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection

from intervision import clock
from planning.actions import guides
from programs.models import Guide, Occupation
from sessions.actions import changes, series
from sessions.errors import DatesTaken, GuideBusy, RoomBusy
from sessions.models import GroupSession
from tests.factories.accounts import AppointmentFactory
from tests.sessions.world import DAY, HOUR, meeting

pytestmark = pytest.mark.django_db(transaction=True)
RACERS, ROUNDS, MOVES = 4, 5, 30


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


def test_a_session_added_while_another_of_its_group_is_moved_to_the_same_room_ends_in_words_never_in_an_error():
    here, ready = meeting(), Barrier(2)
    place, start = series.Place(here.room), clock.now() + 30 * DAY
    rows = [
        series.add_session(here.group, series.Moment(day, day + HOUR), by=here.coordinator, place=place)
        for day in (start + n * DAY for n in range(MOVES))
    ]

    def each(change):
        try:
            return [said(change, row) for row in rows]
        finally:
            connection.close()

    def said(change, row):
        ready.wait()
        try:
            change(row, row.starts_at + 2 * HOUR)
        except (RoomBusy, GuideBusy):
            return "taken"
        except DatabaseError as error:
            return error
        return "done"

    def move(row, at):
        changes.move_session(row, starts_at=at, ends_at=at + HOUR, by=here.coordinator)

    def add(row, at):
        series.add_session(here.group, series.Moment(at, at + HOUR), by=here.coordinator, place=place)

    with ThreadPoolExecutor(2) as pool:
        pairs = list(zip(*pool.map(each, (move, add)), strict=True))

    assert [sorted(pair, key=str) for pair in pairs] == [["done", "taken"]] * MOVES


def test_somebody_stands_in_while_another_begins_to_guide_the_group_and_nobody_gets_an_error():
    here, ready = meeting(), Barrier(2)
    also = AppointmentFactory(role="intervisor", institution=here.house).user
    start = clock.now() + 30 * DAY
    row = series.add_session(here.group, series.Moment(start, start + HOUR), by=here.coordinator)

    def stand_in(number):
        changes.substitute(row, (also, None)[number % 2], by=here.coordinator)

    def guide(number):
        there = Guide.objects.filter(group=here.group, role="co").first()
        if there is None:
            guides.assign_guide(here.group, also, role="co", from_on=clock.today())
        else:
            guides.end_guide(there, on=clock.today())

    def each(change):
        try:
            return [error for number in range(MOVES) if (error := said(change, number))]
        finally:
            connection.close()

    def said(change, number):
        ready.wait()
        try:
            change(number)
        except DatabaseError as error:
            return error
        return None

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(each, (stand_in, guide))) == [[], []]
