"""Two coordinators at work on the groups of one program, in the same instant."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection

from intervision import clock
from planning.actions.groups import propose_groups
from programs.actions import groups
from tests.factories.programs import GroupFactory, MembershipFactory
from tests.sessions.world import meeting

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 30


def test_of_those_who_seat_people_and_ask_for_a_proposal_in_the_same_instant_nobody_gets_an_error():
    """Whoever moved somebody held the guard of independence and wanted the program; a proposal, the other way round."""
    here = meeting("draft")
    other, one = GroupFactory(program=here.program), MembershipFactory(group=here.group)
    two, three = MembershipFactory(group=other), MembershipFactory(group=here.group)

    def move(place, group):
        groups.move(place, group, on=clock.today(), by=here.coordinator)

    works = (
        lambda number: move(one, (other, here.group)[number % 2]),
        lambda number: move(two, (here.group, other)[number % 2]),
        lambda number: move(three, None),
        lambda number: propose_groups(here.program, by=here.coordinator, on=clock.today()),
    )
    ready = Barrier(len(works))

    def errors(work):
        try:
            return [error for number in range(ROUNDS) if (error := said(work, number))]
        finally:
            connection.close()

    def said(work, number):
        ready.wait()
        try:
            work(number)
        except DatabaseError as error:
            return error
        return None

    with ThreadPoolExecutor(len(works)) as pool:
        assert list(pool.map(errors, works)) == [[]] * len(works)
