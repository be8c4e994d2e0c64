"""Facts of intakes, ground rules and of the sessions that took place."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from checklist.facts import held, intakes
from checklist.rows import LogRow
from tests.checklist.by_hand import group, guide, member, members, on, scope, session, took_place

FIRST = on(2026, 9, 1)
SECOND = on(2026, 10, 13)
BEFORE = FIRST - dt.timedelta(days=7)


def started(*rows, **fields):
    return scope(group(sessions=(session(FIRST), session(on(2026, 12, 1))), members=rows, **fields))


def test_intake_offered_share_counts_times_before_the_first_session():
    rows = (
        member(1, slot_at=BEFORE),
        member(2, slot_at=on(2026, 9, 2)),
        member(3),
        member(4, intake_at=BEFORE),
    )

    assert intakes.intake_offered_share(started(*rows)) == Fraction(1, 2)
    assert intakes.intake_offered_share(started(member(1))) == 0
    assert intakes.intake_offered_share(scope(group(members=rows))) is None
    assert intakes.intake_offered_share(started()) is None


def test_intake_held_share_is_over_the_members_at_session_one():
    rows = (
        member(1, intake_at=BEFORE),
        member(2, intake_at=on(2026, 9, 3)),
        member(3),
        member(4, intake_at=BEFORE, joined_on=dt.date(2026, 9, 2)),
        member(5, intake_at=BEFORE, left_on=dt.date(2026, 8, 1)),
        member(6, intake_at=BEFORE, left_on=dt.date(2026, 10, 1)),
    )

    assert intakes.intake_held_share(started(*rows)) == Fraction(2, 4)
    assert intakes.intake_held_share(scope(group(members=rows, sessions=(session(on(2026, 12, 1)),)))) is None
    assert intakes.intake_held_share(scope(group(members=rows))) is None


def test_ticks_count_only_with_an_intake_before_session_one():
    rows = (
        member(1, intake_at=BEFORE, framed=True, goal=True),
        member(2, intake_at=BEFORE, framed=False, goal=True),
        member(3, intake_at=on(2026, 9, 3), framed=True, goal=True),
        member(4),
    )

    assert intakes.intake_frame_share(started(*rows)) == Fraction(1, 4)
    assert intakes.learning_goal_share(started(*rows)) == Fraction(2, 4)
    assert intakes.intake_frame_share(started()) is None
    assert intakes.learning_goal_share(started()) is None


def test_a_goal_of_ones_own_counts_without_the_guide_by_the_day_of_session_one():
    rows = (
        member(1, goal_on=FIRST.date()),
        member(2, goal_on=FIRST.date() + dt.timedelta(days=1)),
        member(3, goal_on=BEFORE.date(), intake_at=BEFORE, goal=True),
        member(4, intake_at=BEFORE, goal=True),
        member(5),
    )

    assert intakes.learning_goal_share(started(*rows)) == Fraction(3, 5)


def test_intake_own_guide_share_is_over_the_intakes_that_took_place():
    rows = (
        member(1, intake_at=BEFORE, intake_by="g"),
        member(2, intake_at=BEFORE, intake_by="other"),
        member(3),
    )

    assert intakes.intake_own_guide_share(started(*rows, guides=(guide("g"),))) == Fraction(1, 2)
    assert intakes.intake_own_guide_share(started(member(1))) is None


def test_ground_rules_share_is_of_members_and_guides_by_the_end_of_session_one():
    rows = (
        member(1, confirmed_at=BEFORE),
        member(2, confirmed_at=on(2026, 9, 1, 16, 45)),
        member(3, confirmed_at=on(2026, 9, 1, 16, 46)),
    )

    assert intakes.ground_rules_share(started(*rows, guides=(guide(confirmed_at=BEFORE),))) == Fraction(3, 4)
    assert intakes.ground_rules_share(started(member(1))) == 0
    assert intakes.ground_rules_share(scope(group(members=rows))) is None

    without = replace(started(member(1)).groups[0], ruled=False)
    assert intakes.ground_rules_share(scope(without)) is None


def test_a_session_without_a_log_did_not_take_place():
    row = group(members=members(1), sessions=(took_place(FIRST, "m1"), session(SECOND, state="held")))

    assert held.sessions_held(scope(row)) == 1
    assert held.group_size_actual(scope(row)) == 1
    assert held.held_share(scope(row)) == 1


def test_interval_weeks_actual_takes_two_sessions_that_took_place():
    both = (took_place(FIRST), took_place(SECOND))

    assert held.interval_weeks_actual(scope(group(sessions=both))) == 6
    assert held.interval_weeks_actual(scope(group(sessions=both[:1]))) is None
    assert held.interval_weeks_actual(scope(group())) is None


def test_duration_minutes_actual_is_as_logged_also_in_the_night_the_clock_changes():
    night = took_place(on(2026, 10, 25, 1), minutes=120)
    longer = took_place(SECOND, started_at=SECOND, ended_at=SECOND + dt.timedelta(minutes=130))

    assert held.duration_minutes_actual(scope(group(sessions=(night,)))) == 120
    assert held.duration_minutes_actual(scope(group(sessions=(night, longer)))) == 125
    assert held.duration_minutes_actual(scope(group(sessions=(took_place(FIRST, ended_at=None),)))) is None


def test_working_hours_share_actual_reads_the_logged_times():
    overrun = took_place(SECOND, started_at=SECOND, ended_at=on(2026, 10, 13, 18, 1))

    assert held.working_hours_share_actual(scope(group(sessions=(took_place(FIRST), overrun)))) == Fraction(
        1, 2
    )
    assert held.working_hours_share_actual(scope(group())) is None


@pytest.mark.parametrize(("days", "kept"), [(0, 1), (14, 1), (-14, 1), (15, 0)])
def test_held_share_lets_a_session_move_by_two_weeks(days, kept):
    moved = took_place(FIRST, first_planned_at=FIRST - dt.timedelta(days=days))

    assert held.held_share(scope(group(sessions=(moved,)))) == kept


def test_held_share_is_over_what_took_place_and_what_was_cancelled():
    cancelled = session(SECOND, state="cancelled")

    assert held.held_share(scope(group(sessions=(took_place(FIRST), cancelled)))) == Fraction(1, 2)
    assert held.held_share(scope(group(sessions=(cancelled,)))) == 0
    assert held.held_share(scope(group(sessions=(session(on(2027, 1, 5)),)))) is None


def test_attendance_rate_expects_the_members_of_that_day():
    rows = (
        member(1),
        member(2),
        member(3, left_on=dt.date(2026, 10, 1)),
        member(4, paused_from=dt.date(2026, 10, 1), paused_until=dt.date(2026, 10, 31)),
        member(5, joined_on=dt.date(2026, 10, 1)),
    )
    sessions = (took_place(FIRST, "m1", "m2", "m3", "m4"), took_place(SECOND, "m1", "m5"))

    assert held.attendance_rate(scope(group(members=rows, sessions=sessions))) == Fraction(6, 7)
    assert held.attendance_rate(scope(group(members=rows, sessions=(took_place(FIRST),)))) == 0
    assert held.attendance_rate(scope(group(members=rows))) is None


def test_attendance_of_somebody_who_moved_to_another_group_counts_where_it_was():
    here = group("g1", members=(member(1),), sessions=(took_place(FIRST, "m1", "m2"),))
    there = group("g2", members=(member(2, joined_on=dt.date(2026, 10, 1)),))

    assert held.attendance_rate(scope(here, there)) == 1


def test_interference_is_per_attendance_and_may_exceed_one():
    busy = took_place(FIRST, "m1", "m2", interruptions=3)

    assert held.interference_per_attendance(scope(group(sessions=(busy,)))) == Fraction(3, 2)
    assert held.interference_per_attendance(scope(group(sessions=(took_place(FIRST, "m1"),)))) == 0
    assert held.interference_per_attendance(scope(group(sessions=(took_place(FIRST),)))) is None


def test_group_size_actual_is_the_median_present():
    sessions = (took_place(FIRST, "m1", "m2"), took_place(SECOND, "m1", "m2", "m3"))

    assert held.group_size_actual(scope(group(sessions=sessions))) == Fraction(5, 2)
    assert held.group_size_actual(scope(group())) is None


def test_roster_continuity_costs_a_departure_and_more_a_swap_but_no_pause():
    six = members(*[1] * 5)
    sessions = (took_place(FIRST), took_place(SECOND))
    gone = member(6, left_on=dt.date(2026, 10, 1))
    new = member(7, joined_on=dt.date(2026, 10, 1))
    away = member(8, paused_from=dt.date(2026, 10, 1))

    def kept(*rows):
        return held.roster_continuity(scope(group(members=(*six, *rows), sessions=sessions)))

    assert kept() == 1
    assert kept(gone) == Fraction(5, 6)
    assert kept(gone, new) == Fraction(5, 7)
    assert kept(away) == 1
    assert held.roster_continuity(scope(group(members=six))) is None


def test_logs_count_their_ticks():
    logs = (LogRow(own_case=True, next_step=True), LogRow(own_case=True))
    sessions = tuple(took_place(at, log=log) for at, log in zip((FIRST, SECOND), logs, strict=True))
    both = scope(group(sessions=sessions))

    assert held.own_case_share(both) == 1
    assert held.next_step_share(both) == Fraction(1, 2)
    assert held.own_case_share(scope(group())) is None
    assert held.next_step_share(scope(group())) is None


def test_theme_sessions_are_per_group():
    tagged = LogRow(themes=("recovery_and_recharge", "early_signs_of_burnout"))
    one = group("g1", sessions=(took_place(FIRST, log=tagged), took_place(SECOND, log=tagged)))
    other = group("g2", sessions=(took_place(FIRST),))

    assert held.recovery_theme_sessions(scope(one)) == 2
    assert held.recovery_theme_sessions(scope(one, other)) == 1
    assert held.early_signs_theme_sessions(scope(other)) == 0
    assert held.early_signs_theme_sessions(scope(group())) is None


def test_what_left_a_group_counts_at_once_and_that_nothing_did_once_somebody_would_know():
    met = group(sessions=(took_place(FIRST),))

    assert held.confidentiality_incidents(scope(met)) == 0
    assert held.confidentiality_incidents(scope(group())) is None
    assert held.confidentiality_incidents(replace(scope(met), looked_into=False)) is None
    assert held.confidentiality_incidents(scope(met, replace(met, incidents=2))) == 2
    assert held.confidentiality_incidents(replace(scope(group(incidents=1)), looked_into=False)) == 1


def test_sessions_held_of_a_program_is_that_of_the_group_with_fewest():
    two = group("g1", members=members(1), sessions=(took_place(FIRST), took_place(SECOND)))
    one = group("g2", members=members(1), sessions=(took_place(FIRST),))

    assert held.sessions_held(scope(two)) == 2
    assert held.sessions_held(scope(two, one)) == 1
    assert held.sessions_held(scope(two, group("empty"))) == 2
    assert held.sessions_held(scope()) == 0
