"""What a coordinator may know of logs and ticks: pooled over three groups, once a year."""

import datetime as dt
from dataclasses import replace

import catalogue
from checklist.facts.whole import facts_of
from checklist.released import OF_INTAKES, OF_LOGS, answers_of_guides, for_coordinator, pooled_logs
from checklist.rows import LogRow, Scope
from tests.checklist.by_hand import group, guide, members, on, scope, session, took_place

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


def test_a_completed_program_tells_everything_pooled():
    three = scope(*(logged(f"g{n}", LAST_WEEK) for n in range(3)), stage="completed")

    assert told(three)["own_case_share"] == 1


def test_ticks_of_intakes_take_five_members():
    def ticked(count):
        row = group(members=members(*[1] * count), sessions=(session(LAST_WEEK),))
        return [told(scope(row))[key] for key in OF_INTAKES]

    assert ticked(5) == [0, 0]
    assert ticked(4) == [None, None]


def test_answers_of_guides_are_pooled_over_three_guides():
    three = scope(*(logged(f"g{n}", LONG_AGO) for n in range(3)), format="peer_support")
    known = catalogue.load()

    assert answers_of_guides(three, known)["opt-humour-balance"].n == 3
    assert answers_of_guides(replace(three, groups=three.groups[:2]), known) == {}
    assert (
        answers_of_guides(replace(three, groups=three.groups[:1]), known, at_least=1)["opt-humour-balance"].n
        == 1
    )
