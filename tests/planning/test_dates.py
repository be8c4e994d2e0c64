"""A series of dates keeps its cadence, goes around days off and says what stands in its way."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from planning.dates import (
    Busy,
    FinishBefore,
    PlannedDate,
    Roster,
    Series,
    conflicts,
    count_per_half_year,
    count_per_month,
    date_of,
    duties_at,
    finish_before,
    plan_series,
)
from planning.days_off import DaysOff, WorkingHours, holidays_not_known, knows_country, public_holidays
from planning.notes import Note
from planning.wall_time import WallTimeError, moment

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
EVERY_DAY = WorkingHours(time(0), time(23, 59), frozenset(range(1, 8)))
SERIES = Series(date(2027, 1, 12), time(14), 165, 6, 10, AMSTERDAM)


def codes(planned) -> list[str]:
    return [note.code for note in planned.notes]


def first_date() -> PlannedDate:
    return plan_series(SERIES, DaysOff()).dates[0]


def test_ten_sessions_every_six_weeks_keep_weekday_and_local_time_through_summer():
    dates = plan_series(SERIES, DaysOff()).dates

    starts = [planned.starts_at for planned in dates if planned.starts_at]
    assert [planned.number for planned in dates] == list(range(1, 11))
    assert {f"{at.astimezone(AMSTERDAM):%a %H:%M}" for at in starts} == {"Tue 14:00"}
    assert {at.hour for at in starts} == {12, 13}
    assert [planned.ends_at for planned in dates] == [at + timedelta(minutes=165) for at in starts]
    assert not any(planned.notes for planned in dates)


def test_a_public_holiday_is_moved_to_the_nearest_day_and_later_dates_keep_the_cadence():
    series = replace(SERIES, first_on=date(2027, 3, 1), every_weeks=4, count=3)  # 29 March is Easter Monday
    days_off = DaysOff(holidays=public_holidays("NL", *series.spans))

    first, second, third = plan_series(series, days_off).dates

    assert (second.wanted_on, second.on, codes(second)) == (
        date(2027, 3, 29),
        date(2027, 3, 30),
        ["moved_holiday"],
    )
    assert second.was_moved
    assert second.is_possible
    assert "29 March 2027 is a public holiday" in second.notes[0].message
    assert (first.was_moved, third.on) == (False, date(2027, 4, 26))


def test_a_moved_session_prefers_a_half_day_that_suits_the_group():
    series = replace(SERIES, first_on=date(2027, 1, 5), count=2, half_days=1 << 3 | 1 << 9)  # Tue, Fri pm
    days_off = DaysOff(closed=frozenset({date(2027, 2, 16)}))

    second = plan_series(series, days_off).dates[1]

    assert second.on == date(2027, 2, 19)
    assert codes(second) == ["moved_closed"]


def test_no_day_near_leaves_the_date_open_and_says_so():
    closed = frozenset(date(2027, 7, 1) + timedelta(days=n) for n in range(75))
    series = replace(SERIES, first_on=date(2027, 7, 6), count=2)

    first, second = plan_series(series, DaysOff(closed=closed)).dates

    assert (first.starts_at, codes(first)) == (None, ["no_day_near_closed"])
    assert not first.is_possible
    assert second.starts_at is None


def test_a_moved_date_is_never_before_today_or_the_first_date():
    days_off = DaysOff(closed=frozenset({date(2027, 1, 12)}))

    (only,) = plan_series(replace(SERIES, count=1, today=date(2027, 1, 12)), days_off).dates

    assert only.on == date(2027, 1, 13)


def test_dates_in_the_past_or_outside_the_period_are_refused():
    series = replace(
        SERIES, today=date(2027, 1, 20), period_from=date(2027, 1, 15), period_to=date(2028, 1, 24), count=10
    )

    dates = plan_series(series, DaysOff()).dates

    assert codes(dates[0]) == ["in_the_past", "before_period"]
    assert codes(dates[-1]) == ["after_period"]
    assert [planned.number for planned in dates if not planned.is_possible] == [1, 10]


def test_a_time_outside_working_hours_is_remarked_on_and_allowed():
    first = plan_series(replace(SERIES, at=time(16)), DaysOff()).dates[0]

    assert codes(first) == ["outside_working_hours"]
    assert first.is_possible
    assert first.notes[0].message == "This time is outside the working hours: 08:00 to 18:00."


@pytest.mark.parametrize(
    ("day", "code"), [(date(2027, 3, 28), "time_missing"), (date(2027, 10, 31), "time_twice")]
)
def test_a_time_that_is_no_single_moment_is_refused(day, code):
    series = replace(SERIES, first_on=day, at=time(2, 30), count=1, minutes=60)

    (only,) = plan_series(series, DaysOff(EVERY_DAY)).dates

    assert (only.starts_at, codes(only)) == (None, [code])
    assert only.notes[0].message.startswith("02:30 ")


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)),
    st.sampled_from(["Europe/Amsterdam", "Europe/London", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)
def test_every_accepted_wall_time_reads_back_the_same(local, zone):
    zone = ZoneInfo(zone)
    local = local.replace(microsecond=0)
    try:
        at = moment(local.date(), local.time(), zone)
    except WallTimeError as error:
        event(error.code)
    else:
        assert at.tzinfo is UTC
        assert at.astimezone(zone).replace(tzinfo=None) == local


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"count": 0}, "too_many_sessions"),
        ({"count": 61}, "too_many_sessions"),
        ({"every_weeks": 0}, "bad_interval"),
        ({"minutes": 0}, "bad_length"),
        ({"first_on": date(9999, 12, 31)}, "bad_first_date"),
    ],
)
def test_a_series_that_cannot_be_is_a_problem_and_gives_no_dates(change, code):
    plan = plan_series(replace(SERIES, **change), DaysOff())

    assert plan.dates == ()
    assert [note.code for note in plan.problems] == [code]
    assert plan.problems[0].message


def test_working_hours_without_a_day_are_a_problem():
    plan = plan_series(SERIES, DaysOff(WorkingHours(weekdays=frozenset())))

    assert [note.code for note in plan.problems] == ["no_working_days"]


def test_a_date_chosen_by_hand_is_kept_on_a_day_off_with_a_remark():
    planned = date_of(SERIES, DaysOff(), 3, date(2027, 1, 16))

    assert planned.on == date(2027, 1, 16)
    assert codes(planned) == ["day_is_off_not_working", "outside_working_hours"]
    assert planned.is_possible


def test_conflicts_name_busy_people_once_and_the_room():
    starts_at = datetime(2027, 1, 12, 13, tzinfo=UTC)
    ends_at = starts_at + timedelta(minutes=165)
    meets = Busy("a", starts_at - timedelta(hours=1), starts_at + timedelta(minutes=1))
    again = Busy("a", ends_at - timedelta(minutes=1), ends_at)
    touches = Busy("b", ends_at, ends_at + timedelta(hours=1))

    found = conflicts(first_date(), people=[meets, again, touches], room=[touches])
    with_room = conflicts(first_date(), room=[meets])

    assert [(note.code, note.people, note.blocks) for note in found] == [("person_busy", ("a",), True)]
    assert [note.code for note in with_room] == ["room_busy"]


def test_duties_are_known_or_not_known_beside_every_date():
    starts_at = datetime(2027, 1, 12, 13, tzinfo=UTC)
    ends_at = starts_at + timedelta(minutes=165)
    rosters = [
        Roster("free", ends_at),
        Roster("until too early", starts_at),
        Roster("nothing known"),
        Roster("on duty", None, (Busy("on duty", starts_at, ends_at),)),
    ]

    duties = duties_at(first_date(), rosters)

    assert duties.free == ("free",)
    assert duties.clash == ("on duty",)
    assert duties.not_known == ("until too early", "nothing known")
    assert [note.code for note in duties.notes] == ["duties_clash", "duties_not_known"]


def test_two_of_six_finish_training_before_session_6():
    sessions = [planned.on for planned in plan_series(SERIES, DaysOff()).dates]
    ends_on = {1: sessions[4], 2: sessions[4], 3: sessions[9], 4: None, 5: None, 6: date(2030, 1, 1)}

    lines = finish_before(ends_on, sessions)

    assert lines == [FinishBefore(2, 6, 6)]
    assert lines[0].note.message == "Finish training before session 6: 2 of 6."


def test_sessions_are_counted_per_month_and_half_year():
    dates = plan_series(replace(SERIES, every_weeks=2, count=14), DaysOff()).dates

    per_month = count_per_month(dates, AMSTERDAM)

    assert (per_month[date(2027, 1, 1)], per_month[date(2027, 3, 1)]) == (2, 2)
    assert count_per_half_year(dates, AMSTERDAM) == {date(2027, 1, 1): 13, date(2027, 7, 1): 1}


def test_countries_and_subdivisions_are_known_or_said_not_to_be():
    first, last = date(2027, 1, 1), date(2027, 12, 31)

    assert date(2027, 4, 27) in public_holidays("nl", first, last)
    assert date(2027, 1, 6) in public_holidays("DE", first, last, subdivision="BY")
    assert public_holidays("XX", first, last) == {}
    assert not knows_country("DE", "nowhere")
    assert holidays_not_known("XX") == Note("unknown_country", {"country": "XX"})
    assert holidays_not_known("NL") is None


@given(
    st.builds(
        Series,
        st.dates(date(2020, 1, 1), date(2040, 1, 1)),
        st.times(),
        st.integers(15, 600),
        st.integers(1, 52),
        st.integers(1, 20),
        st.just(AMSTERDAM),
        st.none() | st.integers(0, 2**14 - 1),
    )
)
def test_dates_of_any_series_are_in_order_on_working_days_and_near_what_was_wanted(series):
    days_off = DaysOff(holidays=public_holidays("NL", *series.spans))

    dates = plan_series(series, days_off).dates

    assert len(dates) == series.count
    given_dates = [planned for planned in dates if planned.starts_at]
    assert [planned.on for planned in given_dates] == sorted({planned.on for planned in given_dates})
    for planned in given_dates:
        assert days_off.reason(planned.on) is None
        assert abs((planned.on - planned.wanted_on).days) <= 13
        assert planned.was_moved == bool({"moved_holiday", "moved_not_working"} & set(codes(planned)))
