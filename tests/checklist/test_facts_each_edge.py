"""Every fact at each of its edges, from rows written by hand; no fact without one of them or the reason."""

import datetime as dt
from dataclasses import replace

import pytest

import catalogue
from checklist.facts.whole import FACTS
from checklist.inputs import Inputs, refuse_bad
from tests.checklist.by_hand import member, on, took_place
from tests.checklist.edges import EARLY_ON_THE_DAY, EDGES, NO_MEMBER, NO_SESSION, NO_TIME, YES_OR_NO, Case
from tests.checklist.edges.dates import A_ROOM_STAYS, DATES, SNACKS_STAY
from tests.checklist.edges.frame import FRAME
from tests.checklist.edges.held import HELD
from tests.checklist.edges.intakes import INTAKES
from tests.checklist.edges.people import PEOPLE

TABLE = {**FRAME, **DATES, **PEOPLE, **INTAKES, **HELD}
ALL = [(fact, edge, one) for fact, found in TABLE.items() for edge, one in found.items()]
CASES = [(fact, edge, case) for fact, edge, case in ALL if isinstance(case, Case)]
REASONS = [(fact, edge, why) for fact, edge, why in ALL if isinstance(why, str)]


@pytest.mark.parametrize(("fact", "edge", "case"), CASES, ids=[f"{fact} {edge}" for fact, edge, _ in CASES])
def test_a_fact_at_its_edge(fact, edge, case):
    found = FACTS[fact](case.rows)

    assert found == case.value
    assert isinstance(found, bool) == isinstance(case.value, bool), "no number stands for yes or no"
    refuse_bad(Inputs(facts={fact: found}), catalogue.load(), case.rows.frame.format)


def test_no_fact_lacks_one_of_its_edges():
    assert set(TABLE) == set(FACTS)
    assert {fact: tuple(found) for fact, found in TABLE.items()} == dict.fromkeys(FACTS, EDGES)


def test_nothing_to_count_is_never_a_number():
    assert {fact for fact, found in TABLE.items() if found["nothing"].value is not None} == set()


def changed(fact, why):
    """The rows of ``all`` with what the reason says is not counted, or looked at in another hour."""
    rows = TABLE[fact]["all"].rows
    if why in (NO_TIME, A_ROOM_STAYS, SNACKS_STAY):
        return replace(rows, at=EARLY_ON_THE_DAY)
    gone = member(99, left_on=dt.date(2026, 8, 1), discipline="x", year=9, training_years=9)
    moved = took_place(on(2026, 9, 5, 20), first_planned_at=on(2026, 6, 1))
    if why == NO_MEMBER:
        return replace(rows, groups=tuple(replace(g, members=(*g.members, gone)) for g in rows.groups))
    return replace(rows, groups=tuple(replace(g, sessions=(*g.sessions, moved)) for g in rows.groups))


@pytest.mark.parametrize(
    ("fact", "edge", "why"), REASONS, ids=[f"{fact} {edge}" for fact, edge, _ in REASONS]
)
def test_where_an_edge_cannot_be_its_rows_change_nothing(fact, edge, why):
    assert FACTS[fact](changed(fact, why)) == TABLE[fact]["all"].value


def test_each_reason_is_that_of_its_edge():
    of_edges = {
        "one": {YES_OR_NO},
        "clock": {NO_TIME, A_ROOM_STAYS, SNACKS_STAY},
        "moved": {NO_SESSION},
        "left": {NO_MEMBER},
    }

    assert {(edge, why) for _fact, edge, why in REASONS} == {
        (edge, why) for edge, reasons in of_edges.items() for why in reasons
    }
    of_whole_program = {"degree_required", "coaching_alongside", "participation_mode", "requires_prior_error"}
    assert {fact for fact, _edge, why in REASONS if why == YES_OR_NO} == of_whole_program
