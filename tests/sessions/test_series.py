import datetime as dt

import pytest
import time_machine

from outbox.models import Message
from programs.errors import NothingToUndo
from programs.models import Guide, Occupation
from sessions.actions import series
from sessions.actions.occupations import follow_guides
from sessions.errors import DatesTaken, GuideBusy, SeriesAnnounced
from sessions.models import GroupSession
from tests.factories.accounts import UserFactory
from tests.factories.programs import GuideFactory
from tests.sessions.world import DAY, HOUR, MONDAY, meeting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_a_monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


def moments(count=3, *, first=30, every=42):
    starts = [MONDAY + (first + every * n) * DAY + 6 * HOUR for n in range(count)]
    return [series.Moment(start, start + 2 * HOUR) for start in starts]


def plan(here, *args, place=None, **kwargs):
    return series.plan_series(here.group, moments(*args, **kwargs), by=here.coordinator, place=place)


def dates(here):
    return list(here.group.sessions.values_list("number", "starts_at"))


def test_a_series_is_numbered_by_time_and_takes_guide_and_room():
    here = meeting("draft")

    series.plan_series(
        here.group, moments()[::-1], by=here.coordinator, place=series.Place(here.room, "R-12")
    )

    assert dates(here) == [(n, one.starts_at) for n, one in enumerate(moments(), start=1)]
    assert {row.outside_reference for row in here.group.sessions.all()} == {"R-12"}
    assert Occupation.objects.filter(person=here.guide).count() == 3
    assert Occupation.objects.filter(room=here.room).count() == 3


def test_dates_that_are_taken_are_all_named_and_nothing_is_half_saved():
    here, there = meeting("draft"), meeting("draft")
    plan(there, 2, place=series.Place(here.room))
    GuideFactory(group=there.group, user=here.guide, role="co")
    follow_guides(there.group)

    with pytest.raises(DatesTaken) as refusal:
        plan(here, 3, place=series.Place(here.room))

    assert [at for at, _ in refusal.value.refused] == [one.starts_at for one in moments(2)]
    assert not here.group.sessions.exists()
    assert not Occupation.objects.filter(person=here.guide).exclude(
        about_id__in=there.group.sessions.values("pk")
    )


def test_planning_in_draft_tells_nobody():
    plan(meeting("draft"))

    assert not Message.objects.exists()


def test_a_series_is_planned_anew_and_taken_back_while_nobody_knows():
    here = meeting("draft")
    plan(here, 2)
    first = dates(here)
    with time_machine.travel(MONDAY + HOUR, tick=False):
        step = plan(here, 4, first=37)
    assert here.group.sessions.count() == 4

    series.undo_series(step)

    assert dates(here) == first
    assert Occupation.objects.filter(person=here.guide).count() == 2
    with pytest.raises(NothingToUndo):
        series.undo_series(step)


def test_dates_that_people_know_are_not_planned_anew():
    here = meeting("recruiting")
    plan(here, 2)

    with pytest.raises(SeriesAnnounced):
        plan(here, 3)

    assert here.group.sessions.count() == 2


def test_planning_in_a_running_program_writes_the_reminders_of_everybody_once():
    here = meeting("running")

    plan(here, 1)

    kinds = sorted(Message.objects.values_list("kind", flat=True))
    assert kinds == ["log-missing"] * 2 + ["session-in-14-days"] * 4 + ["session-in-2-days"] * 4


def test_sessions_follow_a_guide_who_comes_and_one_who_goes():
    here = meeting("draft")
    plan(here, 2)
    new = UserFactory()
    Guide.objects.filter(group=here.group).update(until_on=MONDAY.date())
    GuideFactory(group=here.group, user=new, from_on=MONDAY.date())

    assert follow_guides(here.group) == []

    assert Occupation.objects.filter(person=here.guide).count() == 0
    assert Occupation.objects.filter(person=new).count() == 2


def test_a_guide_who_is_elsewhere_is_named_and_the_other_session_is_theirs():
    here, there = meeting("draft"), meeting("draft")
    plan(here, 2)
    plan(there, 1)
    GuideFactory(group=here.group, user=there.guide, role="co")

    clashes = follow_guides(here.group)

    assert [(clash.session.number, clash.person) for clash in clashes] == [(1, there.guide)]
    assert Occupation.objects.filter(person=there.guide).count() == 2


def test_a_session_in_another_zone_keeps_its_moment():
    here = meeting("draft")
    plan(here, 1)

    assert GroupSession.objects.get().starts_at.tzinfo == dt.UTC


def test_one_more_session_gets_the_next_number_and_is_told():
    here = meeting("running")
    plan(here, 2)
    (extra,) = moments(1, first=200)

    added = series.add_session(here.group, extra, by=here.guide, place=series.Place(here.room))

    assert added.number == 3
    assert Occupation.objects.filter(about_id=added.pk).count() == 2
    assert Message.objects.filter(kind="session-added").count() == 3


def test_one_more_session_where_the_guide_is_elsewhere_is_refused():
    here = meeting("running")
    plan(here, 1)

    with pytest.raises(GuideBusy):
        series.add_session(here.group, moments(1)[0], by=here.guide)

    assert here.group.sessions.count() == 1
