"""Two hundred people want fifty times at the same moment, on connections of their own."""

import datetime as dt
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from intervision import clock
from outbox.models import Message
from programs import errors
from programs.actions import intakes, taking_part
from programs.models import Intake, IntakeSlot, Membership, WaitingPlace
from tests.factories.programs import GroupFactory, GuideFactory, IntakeSlotFactory, MembershipFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(900)]
PEOPLE, TIMES, ROUNDS = 200, 50, 20
#: As many as the database takes at once; each of them books for its share of the people.
AT_ONCE = 50


@pytest.fixture
def crowd():
    program = GroupFactory(program__stage="recruiting").program
    guide = GuideFactory(group=GroupFactory(program=program, places=1)).user
    soon = clock.now() + dt.timedelta(days=2)
    slots = [
        IntakeSlotFactory(program=program, guide=guide, starts_at=soon + dt.timedelta(hours=n))
        for n in range(TIMES)
    ]
    members = []
    for _ in range(PEOPLE // 20):
        group = GroupFactory(program=program, places=20)
        GuideFactory(group=group, user=guide)
        members += [MembershipFactory(group=group, invited_at=soon, accepted_at=soon) for _ in range(20)]
    return members, slots


def all_at_once(work, items):
    """Run ``work`` over ``items`` from many threads that start together, each with its own connection."""
    barrier = threading.Barrier(AT_ONCE)

    def run(mine):
        try:
            barrier.wait(60)
            return [work(item) for item in mine]
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        shares = list(pool.map(run, [items[n::AT_ONCE] for n in range(AT_ONCE)]))
    return [answer for share in shares for answer in share]


def start_over():
    WaitingPlace.objects.all().delete()
    IntakeSlot.objects.update(**intakes.FREE)
    Intake.objects.all().delete()
    Message.objects.all().delete()


def test_two_hundred_people_and_fifty_times_end_with_fifty_bookings_in_every_round(crowd):
    members, slots = crowd

    def want(number):
        """Ask for one time; refused, take the next of those that are offered, as a person would."""
        slot = slots[number % 7]
        for _ in range(2 * TIMES):
            try:
                return intakes.book_intake(slot, membership=members[number]).pk
            except errors.SlotTaken:
                free = intakes.offered_times(members[number], at=clock.now())
                if not free:
                    return None
                slot = free[number % len(free)]
        raise AssertionError("asked a hundred times and never got an answer")

    for _ in range(ROUNDS):
        start_over()
        got = all_at_once(want, range(PEOPLE))

        booked = Counter(slot for slot in got if slot)
        assert len(booked) == TIMES
        assert set(booked.values()) == {1}
        assert IntakeSlot.objects.filter(membership__isnull=False).count() == TIMES
        assert Intake.objects.filter(state="booked").count() == TIMES
        assert Message.objects.filter(kind="intake-booked").count() == TIMES


def test_over_the_web_each_loser_is_offered_what_is_free_and_nobody_sees_an_error(crowd):
    members, slots = crowd
    clients = []
    for member in members:
        client = Client()
        client.force_login(member.user)
        clients.append(client)

    def want(number):
        address = reverse("programs:my-time", args=[members[number].pk])
        answer = clients[number].post(address, {"slot": slots[number % TIMES].pk})
        return answer.status_code, b"This time was just taken" in answer.content

    answers = Counter(all_at_once(want, range(PEOPLE)))

    assert answers == {(302, False): TIMES, (422, True): PEOPLE - TIMES}
    assert IntakeSlot.objects.filter(membership__isnull=False).count() == TIMES


def test_times_given_up_while_others_join_the_waiting_list_are_never_lost(crowd):
    """Whoever waits while a time is free was forgotten; whoever has one and waits was given two."""
    members, slots = crowd
    holders, hopeful = members[:TIMES], members[TIMES:100]

    for _ in range(3):
        start_over()
        for member, slot in zip(holders, slots, strict=True):
            intakes.book_intake(slot, membership=member)

        def act(number):
            if number % 2:
                intakes.release(holders[number // 2])
                return
            try:
                intakes.join_waiting(hopeful[number // 2])
            except errors.TimesFree:
                free = intakes.offered_times(hopeful[number // 2], at=clock.now())
                if free:
                    try:
                        intakes.book_intake(free[0], membership=hopeful[number // 2])
                    except errors.SlotTaken:
                        return

        all_at_once(act, range(100))

        waiting = set(WaitingPlace.objects.waiting("intake").values_list("membership", flat=True))
        having = set(IntakeSlot.objects.filter(membership__isnull=False).values_list("membership", flat=True))
        assert not waiting & having
        assert not waiting or not IntakeSlot.objects.free(at=clock.now()).exists()


def test_answers_of_every_kind_at_the_same_moment_never_stand_in_each_other_s_way(crowd):
    """Saying yes, no, another time and "none of these" lock rows in one order, so none is thrown out."""
    members, slots = crowd
    people = members[:60]
    Membership.objects.update(accepted_at=None, state="placed")
    for member, slot in zip(people[:40], slots, strict=False):
        intakes.reserve(slot, membership=member)
    for member in people:
        member.refresh_from_db()

    def answer(number):
        who = people[number]
        try:
            if number >= 40 and number % 2:
                taking_part.take_part(who)
            elif number >= 40:
                intakes.join_waiting(who, refused=True)
            elif number % 3 == 0:
                taking_part.decline(who)
            elif number % 3 == 1:
                taking_part.take_part_and_book(who, slots[49 - number % 9])
            else:
                taking_part.take_part_and_keep(who)
        except errors.ProgramsError:
            return "refused"
        return "done"

    answers = Counter(all_at_once(answer, range(60)))

    assert sum(answers.values()) == 60
    held = list(IntakeSlot.objects.filter(membership__isnull=False).values_list("membership", flat=True))
    assert len(held) == len(set(held))
    assert not Membership.objects.filter(state="declined", intake_slot__isnull=False).exists()
