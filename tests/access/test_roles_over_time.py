"""Over weeks in which roles end, a member moves and accounts are closed: whose pages open, after each step."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.models import User
from programs.actions import seats
from programs.errors import ProgramsError
from programs.models import EvaluativeRelation, Membership
from tests.access.test_access import by_link, signed_in
from tests.access.world import House
from tests.factories.programs import EvaluativeRelationFactory, GroupFactory

BEGIN = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
CLOSED, NOT_APPOINTED, ENDED, SUSPENDED = "account closed", "not appointed", "assignment ended", "suspended"
LEFT, ELSEWHERE = "left", "in another group"
staff, days = st.integers(0, 1), st.integers(0, 4)


def holds(row, today: dt.date) -> bool:
    return row.from_on <= today <= (row.until_on or dt.date.max)


class Roles(RuleBasedStateMachine):
    """A coordinator, a guide and a member of one group. What should open is worked out in plain words from the rows.

    Nobody signs in between two steps of one day: what ended must end in a sign-in that is still open.
    """

    #: How often each lot of reasons was met, in all runs: a reason that never stood alone was never tried.
    met: Counter[tuple[str, ...]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(BEGIN, tick=False)
        self.time = self.clock.start()
        self.here = transaction.savepoint()
        self.house = House()
        Membership.objects.update(accepted_at=BEGIN, state="active")
        self.staff = [self.house.coordinator, self.house.intervisor]
        self.held = [self.house.program.coordinators.get(), self.house.guide]
        self.groups = [self.house.group, GroupFactory(program=self.house.program)]
        self.sign_in()

    def sign_in(self) -> None:
        self.coordinator, self.guide, self.member = (
            signed_in(user) for user in (*self.staff, self.house.resident)
        )
        self.linked = by_link(self.house, "take_part")

    def teardown(self) -> None:
        """However it went, each way in which a right ends is tried on what came of it."""
        try:
            for end in (self.assignment_ends, self.appointment_ends, self.begins_to_evaluate):
                self.tried(partial(end, 0, 0), partial(end, 1, 0))
            self.tried(partial(self.member_moves, 1))
            self.tried(self.member_leaves)
            self.tried(*(partial(self.account_is_closed, who) for who in range(3)))
        finally:
            transaction.savepoint_rollback(self.here)
            self.clock.stop()

    def tried(self, *steps: Callable[[], None]) -> None:
        """Whose pages open on the day after ``steps``, which are then undone."""
        before, now = transaction.savepoint(), dt.datetime.now(dt.UTC)
        for step in steps:
            step()
        self.days_pass(1)
        self.each_page_opens_for_those_whose_it_is_today()
        transaction.savepoint_rollback(before)
        self.time.move_to(now)

    @property
    def today(self) -> dt.date:
        return dt.datetime.now(dt.UTC).date()

    @property
    def place(self) -> Membership:
        return Membership.objects.get(pk=self.house.membership.pk)

    def attempt(self, act: Callable[[], object]) -> None:
        """The database or an action may refuse; then nothing happened."""
        with suppress(IntegrityError, ProgramsError), transaction.atomic():
            act()

    @rule(number=st.integers(1, 9))
    def days_pass(self, number):
        self.time.shift(dt.timedelta(days=number))
        self.sign_in()

    @rule(who=staff, ahead=days)
    def assignment_ends(self, who, ahead):
        last = self.today + dt.timedelta(days=ahead)
        type(self.held[who]).objects.filter(pk=self.held[who].pk).update(until_on=last)

    @rule(who=staff, ahead=days)
    def appointment_ends(self, who, ahead):
        self.staff[who].appointments.update(until_on=self.today + dt.timedelta(days=ahead))

    @rule(who=staff)
    def both_are_taken_up_again(self, who):
        self.staff[who].appointments.update(until_on=None)
        mine = type(self.held[who]).objects.filter(pk=self.held[who].pk)
        self.attempt(lambda: mine.update(until_on=None))

    @rule(who=staff, ahead=days)
    def begins_to_evaluate(self, who, ahead):
        first = self.today + dt.timedelta(days=ahead)
        known = {"evaluator": self.staff[who], "resident": self.house.resident, "from_on": first}
        if not EvaluativeRelation.objects.filter(**known).exists():
            EvaluativeRelationFactory(institution=self.house.institution, **known)

    @rule(group=st.integers(0, 1))
    def member_moves(self, group):
        self.attempt(lambda: seats.place(self.house.membership, self.groups[group], on=self.today))

    @rule()
    def member_has_no_group(self):
        self.attempt(lambda: seats.unplace(self.house.membership))

    @rule(length=days)
    def member_pauses(self, length):
        until = self.today + dt.timedelta(days=length)
        self.attempt(lambda: seats.pause(self.house.membership, from_on=self.today, until_on=until))

    def member_leaves(self):
        self.attempt(lambda: seats.leave(self.house.membership, on=self.today))

    def account_is_closed(self, who):
        self.accounts().filter(pk=[*self.staff, self.house.resident][who].pk).update(is_active=False)

    @rule(who=st.integers(0, 2))
    def account_is_closed_for_a_while(self, who):
        self.account_is_closed(who)
        self.each_page_opens_for_those_whose_it_is_today()
        self.accounts().update(is_active=True)

    def accounts(self):
        return User.objects.filter(pk__in=[user.pk for user in (*self.staff, self.house.resident)])

    def refused_to_staff(self, who: int) -> list[str]:
        held = type(self.held[who]).objects.get(pk=self.held[who].pk)
        reasons = {
            CLOSED: not User.objects.get(pk=self.staff[who].pk).is_active,
            NOT_APPOINTED: not holds(self.staff[who].appointments.get(), self.today),
            ENDED: not holds(held, self.today),
            SUSPENDED: held.suspended_from is not None and held.suspended_from <= self.today,
        }
        return [reason for reason, true in reasons.items() if true]

    def refused_to_member(self) -> list[str]:
        reasons = {
            CLOSED: not User.objects.get(pk=self.house.resident.pk).is_active,
            LEFT: self.place.state == "left",
            ELSEWHERE: self.place.group_id != self.groups[0].pk,
        }
        return [reason for reason, true in reasons.items() if true]

    def opens(self, visitor: Client, page: str, about: object, reasons: list[str]) -> None:
        """The page opens just when nothing speaks against it; whose account is closed must sign in."""
        self.met[tuple(reasons)] += 1
        expected = 302 if CLOSED in reasons else 404 if reasons else 200
        assert (page, visitor.get(reverse(page, args=[about])).status_code) == (page, expected)

    @invariant()
    def each_page_opens_for_those_whose_it_is_today(self):
        group = self.groups[0].pk
        self.opens(self.coordinator, "programs:people", self.house.program.pk, self.refused_to_staff(0))
        self.opens(self.guide, "sessions:group", group, self.refused_to_staff(1))
        member = self.refused_to_member()
        for visitor in (self.member, self.linked):
            self.opens(visitor, "sessions:group", group, member)
        anywhere = [reason for reason in member if reason != ELSEWHERE]
        self.opens(self.member, "programs:my-place", self.house.membership.pk, anywhere)


@pytest.mark.django_db
@pytest.mark.timeout(900)
def test_in_no_order_of_steps_does_a_page_open_for_whom_it_has_ended():
    Roles.met.clear()
    run_state_machine_as_test(
        Roles,
        settings=settings(
            max_examples=8,
            stateful_step_count=10,
            deadline=None,
            derandomize=True,
            phases=(Phase.generate,),  # to make a failure shorter takes longer than a test may
            suppress_health_check=list(HealthCheck),
        ),
    )
    alone = {(CLOSED,), (NOT_APPOINTED,), (ENDED,), (SUSPENDED,), (LEFT,), (ELSEWHERE,)}
    assert set(Roles.met) >= {(), *alone}
