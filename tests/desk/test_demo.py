import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Placement, User
from desk.demo import names
from intervision import clock
from outbox.models import Message
from programs.actions import undo
from programs.models import (
    Group,
    Guide,
    IntakeSlot,
    LearningGoal,
    Membership,
    Program,
    UndoableStep,
    WaitingPlace,
)
from sessions.models import GroupSession
from surveys.models import Result
from tests.access.test_access import signed_in
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    """The first hospital; test_demo_shapes.py is about the second."""
    settings.DEMO, settings.DEMO_SIZE = True, "hospital"
    call_command("demo")


def test_the_demonstration_is_a_working_hospital_in_which_each_role_has_something_to_do(demo):
    assert Placement.objects.values("user").distinct().count() == 150
    assert User.objects.filter(facilitator_profiles__isnull=False).count() == 12
    assert set(Program.objects.values_list("stage", flat=True)) == set(Program.Stage.values)
    assert set(Program.objects.values_list("format", flat=True)) == set(Program.Format.values)
    assert IntakeSlot.objects.filter(membership=None).exists()
    assert IntakeSlot.objects.filter(kept_at__isnull=False).exists()
    assert set(WaitingPlace.objects.values_list("kind", flat=True)) == {"group", "intake"}
    assert Guide.objects.filter(suspended_from__isnull=False).exists()
    assert GroupSession.objects.took_place().count() > 50
    assert Message.objects.filter(state="dead").count() == 1

    assert set(Result.objects.values_list("kind", flat=True)) >= {"pulse", "first"}

    assert LearningGoal.objects.filter(shared_with=None).exists()
    assert LearningGoal.objects.filter(shared_with__isnull=False).exists()

    intervisor = User.objects.get(email="intervisor@demo.example")
    resident = User.objects.get(email="resident@demo.example")
    over = GroupSession.objects.filter(ends_at__lt=clock.now(), state="planned")

    assert over.filter(group__guides__user=intervisor).exists(), "a log that is missing"
    assert Program.objects.guided_by(intervisor).filter(stage="intakes").exists()
    reserved = Membership.objects.filter(
        user=resident, intake_slot__starts_at__gt=clock.now(), state="placed"
    )
    assert reserved.filter(intake_slot__kept_at=None).exists()
    assert Membership.objects.filter(user=resident, program__stage="running", state="active").exists()


def test_its_people_came_in_long_ago_and_a_privacy_officer_has_something_to_look_at(demo):
    User.objects.update(language="en")
    officer = User.objects.get(email="privacy@demo.example")
    administrator = User.objects.get(email="administrator@demo.example")

    def page(user, name, *args):
        answer = signed_in(user).get(reverse(name, args=args))
        assert answer.status_code == 200
        return answer.content.decode()

    opened = page(officer, "desk:opened")
    assert "Nobody has opened anything." not in opened
    assert User.objects.get(email="resident@demo.example").name in opened
    assert "No night yet." not in page(officer, "desk:purges")
    roles = page(administrator, "accounts:people", "waterpoort")
    assert "Can sign in" in roles
    assert "Not invited" not in roles
    assert "Not confirmed yet" not in page(User.objects.get(email="resident@demo.example"), "account_email")


@pytest.mark.parametrize("day", [dt.date(2027, 1, 1), dt.date(2026, 3, 29)])
def test_it_can_be_built_on_any_day(settings, day):
    settings.DEMO, settings.DEMO_SIZE = True, "hospital"
    with time_machine.travel(dt.datetime.combine(day, dt.time(11), dt.UTC)):
        call_command("demo")

    assert Membership.objects.count() > 150


def test_it_refuses_to_be_put_into_a_real_installation(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO is off"):
        call_command("demo")


def test_it_refuses_a_database_with_somebody_in_it(settings):
    settings.DEMO = True
    UserFactory()
    with pytest.raises(CommandError, match="somebody"):
        call_command("demo")


def test_nobody_in_it_has_the_name_or_address_of_somebody_else():
    everybody = [names.name(number) for number in range(1000)]

    assert len({names.address(name) for name in everybody}) == 1000


def test_the_past_is_only_made_in_a_demonstration(settings):
    settings.DEMO = False
    with pytest.raises(ValueError, match="only in a demonstration"), clock.at(clock.now()):
        pass


def test_a_group_of_the_demonstration_meets_on_the_half_day_that_its_card_names(demo):
    for group in Group.objects.filter(sessions__isnull=False).distinct():
        zone = group.program.institution.zone
        starts = [session.starts_at.astimezone(zone) for session in group.sessions.all()]
        assert group.half_day in {2 * start.weekday() + (start.hour >= 12) for start in starts}


def test_whatever_it_offers_to_take_back_can_be_taken_back(demo):
    offered = [step for program in Program.objects.all() if (step := undo.latest(program))]
    assert len(offered) < UndoableStep.objects.values("program").distinct().count()

    for step in offered:
        undo.undo(step)
