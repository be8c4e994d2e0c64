"""Whatever happens around two windows of a group, in whatever order: nothing is shown early, twice or of too few."""

import datetime as dt
import uuid

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from programs.models import Membership
from surveys import tallies
from surveys.actions.answering import answer
from surveys.actions.closing import close_due
from surveys.actions.opening import withdraw
from surveys.errors import SurveysError
from surveys.models import Kind, Pool, Receipt, Result, Tally, Window
from tests.factories.surveys import CLOSES, NEXT, OPENS, PULSE, group_of, window

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]
FINAL = {Window.State.RELEASED, Window.State.DESTROYED}
HOUR = dt.timedelta(hours=1)


class Undone(Exception):
    """Puts the database back after one run of the machine."""


class Surveys(RuleBasedStateMachine):
    """A pair of sessions of one group of seven; the model remembers who answered what was open."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.group, self.users = group_of(7)
        self.now = OPENS
        self.abouts = {1: uuid.uuid4(), 2: uuid.uuid4()}
        self.windows = {number: window(self.group, number, about_id=self.abouts[number]) for number in (1, 2)}
        self.answered: dict[int, set[int]] = {1: set(), 2: set()}
        self.seen: dict[int, str] = {}
        self.shown: dict[uuid.UUID, dict[str, str]] = {}
        self.gone: set[int] = set()
        self.second = 0

    def teardown(self) -> None:
        """However it went, both deadlines pass at last."""
        try:
            self.deadlines_pass()
        finally:
            self.undo.__exit__(Undone, Undone(), None)

    def deadlines_pass(self) -> None:
        for at in (CLOSES, OPENS + NEXT, CLOSES + NEXT):
            self.time_passes(at, ticks=True)
            self.many_answer(2, self.second)
            self.a_window_that_is_closed_stays_as_it_is()
            self.nothing_is_shown_before_its_deadline_or_of_too_few()
            self.receipts_and_counts_say_the_same_and_go_together()
            self.what_is_pooled_is_sealed_until_all_is_closed()
        assert set(self.seen.values()) <= FINAL

    @initialize(first=st.integers(3, 6), second=st.integers(3, 6))
    def people_come(self, first: int, second: int) -> None:
        """Most answer in the room, at both sessions."""
        self.second = second
        self.many_answer(1, first)

    @rule(number=st.sampled_from((1, 2)), who=st.integers(0, 6), value=st.integers(1, 5))
    def answers(self, number: int, who: int, value: int) -> None:
        asked = Window.objects.get(pk=self.windows[number].pk)
        may = asked.is_open(self.now) and who not in self.gone and who not in self.answered[number]
        try:
            answer(asked, self.users[who], {question.key: value for question in PULSE}, at=self.now)
        except SurveysError:
            assert not may
        else:
            assert may
            self.answered[number].add(who)

    @rule(number=st.sampled_from((1, 2)), count=st.integers(3, 6))
    def many_answer(self, number: int, count: int) -> None:
        for who in range(count):
            self.answers(number, who, 1 + who % 5)

    @rule(to=st.sampled_from((OPENS + HOUR, CLOSES, OPENS + NEXT, OPENS + NEXT)), ticks=st.booleans())
    def time_passes(self, to: dt.datetime, ticks: bool) -> None:
        self.now = max(self.now, to)
        if ticks:
            close_due(at=self.now)

    @rule(who=st.integers(0, 6))
    def somebody_leaves(self, who: int) -> None:
        Membership.objects.filter(user=self.users[who]).update(state="left", left_on=OPENS.date())
        self.gone.add(who)

    @rule(number=st.sampled_from((1, 2, None, None, None, None)))
    def a_session_is_cancelled(self, number: int | None) -> None:
        if number:
            withdraw(Kind.PULSE, self.abouts[number])

    @invariant()
    def a_window_that_is_closed_stays_as_it_is(self) -> None:
        for number, asked in self.windows.items():
            state = Window.objects.get(pk=asked.pk).state
            assert self.seen.get(number) not in FINAL or state == self.seen[number]
            self.seen[number] = state

    @invariant()
    def nothing_is_shown_before_its_deadline_or_of_too_few(self) -> None:
        for result in Result.objects.prefetch_related("windows"):
            parts = list(result.windows.all())
            if parts:
                assert all(part.closes_at <= self.now for part in parts)
                people = set().union(*(self.answered[part.number] for part in parts))
                assert len(people) >= 5
                assert len(parts) == 1 or all(len(self.answered[part.number]) < 5 for part in parts)
            assert self.shown.setdefault(result.pk, result.words) == result.words

    @invariant()
    def receipts_and_counts_say_the_same_and_go_together(self) -> None:
        for number, asked in self.windows.items():
            tally = Tally.objects.filter(window=asked).first()
            receipts = Receipt.objects.filter(window=asked).count()
            if self.seen[number] in FINAL:
                assert tally is None
                assert receipts == 0
            else:
                assert tally is not None
                counted = tallies.answers(tallies.counts(asked, tally))
                assert receipts == counted == len(self.answered[number])

    @invariant()
    def what_is_pooled_is_sealed_until_all_is_closed(self) -> None:
        for pool in Pool.objects.all():
            assert (pool.state == Pool.State.OPEN) == (pool.sealed is not None)
            if pool.state != Pool.State.OPEN:
                assert self.now >= CLOSES + NEXT
                assert set(self.seen.values()) <= FINAL


def test_whatever_happens_nothing_is_shown_early_twice_or_of_too_few():
    run_state_machine_as_test(
        Surveys,
        settings=settings(
            max_examples=20,
            stateful_step_count=8,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
