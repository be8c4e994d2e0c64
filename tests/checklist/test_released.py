"""What a coordinator may know of logs and ticks: pooled over three groups, once a year."""

import datetime as dt
from dataclasses import replace

import pytest

from checklist.facts.whole import facts_of
from checklist.released import (
    OF_LOGS,
    answers_of_guides,
    answers_of_own_guide,
    for_coordinator,
    pooled_logs,
)
from checklist.rows import LogRow, RoundRow, Scope
from sessions.models import LOG_OPEN
from tests.checklist.by_hand import TODAY, group, guide, members, on, scope, took_place

DAY = dt.timedelta(days=1)
LONG_AGO = on(2025, 9, 1)
LAST_WEEK = on(2026, 10, 27)
SPRING = dt.date(2026, 3, 1)


def logged(name, *moments, **fields):
    sessions = tuple(
        took_place(at, log=LogRow(own_case=True, answers={"opt-humour-balance": 2})) for at in moments
    )
    return group(
        name, members=members(*[1] * 5), guides=(guide(f"guide of {name}"),), sessions=sessions, **fields
    )


def told(where: Scope):
    return for_coordinator(facts_of(where), where, min_n=5)


def test_logs_of_two_groups_are_not_told():
    assert all(told(scope(*(logged(f"g{n}", LONG_AGO) for n in range(2))))[key] is None for key in OF_LOGS)


@pytest.mark.parametrize(("days", "is_told"), [(365, 0), (366, 0), (378, 0), (379, 0), (380, 1)])
def test_logs_of_three_groups_are_told_once_none_of_the_year_can_be_changed(days, is_told):
    """A session on the last day of the year can be logged for fourteen days."""
    three = scope(*(logged(f"g{n}", LONG_AGO, LONG_AGO + 365 * DAY) for n in range(3)))
    logs = pooled_logs(replace(three, at=LONG_AGO + days * DAY))

    assert [len(one.sessions) for one in logs.groups] == [2, 2, 2] if is_told else logs is None


@pytest.mark.parametrize(("days", "sessions"), [(731, 1), (732, 1), (733, 1), (745, 1), (746, 2)])
def test_a_late_log_of_the_second_year_changes_nothing_that_was_told(days, sessions):
    three = scope(*(logged(f"g{n}", LONG_AGO, LONG_AGO + 731 * DAY) for n in range(3)))
    logs = pooled_logs(replace(three, at=LONG_AGO + days * DAY))

    assert [len(one.sessions) for one in logs.groups] == [sessions] * 3


def test_a_session_of_the_running_year_changes_nothing():
    before = scope(*(logged(f"g{n}", LONG_AGO) for n in range(3)))
    after = scope(*(logged(f"g{n}", LONG_AGO, LAST_WEEK) for n in range(3)))

    assert pooled_logs(after).groups == pooled_logs(before).groups


def test_a_completed_program_tells_everything_pooled_once_no_log_can_be_changed_any_more():
    three = scope(*(logged(f"g{n}", LAST_WEEK) for n in range(3)), stage="completed")
    closed = LAST_WEEK + dt.timedelta(days=14)

    assert told(replace(three, at=closed))["own_case_share"] is None
    assert told(replace(three, at=closed + DAY))["own_case_share"] == 1


def test_what_a_completed_program_told_is_the_same_when_more_time_has_passed():
    """Its year ended while the last logs could still be changed: it is cut where it would be cut later."""
    late = LONG_AGO + 355 * DAY
    early, last = ((SPRING, 2), ((late + LOG_OPEN).date(), 5))
    three = [
        logged(f"g{n}", LONG_AGO, late, rounds=tuple(
            RoundRow(f"guide {n}", {"opt-guide-tailors": answer}, day, day) for day, answer in (early, last)
        ))
        for n in range(3)
    ]  # fmt: skip

    for days in (370, 375, 380, 400):
        whole = scope(*three, stage="completed")
        at_that_day = replace(whole, at=LONG_AGO + days * DAY)
        found = answers_of_guides(at_that_day)["opt-guide-tailors"]
        assert [len(one.sessions) for one in pooled_logs(at_that_day).groups] == [2, 2, 2]
        assert (found.mean, found.n) == (5, 3)


def test_a_second_year_with_fewer_than_three_groups_changes_nothing():
    def after_two_years(groups_that_went_on):
        again = [logged(f"g{n}", LONG_AGO, LAST_WEEK) for n in range(groups_that_went_on)]
        over = [logged(f"g{n}", LONG_AGO) for n in range(groups_that_went_on, 3)]
        return replace(scope(*again, *over), at=LONG_AGO + 746 * DAY)

    before = pooled_logs(after_two_years(0)).groups
    assert pooled_logs(after_two_years(2)).groups == before
    assert [len(one.sessions) for one in pooled_logs(after_two_years(3)).groups] == [2, 2, 2]


def asked(name, *, closed_on=SPRING, by=None, item="opt-guide-tailors", answer=2, **fields):
    row = RoundRow(by or f"guide of {name}", {item: answer}, closed_on - DAY, closed_on)
    return logged(name, LONG_AGO, rounds=(row,), **fields)


def test_answers_of_guides_are_pooled_over_three_guides_in_three_groups():
    three = scope(*(asked(f"g{n}") for n in range(3)))
    two_guides = scope(asked("g0"), asked("g1"), asked("g2", by="guide of g0"))
    two_groups = replace(three, groups=three.groups[:2])

    assert {item: found.n for item, found in answers_of_guides(three).items()} == {
        "opt-humour-balance": 3,
        "opt-guide-tailors": 3,
    }
    assert "opt-guide-tailors" not in answers_of_guides(two_guides)
    assert answers_of_guides(two_groups) == {}


def test_an_answer_that_can_still_be_changed_when_the_year_ends_waits_for_the_next():
    year_ends = (LONG_AGO + 366 * DAY).date()
    still_open = scope(asked("g0"), asked("g1"), asked("g2", closed_on=year_ends))

    assert "opt-guide-tailors" not in answers_of_guides(still_open)
    assert "opt-guide-tailors" in answers_of_guides(scope(*(asked(f"g{n}") for n in range(3))))


def test_what_was_told_of_a_year_stays_until_the_next_has_enough_and_is_then_replaced():
    def after_two_years(again):
        early = [asked(f"g{n}") for n in range(3)]
        late = [RoundRow(f"guide of g{n}", {"opt-guide-tailors": 5}, TODAY, TODAY) for n in range(again)]
        groups = [replace(one, rounds=(*one.rounds, *late[n : n + 1])) for n, one in enumerate(early)]
        return answers_of_guides(replace(scope(*groups), at=LONG_AGO + 746 * DAY))["opt-guide-tailors"].mean

    assert (after_two_years(2), after_two_years(3)) == (2, 5)


def test_answers_of_guides_stop_counting_a_year_after_the_year_they_were_given_in():
    three = scope(*(asked(f"g{n}") for n in range(3)))

    assert answers_of_guides(replace(three, at=LONG_AGO + 746 * DAY)) != {}
    assert answers_of_guides(replace(three, at=LONG_AGO + 747 * DAY)) == {}


def test_a_guide_sees_their_own_answers_at_once_the_last_ones_and_none_a_year_old():
    rows = (
        RoundRow("g", {"opt-guide-tailors": 2}, TODAY - DAY, TODAY),
        RoundRow("g", {"opt-guide-tailors": 5}, TODAY, TODAY + DAY),
    )
    one = scope(logged("g0", LONG_AGO, LAST_WEEK, rounds=rows))

    found = answers_of_own_guide(one)
    assert (found["opt-guide-tailors"].mean, found["opt-guide-tailors"].n) == (5, 1)
    assert found["opt-humour-balance"].n == 1
    assert answers_of_own_guide(replace(one, at=one.at + 366 * DAY)) == {}
