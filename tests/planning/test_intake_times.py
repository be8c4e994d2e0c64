"""Interview times from one form, and one reserved for each resident."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.dates import Busy
from planning.days_off import DaysOff
from planning.intake_times import Offer, Person, Repeat, repeat, suggest_reservations

ZONE = ZoneInfo("Europe/Amsterdam")
WEEK = Repeat(date(2027, 4, 26), date(2027, 4, 30), frozenset({1, 2}), time(9), time(12), ZONE, 45, 0, 15)
MONDAY = datetime(2027, 4, 26, tzinfo=ZONE)


def local(times) -> list[str]:
    return [f"{one.starts_at.astimezone(ZONE):%a %H:%M}" for one in times]


def offers(*hours: int) -> list[Offer]:
    return [Offer(f"o{h}", MONDAY + timedelta(hours=h), MONDAY + timedelta(hours=h + 1)) for h in hours]


def test_times_fill_the_window_with_buffers_and_skip_holidays():
    result = repeat(WEEK, DaysOff(holidays={date(2027, 4, 27): "King's Day"}))

    assert local(result.times) == ["Mon 09:00", "Mon 10:00", "Mon 11:00"]
    assert result.days_off == ((date(2027, 4, 27), "holiday"),)
    assert [note.code for note in result.notes] == ["skipped_days"]
    first = result.times[0]
    assert first.ends_at - first.starts_at == timedelta(minutes=45)
    assert (first.occupied_from, first.occupied_until) == (
        first.starts_at,
        first.ends_at + timedelta(minutes=15),
    )


def test_occupied_periods_never_overlap_with_buffers_on_both_sides():
    times = repeat(replace(WEEK, before=10, after=5, closes=time(18)), DaysOff()).times

    assert all(one.occupied_until <= two.occupied_from for one, two in pairwise(times))


def test_a_daily_cap_stops_the_day():
    assert local(repeat(replace(WEEK, per_day=2), DaysOff()).times) == [
        "Mon 09:00",
        "Mon 10:00",
        "Tue 09:00",
        "Tue 10:00",
    ]


def test_times_go_around_other_appointments_and_start_on_a_round_minute():
    busy = [Busy("guide", MONDAY + timedelta(hours=9, minutes=30), MONDAY + timedelta(hours=10, minutes=7))]

    result = repeat(replace(WEEK, weekdays=frozenset({1}), before=5), DaysOff(), busy=busy)

    assert local(result.times) == ["Mon 10:15"]
    assert [note.code for note in result.notes] == ["around_busy"]


def test_times_before_a_moment_are_left_out():
    wanted = replace(WEEK, weekdays=frozenset({1}), not_before=MONDAY + timedelta(hours=10, minutes=30))

    assert local(repeat(wanted, DaysOff()).times) == ["Mon 11:00"]


def test_a_night_on_which_the_clock_changes_gives_only_times_that_exist():
    night = Repeat(date(2027, 3, 28), date(2027, 3, 28), frozenset({7}), time(1), time(4), ZONE, 60)

    result = repeat(night, DaysOff())

    assert local(result.times) == ["Sun 01:00", "Sun 03:00"]
    assert "time_changes" in [note.code for note in result.notes]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to_on": date(2027, 4, 1)}, "period_backwards"),
        ({"weekdays": frozenset()}, "no_weekday"),
        ({"closes": time(9)}, "hours_backwards"),
        ({"minutes": 4}, "bad_minutes"),
        ({"after": 121}, "bad_buffer"),
        ({"per_day": 0}, "bad_cap"),
        ({"to_on": date(2029, 1, 1)}, "period_too_long"),
        ({"minutes": 5, "after": 0, "closes": time(23), "to_on": date(2027, 12, 1)}, "too_many_times"),
        ({"minutes": 200}, "no_times"),
    ],
)
def test_a_form_that_cannot_be_is_answered_with_a_note_that_blocks(change, code):
    result = repeat(replace(WEEK, **change), DaysOff())

    assert result.times == ()
    assert [(note.code, note.blocks) for note in result.notes] == [(code, True)]
    assert result.notes[0].message


def test_everybody_gets_a_time_that_misses_never_marks_and_duties():
    busy = Busy("b", MONDAY + timedelta(hours=9), MONDAY + timedelta(hours=10))
    people = [Person("a", free=0b10), Person("b", busy=(busy,)), Person("c", free=0b01)]

    reserved = suggest_reservations(offers(9, 10, 14), people, zone=ZONE)

    assert reserved.by_person == {"a": "o14", "b": "o10", "c": "o9"}
    assert reserved.moved == reserved.without == ()


def test_fine_half_days_are_given_out_first():
    people = [Person("a", free=0b11, fine=0b10), Person("b", free=0b11, fine=0b01)]

    assert suggest_reservations(offers(9, 14), people, zone=ZONE).by_person == {"a": "o14", "b": "o9"}


def test_who_has_a_time_keeps_it_unless_that_leaves_somebody_without():
    people = [Person("has"), Person("mornings", free=0b01)]

    kept = suggest_reservations(offers(9, 10, 14), people, zone=ZONE, reserved={"has": "o10"})
    moved = suggest_reservations(offers(10, 14), people, zone=ZONE, reserved={"has": "o10"})

    assert (kept.by_person, kept.moved) == ({"has": "o10", "mornings": "o9"}, ())
    assert (moved.by_person, moved.moved) == ({"has": "o14", "mornings": "o10"}, ("has",))


def test_nobody_is_moved_only_to_make_a_time_nicer():
    people = [Person("has", free=0b11, fine=0b11), Person("b", free=0b11, fine=0b01)]

    result = suggest_reservations(offers(9, 14), people, zone=ZONE, reserved={"has": "o9"})

    assert (result.by_person, result.moved) == ({"has": "o9", "b": "o14"}, ())


def test_who_gets_no_time_is_told_why():
    people = [Person("a"), Person("b"), Person("never", free=0)]

    result = suggest_reservations(offers(9), people, zone=ZONE)

    assert [(who, note.code) for who, note in result.without] == [
        ("b", "no_free_time"),
        ("never", "no_suitable_time"),
    ]


@given(st.lists(st.frozensets(st.integers(0, 6)), max_size=7), st.integers(0, 7))
def test_as_many_people_as_possible_get_a_time_and_no_time_is_given_twice(wishes, kept):
    hours = [9 + 24 * day for day in range(7)]
    people = [Person(n, free=sum(1 << 2 * day for day in days)) for n, days in enumerate(wishes)]
    before = {n: f"o{hours[n]}" for n in range(min(kept, len(people)))}

    result = suggest_reservations(offers(*hours), people, zone=ZONE, reserved=before)

    assert len(set(result.by_person.values())) == len(result.by_person)
    assert len(result.by_person) == most_possible(wishes)
    for person, offer in result.by_person.items():
        assert hours.index(int(str(offer)[1:])) in wishes[int(str(person))]


def most_possible(wishes, taken=frozenset()) -> int:
    if not wishes:
        return 0
    first, *rest = wishes
    without = most_possible(rest, taken)
    return max([without, *(1 + most_possible(rest, taken | {day}) for day in first - taken)])
