"""Times change hands in any order: never two for one person or two people for one, and nobody is forgotten."""

import datetime as dt

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from outbox.models import Message
from programs.actions import intake_times, intakes, taking_part
from programs.errors import ProgramsError
from programs.models import Intake, IntakeSlot, Membership, Occupation, WaitingPlace
from tests.factories.programs import GroupFactory, GuideFactory, MembershipFactory

MONDAY = dt.datetime(2027, 1, 4, 7, tzinfo=dt.UTC)
PEOPLE, HOURS = 4, 5
person = st.integers(0, PEOPLE - 1)
hour = st.integers(0, HOURS - 1)


def time_at(number: int) -> intake_times.OfferedTime:
    start = MONDAY + dt.timedelta(days=2, hours=number)
    end = start + dt.timedelta(minutes=45)
    return intake_times.OfferedTime(start, end, start, end)


class Booking(RuleBasedStateMachine):
    @initialize()
    def plan(self) -> None:
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.guide = GuideFactory(group=GroupFactory(program__stage="recruiting", places=PEOPLE))
        self.program = self.guide.group.program
        self.people = [
            MembershipFactory(group=self.guide.group, invited_at=MONDAY, accepted_at=MONDAY)
            for _ in range(PEOPLE)
        ]
        self.declined = {}

    def teardown(self) -> None:
        if hasattr(self, "undone"):
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    def slot(self, number: int) -> IntakeSlot | None:
        return IntakeSlot.objects.filter(starts_at=time_at(number).starts_at).order_by("-created_at").first()

    def attempt(self, action, *args, **kwargs):
        """Do it; a refusal must have changed nothing."""
        before = everything()
        try:
            return action(*args, **kwargs)
        except ProgramsError:
            assert everything() == before
        return None

    @rule(number=hour)
    def publish(self, number: int) -> None:
        intake_times.publish_times(self.program, self.guide.user, [time_at(number)])

    @rule(who=person, number=hour)
    def book(self, who: int, number: int) -> None:
        if slot := self.slot(number):
            self.attempt(intakes.book_intake, slot, membership=self.people[who])

    @rule(who=person)
    def reserve(self, who: int) -> None:
        self.attempt(intakes.reserve_next, self.people[who])

    @rule(who=person)
    def keep(self, who: int) -> None:
        self.attempt(intakes.keep, self.people[who])

    @rule(who=person)
    def release(self, who: int) -> None:
        self.attempt(intakes.release, self.people[who])

    @rule(who=person, refused=st.booleans())
    def wait(self, who: int, refused: bool) -> None:
        self.attempt(intakes.join_waiting, self.people[who], refused=refused)

    @rule(number=hour)
    def withdraw(self, number: int) -> None:
        if slot := self.slot(number):
            self.attempt(intake_times.withdraw_time, slot, by=self.guide.user)

    @rule(number=hour)
    def call_off(self, number: int) -> None:
        slot = self.slot(number)
        if slot and slot.withdrawn_at is None:
            intake_times.call_off(slot, by=self.guide.user)

    @rule(who=person)
    def decline(self, who: int) -> None:
        step = self.attempt(taking_part.decline, self.people[who])
        if step:
            self.declined[who] = step

    @rule(who=person)
    def undo_decline(self, who: int) -> None:
        if step := self.declined.pop(who, None):
            taking_part.undo_decline(step)

    @invariant()
    def nobody_has_two_and_no_time_two_people(self) -> None:
        if not hasattr(self, "people"):
            return
        held = list(IntakeSlot.objects.filter(membership__isnull=False).values_list("membership", flat=True))
        assert len(held) == len(set(held))
        assert not IntakeSlot.objects.filter(membership__isnull=False, withdrawn_at__isnull=False).exists()

    @invariant()
    def who_has_a_time_does_not_wait_and_who_declined_has_none(self) -> None:
        if not hasattr(self, "people"):
            return
        waiting = WaitingPlace.objects.waiting("intake")
        assert not waiting.filter(membership__intake_slot__isnull=False).exists()
        gone = Membership.objects.filter(state="declined")
        assert not gone.filter(intake_slot__isnull=False).exists()
        assert not waiting.filter(membership__in=gone).exists()

    @invariant()
    def the_intake_says_what_the_time_says(self) -> None:
        if not hasattr(self, "people"):
            return
        for slot in IntakeSlot.objects.filter(membership__isnull=False).select_related("membership__intake"):
            assert slot.membership.intake.state == ("booked" if slot.kept_at else "offered")
        without = Intake.objects.filter(membership__intake_slot=None)
        assert not without.filter(state__in=("booked", "offered")).exists()

    @invariant()
    def each_offered_time_occupies_its_guide_and_no_other_does(self) -> None:
        if not hasattr(self, "people"):
            return
        offered = set(IntakeSlot.objects.filter(withdrawn_at=None).values_list("pk", flat=True))
        assert set(Occupation.objects.values_list("about_id", flat=True)) == offered

    @invariant()
    def a_reminder_is_on_its_way_exactly_to_those_with_a_time(self) -> None:
        if not hasattr(self, "people"):
            return
        due = Message.objects.filter(kind="intake-tomorrow", state="pending").values_list(
            "about_id", flat=True
        )
        held = IntakeSlot.objects.filter(membership__isnull=False).values_list("membership", flat=True)
        assert sorted(due) == sorted(held)


def everything() -> list[object]:
    return [
        list(IntakeSlot.objects.order_by("pk").values()),
        list(Intake.objects.order_by("pk").values()),
        list(WaitingPlace.objects.order_by("pk").values()),
        list(Membership.objects.order_by("pk").values()),
        list(Message.objects.order_by("pk").values()),
    ]


@pytest.mark.django_db
@pytest.mark.timeout(900)
def test_whatever_the_order_no_time_is_given_twice_and_nobody_is_lost():
    with time_machine.travel(MONDAY, tick=True):
        run_state_machine_as_test(
            Booking,
            settings=settings(
                max_examples=30,
                stateful_step_count=25,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes
            ),
        )
