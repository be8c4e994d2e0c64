"""What a coordinator may know of logs and ticks: pooled over three groups, once a year."""

import datetime as dt
from dataclasses import replace

from checklist.facts.whole import facts_of
from checklist.released import (
    OF_INTAKES,
    OF_LOGS,
    answers_of_guides,
    answers_of_own_guide,
    for_coordinator,
    pooled_logs,
)
from checklist.rows import LogRow, RoundRow, Scope
from tests.checklist.by_hand import TODAY, group, guide, members, on, scope, session, took_place

DAY = dt.timedelta(days=1)
LONG_AGO = on(2025, 9, 1)
LAST_WEEK = on(2026, 10, 27)


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


def test_logs_of_three_groups_are_told_a_year_after_the_first_session():
    three = scope(*(logged(f"g{n}", LONG_AGO) for n in range(3)))

    assert told(three)["own_case_share"] == 1
    assert told(replace(three, at=LONG_AGO + dt.timedelta(days=365)))["own_case_share"] is None


def test_a_session_of_the_running_year_changes_nothing():
    before = scope(*(logged(f"g{n}", LONG_AGO) for n in range(3)))
    after = scope(*(logged(f"g{n}", LONG_AGO, LAST_WEEK) for n in range(3)))

    assert pooled_logs(after).groups == pooled_logs(before).groups


def test_a_completed_program_tells_everything_pooled_once_no_log_can_be_changed_any_more():
    three = scope(*(logged(f"g{n}", LAST_WEEK) for n in range(3)), stage="completed")
    closed = LAST_WEEK + dt.timedelta(days=14)

    assert told(replace(three, at=closed))["own_case_share"] is None
    assert told(replace(three, at=closed + DAY))["own_case_share"] == 1


def test_a_second_year_with_fewer_than_three_groups_changes_nothing():
    def after_two_years(groups_that_went_on):
        again = [logged(f"g{n}", LONG_AGO, LAST_WEEK) for n in range(groups_that_went_on)]
        over = [logged(f"g{n}", LONG_AGO) for n in range(groups_that_went_on, 3)]
        return replace(scope(*again, *over), at=LONG_AGO + 732 * DAY)

    before = pooled_logs(after_two_years(0)).groups
    assert pooled_logs(after_two_years(2)).groups == before
    assert [len(one.sessions) for one in pooled_logs(after_two_years(3)).groups] == [2, 2, 2]


def test_ticks_of_intakes_take_five_members():
    def ticked(count):
        row = group(members=members(*[1] * count), sessions=(session(LAST_WEEK),))
        return [told(scope(row))[key] for key in OF_INTAKES]

    assert ticked(5) == [0, 0]
    assert ticked(4) == [None, None]


SPRING = dt.date(2026, 3, 1)


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
        return answers_of_guides(replace(scope(*groups), at=LONG_AGO + 732 * DAY))["opt-guide-tailors"].mean

    assert (after_two_years(2), after_two_years(3)) == (2, 5)


def test_answers_of_guides_stop_counting_a_year_after_the_year_they_were_given_in():
    three = scope(*(asked(f"g{n}") for n in range(3)))

    assert answers_of_guides(replace(three, at=LONG_AGO + 732 * DAY)) != {}
    assert answers_of_guides(replace(three, at=LONG_AGO + 733 * DAY)) == {}


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
