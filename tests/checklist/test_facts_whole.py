"""Every fact of the catalogue has a home, or says what it waits for."""

import inspect
import re
from pathlib import Path

import pytest

import catalogue
from checklist import links
from checklist.facts import held
from checklist.facts.whole import FACTS, WAITING, facts_of
from checklist.inputs import Inputs, refuse_bad
from checklist.labels import LABELS
from tests.checklist import test_facts_of_dates, test_facts_of_people, test_facts_of_sessions
from tests.checklist.by_hand import group, scope

TABLE = (Path(__file__).parents[2] / "docs" / "facts.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", TABLE, re.MULTILINE))
COUNTER = {held.sessions_held.__name__}


def test_every_fact_of_the_catalogue_is_computed_or_waits():
    assert set(FACTS) | set(WAITING) | COUNTER == set(catalogue.load().facts)
    assert not set(FACTS) & set(WAITING)


def test_docs_name_the_home_of_every_fact_or_what_it_waits_for():
    assert set(ROWS) == set(catalogue.load().facts)
    assert {fact for fact, home in ROWS.items() if home.startswith("waits for")} == set(WAITING)


def test_every_fact_is_tested_from_rows_written_by_hand():
    modules = (test_facts_of_dates, test_facts_of_people, test_facts_of_sessions)
    written = "".join(inspect.getsource(module) for module in modules)

    assert [fact for fact in FACTS if f".{fact}(" not in written] == []


@pytest.mark.parametrize("format_key", ["intervision", "peer_support", "error_coping_workshop"])
def test_nothing_known_gives_facts_that_can_be_scored(format_key):
    for where in (
        scope(format=format_key),
        scope(group(), format=format_key),
        scope(format=format_key, title=""),
    ):
        refuse_bad(Inputs(facts=facts_of(where)), catalogue.load(), format_key)


def test_every_form_that_mends_a_fact_is_that_of_a_known_fact():
    assert set(links.FORMS) <= set(FACTS)
    assert set(LABELS) == set(FACTS)
    assert set(links.WHEN_KNOWN) <= set(catalogue.load().facts)
