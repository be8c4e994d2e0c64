"""Many people want the last place at the same moment, on connections of their own."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from programs import errors
from programs.actions import joining, taking_part, waiting
from programs.models import Group, Membership, WaitingPlace
from tests.factories.accounts import UserFactory
from tests.factories.programs import GroupFactory, GuideFactory, ProgramFactory

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, ROUNDS = 12, 5


def at_once(work, items):
    """Run ``work`` over ``items`` from threads that start together, each with its own connection."""
    barrier = threading.Barrier(len(items))

    def run(item):
        try:
            barrier.wait(60)
            return work(item)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(run, items))


def full_but_for_one():
    program = ProgramFactory(stage="recruiting", joining="open")
    group = GroupFactory(program=program, places=1)
    GuideFactory(group=group)
    rows = [joining.enter(program, UserFactory(), joining.Newcomer()) for _ in range(PEOPLE)]
    return group, rows


def test_of_many_who_want_the_last_place_one_gets_it_and_each_other_hears_that_it_is_full():
    for _ in range(ROUNDS):
        group, rows = full_but_for_one()

        def join(row, group=group):
            try:
                return joining.join(row, group).pk
            except errors.GroupFull:
                return None

        answers = at_once(join, rows)

        assert sum(answer is not None for answer in answers) == 1
        assert Group.objects.get(pk=group.pk).taken == 1
        assert Membership.objects.filter(group=group).count() == 1


def test_of_many_who_wait_while_the_seat_frees_one_is_offered_it():
    for _ in range(ROUNDS):
        group, rows = full_but_for_one()
        seated = joining.join(rows[0], group)

        def act(row, seated=seated, group=group):
            """One leaves, the others get into the line: in whichever order, the seat goes to one of them."""
            if row.pk == seated.pk:
                return taking_part.decline(row)
            try:
                return waiting.wait_for_seat(row, group)
            except errors.SeatsFree:
                return None

        at_once(act, rows)
        waiting.renew_in(group.program, at=seated.accepted_at)

        offered = WaitingPlace.objects.filter(program=group.program, offered_at__isnull=False)
        assert Group.objects.get(pk=group.pk).taken == offered.count() <= 1
        assert offered.count() == 1 or not WaitingPlace.objects.filter(program=group.program).exists()
