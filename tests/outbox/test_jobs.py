import threading
import uuid

import pytest
from django.db import connection, transaction
from django.urls import reverse

import outbox
from outbox import jobs, progress, work
from outbox.actions.jobs import stop_and_keep
from outbox.models import Job
from tests.factories.accounts import UserFactory
from tests.factories.outbox import BEFORE, JobFactory
from tests.outbox.kinds import work as kind_of

State = Job.State


@pytest.fixture
def doing(monkeypatch):
    """Registers what the work "import" does."""
    monkeypatch.setattr(progress, "INTERVAL", 0)
    return lambda run: monkeypatch.setitem(jobs._kinds, "import", kind_of(run))


def count_to_three(job, progress):
    for number in range(1, 4):
        if not progress.step(number, f"row {number}"):
            return {"rows": number}
    return {"rows": 3}


@pytest.mark.django_db(transaction=True)
def test_work_is_done_once_and_keeps_its_result(doing):
    doing(count_to_three)
    job = JobFactory(total=3)

    work.run(job.pk)
    work.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.done, job.result, job.attempts) == (State.DONE, 3, {"rows": 3}, 1)
    assert job.finished_at is not None


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_before_the_work_commits(doing):
    seen = []

    def run(job, progress):
        with transaction.atomic():
            UserFactory()
            progress.step(2, "row 2", total=5)
            thread = threading.Thread(target=look, args=[job.pk])
            thread.start()
            thread.join()
        return {}

    def look(pk: uuid.UUID) -> None:
        row = Job.objects.get(pk=pk)
        seen.append((row.done, row.total, row.message, row.state))
        connection.close()

    doing(run)
    work.run(JobFactory().pk)

    assert seen == [(2, 5, "row 2", State.RUNNING)]


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_leaves_alone_what_a_living_one_does(doing):
    ran = []

    def run(job, progress):
        ran.append(job.pk)
        if len(ran) == 1:
            thread = threading.Thread(target=lambda: (work.run(job.pk), connection.close()))
            thread.start()
            thread.join()
        return {}

    doing(run)
    job = JobFactory()
    work.run(job.pk)

    assert ran == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_what_a_dead_worker_left_is_begun_again_but_not_for_ever(doing):
    doing(count_to_three)
    left = JobFactory(state=State.RUNNING, attempts=2)
    deadly = JobFactory(state=State.RUNNING, attempts=3)

    work.run(left.pk)
    work.run(deadly.pk)

    left.refresh_from_db()
    deadly.refresh_from_db()
    assert (left.state, deadly.state) == (State.DONE, State.FAILED)


@pytest.mark.django_db(transaction=True)
def test_stop_and_keep_stops_at_the_next_step_and_keeps_the_result(doing):
    def run(job, progress):
        stop_and_keep(job, at=BEFORE)
        return count_to_three(job, progress)

    doing(run)
    job = JobFactory(total=3)
    work.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.result) == (State.STOPPED, {"rows": 1})


@pytest.mark.django_db(transaction=True)
def test_work_that_fails_says_so_and_changes_nothing(doing):
    def run(job, progress):
        with transaction.atomic():
            UserFactory(email="half@example.org")
            raise LookupError("row 7")

    doing(run)
    job = JobFactory()
    work.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.result) == (State.FAILED, {"error": "LookupError"})
    assert not type(job.started_by).objects.filter(email="half@example.org").exists()


@pytest.mark.django_db
def test_stopping_work_that_has_not_begun_ends_it():
    job = JobFactory()

    stop_and_keep(job, at=BEFORE)

    job.refresh_from_db()
    assert (job.state, job.finished_at) == (State.STOPPED, BEFORE)


@pytest.mark.django_db
def test_work_begins_after_the_cause_commits(doing, monkeypatch, django_capture_on_commit_callbacks):
    asked = []
    monkeypatch.setattr("outbox.tasks.run_job.apply_async", lambda args, *rest, **options: asked.append(args))
    doing(count_to_three)

    with django_capture_on_commit_callbacks(execute=True):
        job = outbox.start_job("import", about_id=uuid.uuid4(), by=UserFactory(), at=BEFORE, total=3)
        assert asked == []

    assert asked == [(str(job.pk),)]


@pytest.mark.django_db
def test_work_nobody_registered_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="no room registered"):
        outbox.start_job("imprt", about_id=uuid.uuid4(), by=UserFactory(), at=BEFORE)


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [("anonymous", 302), ("somebody else", 404), ("starter", 200)])
def test_only_who_started_it_sees_how_far_it_is(client, doing, who, status):
    doing(count_to_three)
    job = JobFactory(state=State.RUNNING, done=3, total=10, message="row 3")
    if who != "anonymous":
        client.force_login(job.started_by if who == "starter" else UserFactory())

    for address in ("outbox:job", "outbox:stop-job"):
        method = client.get if address == "outbox:job" else client.post
        expected = 302 if (address, status) == ("outbox:stop-job", 200) else status
        assert method(reverse(address, args=[job.pk])).status_code == expected


@pytest.mark.django_db
def test_the_page_asks_again_until_the_work_is_finished(client, doing):
    doing(count_to_three)
    job = JobFactory(state=State.RUNNING, done=3, total=10, message="row 3")
    client.force_login(job.started_by)

    page = client.get(reverse("outbox:job", args=[job.pk])).content.decode()
    piece = client.get(reverse("outbox:job", args=[job.pk]), headers={"HX-Request": "true"}).content.decode()

    assert 'http-equiv="refresh"' in page
    assert "<html" not in piece
    assert 'hx-trigger="every 2s"' in piece
    assert "3 of 10 done." in piece

    Job.objects.update(state=State.DONE, finished_at=BEFORE)
    finished = client.get(reverse("outbox:job", args=[job.pk])).content.decode()
    assert 'http-equiv="refresh"' not in finished
    assert "hx-trigger" not in finished


@pytest.mark.django_db
def test_stop_and_keep_answers_htmx_with_the_piece(client, doing):
    doing(count_to_three)
    job = JobFactory(state=State.RUNNING)
    client.force_login(job.started_by)

    answer = client.post(reverse("outbox:stop-job", args=[job.pk]), headers={"HX-Request": "true"})

    assert "Stopping. What is done so far is kept." in answer.content.decode()
    job.refresh_from_db()
    assert job.stop_asked_at is not None
