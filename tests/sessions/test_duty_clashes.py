import datetime as dt

import pytest
import time_machine

from accounts.models import BusyTime
from programs import stages
from sessions.actions import series
from tests.sessions.world import DAY, HOUR, MONDAY, meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    with time_machine.travel(MONDAY, tick=False):
        here = meeting("recruiting")
        starts = [MONDAY + days * DAY for days in (30, 51, 72)]
        moments = [series.Moment(start, start + 2 * HOUR) for start in starts]
        series.plan_series(here.group, moments, by=None, place=series.Place(here.room))
        here.starts = starts
        yield here


def busy(person, start, hours=1):
    until = start + dt.timedelta(hours=hours)
    BusyTime.objects.create(user=person, kind="duty", from_at=start, until_at=until)


def said(program, to):
    return [found.sentence for found in stages.warnings(program, to) if found.code == "duty_clashes"]


@pytest.mark.parametrize("to", ["recruiting", "intakes"])
def test_sessions_on_a_members_duty_are_counted_once_each_before_the_stage_moves(here, to):
    busy(here.members[0].user, here.starts[0])
    busy(here.members[1].user, here.starts[0] + HOUR)
    busy(here.members[2].user, here.starts[2] - DAY, hours=48)

    assert said(here.program, to) == [f"In {here.group} 2 sessions fall on a duty or leave of a member."]


def test_a_duty_that_only_touches_a_session_or_is_another_groups_warns_nobody(here):
    other = meeting("recruiting")
    busy(other.members[0].user, here.starts[0])
    busy(here.members[0].user, here.starts[0] - HOUR)
    busy(here.members[0].user, here.starts[0] + 2 * HOUR)

    assert said(here.program, "intakes") == []


def test_a_duty_of_somebody_who_left_warns_nobody(here):
    busy(here.members[0].user, here.starts[0])
    here.members[0].state, here.members[0].left_on = "left", here.members[0].joined_on
    here.members[0].save()

    assert said(here.program, "intakes") == []
