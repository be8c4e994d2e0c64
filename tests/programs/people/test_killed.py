"""A worker killed while it stores a list has stored nothing, and the next one stores all that was announced.

The worker is made to wait at a table that the test has locked: there its transaction is half done, however
fast the machine is.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from time import monotonic, sleep
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from accounts.models import User
from outbox.models import Job
from programs.actions import people_check, people_store
from programs.models import EvaluativeRelation, Membership, PeopleImport
from tests.programs.people.lists import everything
from tests.programs.people.messy import EXPECTED, EXPECTED_GOOD, messy_csv

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
#: Seconds after which something hangs; nothing is measured with it.
HANGS = 300


def wait_for(question: Callable[[], Any]) -> Any:
    until = monotonic() + HANGS
    while monotonic() < until:
        if answer := question():
            return answer
        sleep(0.05)
    raise AssertionError("what was waited for did not come")


def ask(statement: str, *values: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return row[0] if row else None


@contextmanager
def held_back(table: str) -> Iterator[None]:
    """Whoever writes into ``table`` waits until this ends; reading goes on."""
    with closing(connection.copy()) as own:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute(f"lock table {table} in share mode")
        yield
        own.rollback()


def waiting_at(table: str) -> int | None:
    """The database's process whose transaction has written and waits at ``table``."""
    return ask(
        "select a.pid from pg_locks l join pg_stat_activity a on a.pid = l.pid"
        " where l.relation = %s::regclass and not l.granted and a.backend_xid is not null",
        table,
    )


def start_worker(job: Job) -> subprocess.Popen[bytes]:
    arguments = [str(connection.settings_dict["NAME"]), str(job.pk)]
    return subprocess.Popen([sys.executable, "-m", "tests.programs.importing", *arguments])


def kill_at(table: str, job: Job) -> None:
    with held_back(table):
        worker = start_worker(job)
        backend = wait_for(lambda: worker.poll() is not None or waiting_at(table))
        assert worker.poll() is None
        worker.kill()
        assert worker.wait(HANGS) == -9
    wait_for(lambda: not ask("select count(*) from pg_stat_activity where pid = %s", backend))


@pytest.fixture
def confirmed(client, held, program):
    """A messy list of 5,000 rows, uploaded, asked about and confirmed: its job waits for a worker."""
    client.force_login(held.user)
    file = SimpleUploadedFile("list.csv", messy_csv())
    client.post(reverse("programs:import-people", args=[program.pk]), {"file": file})
    people_import = PeopleImport.objects.get()
    client.post(reverse("programs:people-answer", args=[people_import.pk]), {"all_apart": "1"})
    people_import.refresh_from_db()
    return people_import


def addresses(people_import: PeopleImport) -> set[str]:
    """Of everybody whom the list says it will add."""
    planned = people_check.evaluate(people_import).planned
    return {plan.row.values.email.lower() for plan in planned if plan.what == "add"}


def test_a_worker_killed_twice_has_stored_nothing_and_the_next_one_stores_what_was_announced(
    client, held, program, confirmed
):
    announced, before = addresses(confirmed), everything()
    client.post(reverse("programs:people-store", args=[confirmed.pk]))
    job = Job.objects.get()

    for table in (EvaluativeRelation._meta.db_table, Membership._meta.db_table):
        kill_at(table, job)
        assert everything() == before
        assert PeopleImport.objects.get().state == "storing"
    assert start_worker(job).wait(HANGS) == 0

    job.refresh_from_db()
    confirmed.refresh_from_db()
    assert (job.state, job.attempts, confirmed.state) == ("done", 3, "stored")
    assert confirmed.counts == {"add": EXPECTED_GOOD, "change": 0, "same": 0, "skip": EXPECTED.total()}
    assert set(program.memberships.values_list("user__email", flat=True)) == announced
    assert program.memberships.count() == len(announced) == EXPECTED_GOOD
    supervisors = 2
    assert User.objects.exclude(pk=held.user.pk).count() == EXPECTED_GOOD + supervisors


def test_a_worker_killed_after_it_stored_is_followed_by_one_that_stores_nothing_more(held, confirmed):
    job = people_store.confirm(confirmed, by=held.user)
    people_store.store(confirmed)  # and here the first worker dies
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempts=1)
    after = everything()

    assert start_worker(job).wait(HANGS) == 0

    job.refresh_from_db()
    assert (job.state, job.result["add"]) == ("done", EXPECTED_GOOD)
    assert everything() == after
