import datetime as dt
import io

import pytest
import time_machine
from django.core.management import call_command

import outbox
from outbox import jobs, retention, tasks
from outbox.models import Heartbeat, Job, Message
from tests.factories.outbox import BEFORE, JobFactory, MessageFactory
from tests.outbox.kinds import work

MONTH = dt.timedelta(days=30)


@pytest.fixture
def kicked(monkeypatch):
    asked = []
    monkeypatch.setattr("outbox.tasks.run_job.apply_async", lambda args, *rest, **options: asked.append(args))
    return asked


@pytest.mark.django_db
def test_a_tick_leaves_a_sign_of_life_sends_what_is_due_and_asks_for_waiting_work(post_office, kicked):
    MessageFactory()
    job = JobFactory()
    assert outbox.heartbeat_age() is None

    tasks.tick()

    assert outbox.heartbeat_age() < dt.timedelta(seconds=10)
    assert len(post_office.accepted) == 1
    assert kicked == [(str(job.pk),)]


@pytest.mark.django_db
@time_machine.travel(BEFORE + 12 * MONTH)
def test_the_sign_of_life_keeps_real_time(kicked):
    tasks.tick()

    assert outbox.heartbeat_age() < dt.timedelta(seconds=10)
    assert Heartbeat.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_due_messages_and_waiting_work_need_no_broker(post_office, monkeypatch):
    monkeypatch.setitem(jobs._kinds, "import", work(lambda job, progress: {"rows": 1}))
    MessageFactory()
    job = JobFactory()
    printed = io.StringIO()

    call_command("run_due", stdout=printed)

    job.refresh_from_db()
    assert printed.getvalue() == "1 sent\n"
    assert len(post_office.accepted) == 1
    assert job.state == Job.State.DONE


@pytest.mark.django_db
def test_what_was_told_half_a_year_ago_is_deleted_and_what_is_still_to_be_told_stays():
    old, recent = MessageFactory(state="dead"), MessageFactory(state="dead", due_at=BEFORE + 3 * MONTH)
    overdue = MessageFactory()
    JobFactory(state="done", finished_at=BEFORE)

    retention.purge(at=BEFORE + 7 * MONTH)

    assert set(Message.objects.all()) == {recent, overdue}
    assert old not in Message.objects.all()
    assert not Job.objects.exists()
