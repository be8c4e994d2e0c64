"""The two moves of a program that hang on its sessions, by hand on a page."""

import pytest
import time_machine
from django.urls import reverse

from programs.models import Program, StageChange
from sessions.actions import changes, series
from tests.sessions.world import DAY, HOUR, MONDAY, meeting

pytestmark = pytest.mark.django_db
START = MONDAY + 30 * DAY


@pytest.fixture(autouse=True)
def on_a_monday():
    with time_machine.travel(MONDAY, tick=False) as now:
        yield now


def planned(stage, sessions=1):
    here = meeting(stage)
    moments = [series.Moment(START + n * DAY, START + n * DAY + 2 * HOUR) for n in range(sessions)]
    series.plan_series(here.group, moments, by=None)
    return here


def address(name, here):
    return reverse(f"sessions:{name}", args=[here.program.pk])


def stage(here):
    return Program.objects.get(pk=here.program.pk).stage


def test_the_stage_page_leads_to_the_sessions_and_then_to_the_end(client):
    here = planned("intakes")
    client.force_login(here.coordinator)
    start = reverse("programs:start", args=[here.program.pk])

    assert address("open-running", here) in client.get(start).content.decode()
    Program.objects.update(stage="running")

    assert address("complete", here) in client.get(start).content.decode()


def test_the_page_shows_when_the_first_session_is_and_what_is_worth_a_look(client):
    here = planned("intakes")
    client.force_login(here.coordinator)

    page = client.get(address("open-running", here)).content.decode()

    assert "3 February 2027" in page
    assert "Intakes before the first session: 0 of 3." in page


def test_with_one_line_about_the_warnings_the_sessions_begin(client):
    here = planned("intakes")
    client.force_login(here.coordinator)

    assert client.post(address("open-running", here)).status_code == 422
    assert stage(here) == "intakes"
    answer = client.post(address("open-running", here), {"note": "The intakes follow this week."})

    assert answer.status_code == 302
    assert stage(here) == "running"
    kept = StageChange.objects.get(program=here.program, to_stage="running")
    assert kept.by == here.coordinator
    assert kept.warnings[0]["note"] == "The intakes follow this week."


def test_a_group_without_dates_is_named_before_the_sessions_begin(client):
    here = meeting("intakes")
    client.force_login(here.coordinator)

    page = client.get(address("open-running", here)).content.decode()

    assert f"{here.group.name} has no session yet." in page


def test_without_ground_rules_the_page_says_so_and_nothing_moves(client):
    here = planned("intakes")
    here.rules.delete()
    client.force_login(here.coordinator)

    answer = client.post(address("open-running", here), {"note": "Go on."})

    assert answer.status_code == 422
    assert f"{here.group.name} has no ground rules yet." in answer.content.decode()
    assert stage(here) == "intakes"


def test_a_program_whose_sessions_have_begun_is_not_moved_twice(client):
    here = planned("intakes")
    client.force_login(here.coordinator)
    client.post(address("open-running", here), {"note": "Go on."})

    assert client.post(address("open-running", here), {"note": "Go on."}).status_code == 302
    assert StageChange.objects.filter(program=here.program).count() == 1


def test_sessions_still_to_come_hold_up_the_end(client):
    here = planned("running")
    client.force_login(here.coordinator)

    answer = client.post(address("complete", here))

    assert answer.status_code == 422
    assert "Sessions still to come: 1." in answer.content.decode()
    assert reverse("planning:dates", args=[here.program.pk]) in answer.content.decode()
    assert stage(here) == "running"


def test_after_the_last_session_was_cancelled_the_program_is_completed(client):
    here = planned("running")
    changes.cancel_session(here.group.sessions.get(), reason="other", by=here.coordinator)
    client.force_login(here.coordinator)
    assert "The program is over" in client.get(address("complete", here)).content.decode()

    assert client.post(address("complete", here)).status_code == 302
    assert stage(here) == "completed"
    assert client.post(address("complete", here)).status_code == 302
    assert StageChange.objects.filter(program=here.program).count() == 1


def test_a_workshop_goes_on_to_its_calls_and_ends_after_them(client):
    here = planned("running")
    Program.objects.update(format="error_coping_workshop")
    changes.cancel_session(here.group.sessions.get(), reason="other", by=here.coordinator)
    client.force_login(here.coordinator)

    client.post(address("complete", here))
    assert stage(here) == "calls"
    client.post(address("complete", here))

    assert stage(here) == "completed"


@pytest.mark.parametrize("at", ["draft", "recruiting", "intakes", "paused", "cancelled"])
def test_what_does_not_run_is_not_completed(client, at):
    here = meeting(at)
    client.force_login(here.coordinator)

    assert client.post(address("complete", here)).status_code == 302
    assert stage(here) == at
