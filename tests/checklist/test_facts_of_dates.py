"""Facts of the frame and of the sessions that are planned."""

import datetime as dt
from fractions import Fraction

import pytest

from checklist.facts import dates, frame
from checklist.inputs import Range
from checklist.rows import RoomRow, TextRow
from tests.checklist.by_hand import group, member, on, scope, session

SIX_WEEKS = dt.timedelta(weeks=6)
BOTH = TextRow(("Purpose", "Doel"), ("Limits", "Grenzen"))


def every_six_weeks(count, **fields):
    return tuple(session(on(2027, 1, 5) + SIX_WEEKS * n, **fields) for n in range(count))


def test_what_the_frame_says_is_taken_as_it_is():
    said = scope(
        degree_required=True,
        coaching_alongside=None,
        coaching_mode="",
        participation="mandatory",
        requires_prior_error=False,
    )

    assert frame.degree_required(said) is True
    assert frame.coaching_alongside(said) is None
    assert frame.coaching_mode(said) is None
    assert frame.participation_mode(said) == "mandatory"
    assert frame.requires_prior_error(said) is False


def test_purpose_limits_parts_asks_for_both_before_the_first_invitation():
    def parts(*texts, invited=None):
        return frame.purpose_limits_parts(scope(texts=texts, first_invited_at=invited))

    published = TextRow(BOTH.purposes, BOTH.limits, on(2026, 9, 1))
    assert parts(BOTH) == 2
    assert parts(TextRow(("", "Doel"), ("", " "))) == 1
    assert parts() == 0
    assert parts(published, invited=on(2026, 9, 1)) == 2
    assert parts(published, invited=on(2026, 8, 31)) == 0
    assert parts(BOTH, invited=on(2026, 9, 2)) == 0
    assert frame.purpose_limits_parts(scope()) is None


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({"title": "Intervision"}, False),
        ({"title": "RESILIENCE training"}, True),
        ({"title": "Intervisie", "description": "Voor meer veerkracht."}, True),
        ({"title": "Intervisie", "description": "Samen leren.\n\nVoor meer veerkracht."}, False),
        ({"title": "Intervisie", "texts": (TextRow(("", "Word weerbaar."), ("", "")),)}, True),
        ({"title": ""}, None),
    ],
)
def test_title_mentions_resilience_reads_the_name_and_the_first_paragraphs(fields, value):
    assert frame.title_mentions_resilience(scope(**fields)) is value


def test_interval_weeks_planned_takes_three_sessions_and_forgives_one_holiday():
    late = session(on(2027, 7, 20))

    assert dates.interval_weeks_planned(scope(group(sessions=every_six_weeks(3)))) == 6
    assert dates.interval_weeks_planned(scope(group(sessions=(*every_six_weeks(4), late)))) == 6
    assert dates.interval_weeks_planned(scope(group(sessions=every_six_weeks(2)), interval_weeks=4)) is None


def test_interval_weeks_planned_is_that_of_the_frame_until_there_are_dates():
    assert dates.interval_weeks_planned(scope(group(), interval_weeks=6, sessions_total=10)) == 6
    assert dates.interval_weeks_planned(scope(interval_weeks=6, sessions_total=2)) is None
    assert dates.interval_weeks_planned(scope(sessions_total=10)) is None


def test_interval_weeks_planned_leaves_cancelled_sessions_out():
    cancelled = session(on(2027, 1, 12), state="cancelled")

    assert dates.interval_weeks_planned(scope(group(sessions=(*every_six_weeks(3), cancelled)))) == 6


def test_trajectory_months_planned_is_the_shortest_of_the_groups():
    long, short = group("g1", sessions=every_six_weeks(10)), group("g2", sessions=every_six_weeks(2))

    assert round(float(dates.trajectory_months_planned(scope(long))), 3) == 12.418
    assert round(float(dates.trajectory_months_planned(scope(long, short))), 2) == 1.38
    assert (
        dates.trajectory_months_planned(scope(group(sessions=every_six_weeks(1)), interval_weeks=6)) is None
    )
    framed = dates.trajectory_months_planned(scope(interval_weeks=6, sessions_total=10))
    assert round(float(framed), 3) == 12.418
    assert dates.trajectory_months_planned(scope(interval_weeks=6, sessions_total=1)) is None


def test_duration_minutes_planned_is_the_median_and_no_clock_change_shortens_it():
    spring = session(on(2027, 3, 28, 1), minutes=120)
    autumn = session(on(2027, 10, 31, 1), minutes=120)

    assert dates.duration_minutes_planned(scope(group(sessions=(spring, autumn)))) == 120
    assert dates.duration_minutes_planned(scope(group(), session_minutes=165)) == 165
    assert dates.duration_minutes_planned(scope()) is None


def test_onsite_and_comfort_are_over_sessions_with_a_room():
    rooms = [RoomRow(True, True, True), RoomRow(False, True, False), None]
    row = group(sessions=tuple(session(on(2027, 1, 5 + n), room=room) for n, room in enumerate(rooms)))

    assert dates.onsite_share(scope(row)) == Fraction(1, 2)
    assert dates.room_comfort_share(scope(row)) == Fraction(3, 4)
    assert dates.onsite_share(scope(group(sessions=every_six_weeks(2)))) is None
    assert dates.room_comfort_share(scope(group())) is None


def test_refreshments_share_is_that_of_the_frame_until_there_are_dates():
    some = (*every_six_weeks(1, refreshments=True), session(on(2027, 6, 1)))

    assert dates.refreshments_share(scope(group(sessions=some))) == Fraction(1, 2)
    assert dates.refreshments_share(scope(refreshments=True)) == 1
    assert dates.refreshments_share(scope(refreshments=False)) == 0
    assert dates.refreshments_share(scope(refreshments=None)) is None


def test_working_hours_share_planned_reads_the_clock_of_the_house_on_both_sides_of_a_clock_change():
    before, after = session(on(2027, 3, 26, 15, 15)), session(on(2027, 3, 29, 15, 15))
    utc = session(dt.datetime(2027, 3, 29, 13, 30, tzinfo=dt.UTC))
    saturday = session(on(2027, 3, 27))

    assert dates.working_hours_share_planned(scope(group(sessions=(before, after)))) == 1
    assert dates.working_hours_share_planned(scope(group(sessions=(after, utc)))) == Fraction(1, 2)
    assert dates.working_hours_share_planned(scope(group(sessions=(after, saturday)))) == Fraction(1, 2)
    assert dates.working_hours_share_planned(scope(group())) is None


def test_duty_clash_share_knows_a_clash_at_once_and_its_absence_as_far_as_duties_are_known():
    first, last = every_six_weeks(2)
    until = last.ends_at

    def clashing(*rows):
        return dates.duty_clash_share(scope(group(sessions=(first, last), members=rows)))

    assert clashing(member(1, duties_until=until)) == 0
    assert clashing(member(1, duties_until=until, clashes=frozenset({first.id}))) == Fraction(1, 2)
    assert clashing(member(1)) is None
    assert clashing(member(1, duties_until=until), member(2)) == Range(0, Fraction(1, 2))
    assert clashing(member(1, duties_until=first.ends_at)) == Range(0, Fraction(1, 2))
    assert clashing(member(1, clashes=frozenset({first.id, last.id}))) == 1
    assert clashing() is None


def test_group_closed_asks_that_nobody_joins_after_the_first_session():
    sessions = (session(on(2026, 10, 6)),)
    early, late = member(1), member(2, joined_on=dt.date(2026, 10, 7))

    assert dates.group_closed(scope(group(closed=True, sessions=sessions, members=(early,)))) is True
    assert dates.group_closed(scope(group(closed=True, sessions=sessions, members=(early, late)))) is False
    assert dates.group_closed(scope(group("g1", closed=True), group("g2"))) is False
    assert dates.group_closed(scope()) is None
