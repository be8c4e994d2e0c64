"""The nightly check, from the beat and from the shell: a new relation is told, and ends reading at once."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from outbox.models import Message
from programs import tasks
from tests.access.test_access import signed_in
from tests.access.world import House
from tests.factories.programs import EvaluativeRelationFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)


def relation(house, from_on):
    EvaluativeRelationFactory(
        institution=house.institution, evaluator=house.intervisor, resident=house.resident, from_on=from_on
    )


@pytest.mark.parametrize("check", [tasks.check_independence, lambda: call_command("check_independence")])
def test_a_rotation_is_told_once_on_its_first_day_and_leads_to_the_choices(check):
    house = House()
    with time_machine.travel(NOON, tick=False) as moment:
        relation(house, dt.date(2026, 12, 3))
        check()
        assert Message.objects.count() == 0
        moment.shift(dt.timedelta(days=2))
        check()
        check()

        assert [(row.kind, row.recipient) for row in Message.objects.all()] == [
            ("suspended", house.coordinator)
        ]
        client = signed_in(house.coordinator)
        need = next(need for need in client.get("/").context["first"] if need.kind == "suspended")
        assert client.get(need.url).context["rows"][0].person == house.intervisor


def test_reading_ends_with_the_relation_before_any_check_has_run():
    house = House()
    client, page = signed_in(house.intervisor), reverse("sessions:group", args=[house.group.pk])
    assert client.get(page).status_code == 200

    relation(house, dt.date(2020, 1, 1))

    assert client.get(page).status_code == 404
