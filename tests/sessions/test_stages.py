import pytest
import time_machine

from programs.errors import NotReady
from programs.models import Program, StageChange
from sessions import tasks
from sessions.actions import logs, series, stages
from sessions.errors import SessionsRemain
from tests.sessions.world import DAY, HOUR, MONDAY, meeting

pytestmark = pytest.mark.django_db
START = MONDAY + 30 * DAY


def planned(stage):
    with time_machine.travel(MONDAY, tick=False):
        here = meeting(stage)
        series.plan_series(here.group, [series.Moment(START, START + 2 * HOUR)], by=None)
    return here


def stage(here):
    return Program.objects.get(pk=here.program.pk).stage


@pytest.mark.parametrize("before", ["recruiting", "intakes"])
def test_a_program_runs_from_the_day_of_its_first_session(before):
    here = planned(before)

    with time_machine.travel(START - DAY, tick=False):
        tasks.hourly()
        assert stage(here) == before
    with time_machine.travel(START - HOUR, tick=False):
        tasks.hourly()
        tasks.hourly()

    assert stage(here) == "running"
    assert StageChange.objects.filter(program=here.program, to_stage="running").count() == 1


def test_without_ground_rules_it_does_not_run():
    here = planned("intakes")
    here.rules.delete()

    with time_machine.travel(START, tick=False):
        tasks.hourly()
        with pytest.raises(NotReady):
            stages.open_running(here.program, by=None)

    assert stage(here) == "intakes"


def test_it_ends_after_the_last_session_was_logged():
    here = planned("running")

    with time_machine.travel(START - DAY, tick=False), pytest.raises(SessionsRemain) as refusal:
        stages.complete(here.program, by=None)
    assert "Sessions still to come: 1." in str(refusal.value)
    with time_machine.travel(START + DAY, tick=False):
        with pytest.raises(SessionsRemain):
            stages.complete(here.program, by=None)
        entry = logs.Entry(present=[], started_at=START, ended_at=START + HOUR)
        logs.log_session(here.group.sessions.get(), entry, by=here.guide)
        tasks.hourly()

    assert stage(here) == "completed"


def test_a_session_nobody_logged_holds_it_up_for_fourteen_days_only():
    here = planned("running")

    with time_machine.travel(START + 15 * DAY, tick=False):
        tasks.hourly()

    assert stage(here) == "completed"
