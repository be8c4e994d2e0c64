"""Over weeks in which guides come, go, are suspended and members move: who reads a sealed text, after each step."""

import datetime as dt
from contextlib import suppress

import pytest
import time_machine
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
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
guides, groups, days = st.integers(0, 2), st.integers(0, 1), st.integers(0, 20)


class Weeks(RuleBasedStateMachine):
    """Two groups of one program, three who may guide, a member who wrote three texts, a fellow member.

    What should be is worked out here from the rows themselves, in plain words, and not with the rule's query.
    """

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
        first = GuideFactory(group=self.groups[0], user=self.guides[0])
        self.shared = [
            goal(self.place, "Doel", shared_with=first),
            preparation(self.place, "Voorbereiding", shared_with=first),
        ]
        self.line = PrivateLine(membership=self.place, session=GroupSessionFactory(group=self.groups[0]))
        vault.write(self.place.user, self.line, {"line": "Regel"})

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.here)
        self.clock.stop()

    @property
    def today(self) -> dt.date:
        return dt.datetime.now(dt.UTC).date()

    def attempt(self, act) -> None:
        """The database or an action may refuse; then nothing happened."""
        with suppress(IntegrityError, ProgramsError), transaction.atomic():
            act()

    @rule(number=st.integers(1, 20))
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

    @rule()
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

    def should_read(self, user, row) -> bool:
        named = type(row).objects.select_related("shared_with").get(pk=row.pk).shared_with
        place = Membership.objects.get(pk=self.place.pk)
        if (
            named is None
            or named.user_id != user.pk
            or place.state == "left"
            or place.group_id != named.group_id
        ):
            return False
        if not named.from_on <= self.today <= (named.until_on or dt.date.max):
            return False
        appointment = user.appointments.get()
        if not appointment.from_on <= self.today <= (appointment.until_on or dt.date.max):
            return False
        return named.suspended_from is None or named.suspended_from > self.today

    @invariant()
    def exactly_the_named_guide_reads_while_guiding_and_never_an_evaluator(self):
        evaluations = EvaluativeRelation.objects.filter(from_on__lte=self.today)
        evaluators = set(evaluations.values_list("evaluator", flat=True))
        for row in self.shared:
            for user in self.guides:
                reads = self.reads(user, row)
                assert reads == self.should_read(user, row)
                assert not (reads and user.pk in evaluators)

    @invariant()
    def everybody_else_reads_nothing_and_the_owner_all(self):
        assert not any(self.reads(user, self.shared[0]) for user in self.others)
        assert not any(self.reads(user, self.line) for user in [*self.others, *self.guides])
        assert all(self.reads(self.place.user, row) for row in [*self.shared, self.line])


@pytest.mark.django_db
def test_in_no_order_of_steps_does_anybody_read_what_they_may_not():
    run_state_machine_as_test(
        Weeks,
        settings=settings(
            max_examples=10,
            stateful_step_count=15,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
