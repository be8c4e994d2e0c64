"""Over weeks in which guides come, go, are suspended and members move: who reads a sealed text, after each step."""

import datetime as dt
from collections import Counter
from contextlib import suppress
from functools import partial

import pytest
import time_machine
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

import vault
from accounts.models import Appointment
from programs.actions import own_texts, seats
from programs.errors import ProgramsError
from programs.models import EvaluativeRelation, Guide, Membership
from sessions.models import PrivateLine
from tests.factories.accounts import AppointmentFactory, UserFactory
from tests.factories.own_texts import goal, preparation
from tests.factories.programs import (
    EvaluativeRelationFactory,
    GroupFactory,
    GuideFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
    ProgramFactory,
)
from tests.factories.sessions import GroupSessionFactory
from vault.errors import MayNotRead

BEGIN = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
LEFT, MOVED, ENDED = "the member left", "the member moved", "guides no more"
NOT_APPOINTED, SUSPENDED = "no longer appointed", "suspended"
guides, groups, days = st.integers(0, 2), st.integers(0, 1), st.integers(0, 4)


class Weeks(RuleBasedStateMachine):
    """Two groups of one program, three who may guide, a member who wrote three texts, a fellow member.

    What should be is worked out here from the rows themselves, in plain words, and not with the rule's query.
    """

    #: How often each lot of reasons was met, in all runs: a reason that never stood alone was never tried.
    met: Counter[tuple[str, ...]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(BEGIN, tick=False)
        self.time = self.clock.start()
        self.here = transaction.savepoint()
        program = ProgramFactory()
        self.house = program.institution
        self.groups = [GroupFactory(program=program), GroupFactory(program=program)]
        self.guides = [AppointmentFactory(institution=self.house, role="intervisor").user for _ in range(3)]
        self.place = MembershipFactory(group=self.groups[0])
        fellow = MembershipFactory(group=self.groups[0]).user
        self.others = [fellow, UserFactory(), ProgramCoordinatorFactory(program=program).user]
        lead, along = (
            GuideFactory(group=self.groups[0], user=user, role=role)
            for user, role in zip(self.guides, ("lead", "co"), strict=False)
        )
        self.shared = [
            goal(self.place, "Doel", shared_with=lead),
            preparation(self.place, "Voorbereiding", shared_with=along),
        ]
        self.line = PrivateLine(membership=self.place, session=GroupSessionFactory(group=self.groups[0]))
        vault.write(self.place.user, self.line, {"line": "Regel"})

    def teardown(self) -> None:
        """However it went, each way in which a right ends is tried on what came of it."""
        ways = (self.guide_ends, self.appointment_ends, self.begins_to_evaluate)
        try:
            for end in ways:
                self.tried(*(partial(end, who, 0) for who in range(3)))
            self.tried(partial(self.member_moves, 0))
            self.tried(partial(self.member_moves, 1))
            self.tried(self.member_leaves, partial(self.guide_comes, 0, 0))
        finally:
            transaction.savepoint_rollback(self.here)
            self.clock.stop()

    def tried(self, *steps) -> None:
        """Who reads what on the day after ``steps``, which are then undone."""
        before, today = transaction.savepoint(), dt.datetime.now(dt.UTC)
        for step in steps:
            step()
        self.days_pass(1)
        self.exactly_the_named_guide_reads_while_guiding_and_never_an_evaluator()
        transaction.savepoint_rollback(before)
        self.time.move_to(today)

    @property
    def today(self) -> dt.date:
        return dt.datetime.now(dt.UTC).date()

    def attempt(self, act) -> None:
        """The database or an action may refuse; then nothing happened."""
        with suppress(IntegrityError, ProgramsError), transaction.atomic():
            act()

    @rule(number=st.integers(1, 9))
    def days_pass(self, number):
        self.time.shift(dt.timedelta(days=number))

    @rule(who=guides, group=groups)
    def guide_comes(self, who, group):
        made = {"group": self.groups[group], "user": self.guides[who], "role": "co", "from_on": self.today}
        self.attempt(lambda: Guide.objects.create(**made))

    @rule(who=guides, ahead=days)
    def guide_ends(self, who, ahead):
        last = self.today + dt.timedelta(days=ahead)
        self.attempt(lambda: Guide.objects.filter(user=self.guides[who]).update(until_on=last))

    @rule(who=guides, ahead=days)
    def appointment_ends(self, who, ahead):
        last = self.today + dt.timedelta(days=ahead)
        Appointment.objects.filter(user=self.guides[who]).update(until_on=last)

    @rule(who=guides)
    def appointed_again(self, who):
        Appointment.objects.filter(user=self.guides[who]).update(until_on=None)

    @rule(who=guides, ahead=days)
    def begins_to_evaluate(self, who, ahead):
        first = self.today + dt.timedelta(days=ahead)
        known = {"evaluator": self.guides[who], "resident": self.place.user, "from_on": first}
        if not EvaluativeRelation.objects.filter(**known).exists():
            EvaluativeRelationFactory(institution=self.house, **known)

    @rule(group=groups)
    def member_moves(self, group):
        self.attempt(lambda: seats.place(self.place, self.groups[group], on=self.today))

    def member_leaves(self):
        self.attempt(lambda: seats.leave(self.place, on=self.today))

    @rule(text=st.integers(0, 1), who=guides)
    def member_shares(self, text, who):
        """The page offers those who guide the member's group today."""
        place = Membership.objects.select_related("group").get(pk=self.place.pk)
        row = type(self.shared[text]).objects.get(pk=self.shared[text].pk)
        offered = place.group.guides.active() if place.group else Guide.objects.none()
        if guide := offered.filter(user=self.guides[who]).first():
            own_texts.share_with(row, guide)

    @rule(text=st.integers(0, 1))
    def member_keeps(self, text):
        own_texts.share_with(type(self.shared[text]).objects.get(pk=self.shared[text].pk), None)

    def reads(self, user, row) -> bool:
        try:
            vault.read(user, row)
        except MayNotRead:
            return False
        return True

    def refused_because(self, user, row) -> list[str]:
        """Every reason why ``user``, a guide, may not read ``row`` today."""
        named = type(row).objects.select_related("shared_with").get(pk=row.pk).shared_with
        if named is None or named.user_id != user.pk:
            return ["another is named, or nobody"]
        place = Membership.objects.get(pk=self.place.pk)
        appointment = user.appointments.get()
        reasons = {
            LEFT: place.state == "left",
            MOVED: place.group_id != named.group_id,
            ENDED: not named.from_on <= self.today <= (named.until_on or dt.date.max),
            NOT_APPOINTED: not appointment.from_on <= self.today <= (appointment.until_on or dt.date.max),
            SUSPENDED: named.suspended_from is not None and named.suspended_from <= self.today,
        }
        return [reason for reason, holds in reasons.items() if holds]

    @invariant()
    def exactly_the_named_guide_reads_while_guiding_and_never_an_evaluator(self):
        evaluations = EvaluativeRelation.objects.filter(from_on__lte=self.today)
        evaluators = set(evaluations.values_list("evaluator", flat=True))
        for row in self.shared:
            for user in self.guides:
                reads = self.reads(user, row)
                reasons = self.refused_because(user, row)
                assert reads == (not reasons)
                self.met[tuple(reasons)] += 1
                assert not (reads and user.pk in evaluators)

    @invariant()
    def everybody_else_reads_nothing_and_the_owner_all(self):
        assert not any(self.reads(user, self.shared[0]) for user in self.others)
        assert not any(self.reads(user, self.line) for user in [*self.others, *self.guides])
        assert all(self.reads(self.place.user, row) for row in [*self.shared, self.line])


@pytest.mark.django_db
@pytest.mark.timeout(900)
def test_in_no_order_of_steps_does_anybody_read_what_they_may_not():
    Weeks.met.clear()
    run_state_machine_as_test(
        Weeks,
        settings=settings(
            max_examples=8,
            stateful_step_count=15,
            deadline=None,
            derandomize=True,
            phases=(Phase.generate,),  # to make a failure shorter takes longer than a test may
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set(Weeks.met) >= {(), (LEFT,), (MOVED,), (ENDED,), (NOT_APPOINTED,), (SUSPENDED,)}
