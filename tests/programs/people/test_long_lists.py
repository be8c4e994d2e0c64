"""Thousands of rows: stored in the background, all of them or none."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from outbox import work
from outbox.models import Job
from programs.actions import people_check, people_store
from programs.models import PeopleImport
from tests.factories.programs import (
    ProgramCoordinatorFactory,
)
from tests.programs.people.lists import LIST, checked
from tests.programs.people.messy import EXPECTED, EXPECTED_GOOD, EXPECTED_PAIRS, messy_csv

pytestmark = pytest.mark.django_db


def test_a_messy_list_of_five_thousand_ends_in_exactly_the_rows_it_announced(client, held, program):
    client.force_login(held.user)
    file = SimpleUploadedFile("list.csv", messy_csv())
    response = client.post(reverse("programs:import-people", args=[program.pk]), {"file": file})
    people_import = PeopleImport.objects.get()
    outcome = people_check.evaluate(people_import)
    assert len(outcome.bad) == EXPECTED.total()
    assert len(outcome.questions) == EXPECTED_PAIRS
    page = client.get(response.url).content.decode()
    assert f"{EXPECTED.total()} rows to fix" in page

    client.post(reverse("programs:people-answer", args=[people_import.pk]), {"all_apart": "1"})
    response = client.post(reverse("programs:people-store", args=[people_import.pk]))
    job = Job.objects.get()
    assert response.url == reverse("outbox:job", args=[job.pk])
    assert program.memberships.count() == 0

    people_store.store(people_import)

    people_import.refresh_from_db()
    assert people_import.counts == {"add": EXPECTED_GOOD, "change": 0, "same": 0, "skip": EXPECTED.total()}
    assert program.memberships.count() == EXPECTED_GOOD


@pytest.mark.django_db(transaction=True)
def test_a_list_in_the_background_reports_and_stores_all():
    held = ProgramCoordinatorFactory()
    program = held.program
    rows = "".join(f"Xa{n:04}b Yo{n:04}z;p{n}@example.org;1;S;D;boss@example.org;\n" for n in range(600))
    people_import = checked(program, LIST.splitlines()[0] + "\n" + rows)
    people_check.answer(
        people_import, {q.key: "apart" for q in people_check.evaluate(people_import).questions}
    )
    job = people_store.confirm(people_import, by=held.user)
    assert job.total == 600

    work.run(job.pk)

    job.refresh_from_db()
    people_import.refresh_from_db()
    assert (job.state, people_import.state) == ("done", "stored")
    assert program.memberships.count() == 600
