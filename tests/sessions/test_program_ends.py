import pytest
import time_machine
from django.urls import reverse

from outbox.models import Message
from programs.actions import stages as programs
from programs.models import Occupation, Program
from sessions import mails, tasks
from sessions.actions import changes, series
from sessions.models import GroupSession
from tests.factories.accounts import UserFactory
from tests.sessions.world import DAY, HOUR, MONDAY, meeting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_a_monday():
    with time_machine.travel(MONDAY, tick=False) as now:
        yield now


@pytest.fixture
def here():
    here = meeting()
    moments = [series.Moment(MONDAY + n * DAY, MONDAY + n * DAY + 2 * HOUR) for n in (30, 51)]
    series.plan_series(here.group, moments, by=None, place=series.Place(here.room))
    return here


def told():
    pending = Message.objects.filter(state="pending").exclude(kind="session-substitute")
    return sorted(pending.values_list("kind", "recipient"))


def test_ending_a_program_cancels_its_coming_sessions_frees_everybody_and_tells_each_once(client, here):
    stands_in = UserFactory()
    changes.substitute(here.group.sessions.first(), stands_in, by=here.coordinator)
    client.force_login(here.coordinator)
    url = reverse("sessions:cancel-program", args=[here.program.pk])
    assert "2 sessions still to come are cancelled" in client.get(url).content.decode()

    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 409

    assert set(GroupSession.objects.values_list("state", flat=True)) == {"cancelled"}
    assert not Occupation.objects.exists()
    everybody = [*[row.user_id for row in here.members], here.guide.pk, stands_in.pk]
    assert told() == sorted(("program-cancelled", person) for person in everybody)
    assert not Message.objects.filter(state="pending", kind="session-substitute").exists()


def test_a_program_that_was_cancelled_elsewhere_takes_its_sessions_along_within_the_hour(here):
    programs.cancel(here.program, by=here.coordinator)
    for _ in range(2):
        tasks.hourly()

    assert set(GroupSession.objects.values_list("state", flat=True)) == {"cancelled"}
    assert not Message.objects.filter(state="pending", kind__startswith="session").exists()


def test_a_session_of_before_the_end_stays_as_it_was(here, on_a_monday):
    on_a_monday.move_to(MONDAY + 31 * DAY)

    programs.cancel(here.program, by=here.coordinator)
    tasks.hourly()

    assert list(GroupSession.objects.values_list("state", flat=True)) == ["planned", "cancelled"]


def test_a_program_planned_in_silence_ends_in_silence(here):
    here.program.memberships.update(invited_at=None)
    Program.objects.update(stage="draft")

    programs.cancel(Program.objects.get(), by=here.coordinator)

    assert not Message.objects.filter(kind="program-cancelled").exists()


def test_the_reminders_of_a_paused_program_are_silent_and_those_after_the_pause_go_on(here):
    first, second = here.group.sessions.all()
    member = here.members[0].user

    programs.pause(here.program, by=here.coordinator)
    tasks.hourly()
    assert isinstance(mails.in_2_days(first.pk, member, first.starts_at - 2 * DAY), mails.Gone)
    programs.resume(Program.objects.get(), by=here.coordinator)

    assert isinstance(mails.in_2_days(second.pk, member, second.starts_at - 2 * DAY), mails.Mail)
    assert Message.objects.filter(state="pending", kind="session-in-2-days", about_id=second.pk).count() == 4
