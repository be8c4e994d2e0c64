"""Every worked case, edge of a band and derivation of tests/evidence/cases.yaml."""

import datetime as dt
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

import catalogue
from checklist import derivations
from checklist.casefile import case_inputs, fact_value
from checklist.inputs import Answers, Inputs, exact
from checklist.outcomes import ItemScore, rule_score, score_item
from checklist.scoring import Score, score

CASES = yaml.safe_load((Path(__file__).parents[1] / "evidence" / "cases.yaml").read_text())
KNOWN = catalogue.load()
GROUPS = [case for case in CASES["cases"] if case.get("type") != "marginals"]
MARGINALS = [case for case in CASES["cases"] if case.get("type") == "marginals"]


def by_id(case: dict[str, Any]) -> str:
    return str(case["id"])


def scored(case: dict[str, Any]) -> Score:
    return score(KNOWN, case["format"], case_inputs(case, KNOWN))


def expected_items(case: dict[str, Any]) -> dict[str, Any]:
    """As the head of cases.yaml says: by item, else by kind, else unknown."""
    expect = case["expect"]
    return {
        item.key: expect.get("items", {}).get(item.key, expect["by_kind"].get(item.measure.kind, "unknown"))
        for item in KNOWN.items_of(case["format"])
    }


def outcome(item: ItemScore) -> Any:
    return item.status if item.score is None else float(item.score)


@pytest.mark.parametrize("case", GROUPS, ids=by_id)
def test_every_item_has_the_outcome_written_by_hand(case: dict[str, Any]):
    outcomes = {key: outcome(item) for key, item in scored(case).items.items()}

    assert outcomes == expected_items(case)


@pytest.mark.parametrize("case", GROUPS, ids=by_id)
def test_layers_coverage_and_overall_are_right_to_three_decimals(case: dict[str, Any]):
    result = scored(case)
    totals = case["expect"]["totals"]

    layers = {key: layer.score for key, layer in result.layers.items()}
    assert layers == {
        key: pytest.approx(totals[key], abs=5e-4) if totals[key] is not None else None for key in layers
    }
    coverage = {key: float(layer.coverage) for key, layer in result.layers.items()}
    assert coverage == pytest.approx(totals["coverage"], abs=5e-4)
    assert (result.status, [flag.item.key for flag in result.flags]) == (
        totals["status"],
        case["expect"]["flags"],
    )
    if totals["overall"] is None:
        assert (result.overall, result.range, result.shown) == (None, None, None)
    else:
        assert result.overall is not None
        assert result.range is not None
        assert float(result.overall) == pytest.approx(totals["overall"], abs=5e-4)
        assert [float(end) for end in result.range] == pytest.approx(totals["range"], abs=5e-4)
        assert (result.limited_by, result.band) == (totals["limited_by"], totals["band"])


@pytest.mark.parametrize("case", MARGINALS, ids=by_id)
def test_margins_give_the_published_counts_and_leave_the_rest_undetermined(case: dict[str, Any]):
    for row in case["expect_counts"]:
        counts: Counter[str] = Counter()
        for groups, facts in row["groups"]:
            inputs = Inputs(facts={key: fact_value(value) for key, value in facts.items()})
            item = score(KNOWN, case["format"], inputs).items[row["item"]]
            names = {Fraction(1): "full", Fraction(1, 2): "partial", Fraction(0): "none"}
            counts[names[item.score] if item.score is not None else str(item.why_unknown)] += groups
        assert dict(counts) == row["expect"], row["item"]


@pytest.mark.parametrize(
    "row", CASES["boundaries"], ids=lambda row: f"{row['item']}-{row.get('format', 'any')}"
)
def test_a_value_on_the_edge_of_a_band_scores_as_written(row: dict[str, Any]):
    item = KNOWN.items[row["item"]]
    format_key = row.get("format", item.applies_to[0])
    recorded = item.measure.recorded_rule(format_key)
    rule = recorded if row.get("recorded") and recorded else item.measure.rule(format_key)

    assert [[value, rule_score(rule, value)] for value, _ in row["values"]] == [
        [value, exact(expected)] for value, expected in row["values"]
    ]


def test_the_recorded_fact_replaces_the_planned_one_from_the_second_session():
    facts = {"interval_weeks_planned": 6, "interval_weeks_actual": 10}
    item = KNOWN.items["prep-interval"]

    before = score_item(item, "intervision", Inputs(facts=facts, sessions_held=1), KNOWN)
    after = score_item(item, "intervision", Inputs(facts=facts, sessions_held=2), KNOWN)

    assert (before.score, before.value) == (1, 6)
    assert (after.score, after.value, after.planned) == (Fraction(1, 2), 10, 6)


def test_what_did_not_get_recorded_is_unknown_and_not_as_planned():
    item = KNOWN.items["prep-interval"]

    after = score_item(
        item, "intervision", Inputs(facts={"interval_weeks_planned": 6}, sessions_held=2), KNOWN
    )

    assert (after.score, after.status, after.planned) == (None, "unknown", 6)


def test_an_item_that_does_not_apply_leaves_numerator_and_denominator():
    without = score(KNOWN, "peer_support", Inputs(facts={"mental_health_cofacilitator": False}))
    unsure = score(KNOWN, "peer_support", Inputs())

    assert without.items["prep-guide-prebriefed"].status == "not_applicable"
    assert unsure.items["prep-guide-prebriefed"].status == "unknown"
    assert without.layers["preparation"].counts.of == unsure.layers["preparation"].counts.of - 1


def test_the_pulse_of_the_workshop_gives_depth_through_its_own_anchor():
    answers = {"min-applied-to-self": Answers(4, 6), "min-new-options": Answers(5, 6)}

    depth = score(KNOWN, "error_coping_workshop", Inputs(resident=answers)).factors["depth"]

    assert depth.score == (Fraction(3, 4) * 3 + 1 * 2) / 5


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _at(day: str, time: str) -> dt.datetime:
    return dt.datetime.combine(_day(day), dt.time.fromisoformat(time))


def derive(name: str, raw: dict[str, Any]) -> Any:
    match name:
        case "trajectory_months" | "interval_weeks":
            return getattr(derivations, name)([_day(day) for day in raw["dates"]])
        case "working_hours_share":
            spans = [(_at(day, start), _at(day, end)) for day, start, end in raw["sessions"]]
            window = {"start": dt.time.fromisoformat(raw["from"]), "end": dt.time.fromisoformat(raw["to"])}
            return derivations.working_hours_share(spans, days=raw["days"], **window)
        case "evaluator_guides":
            relations = [tuple(pair) for pair in raw["relations"]]
            return derivations.evaluator_guides(raw["guides"], raw["members"], relations)
    return getattr(derivations, name)(**raw)


@pytest.mark.parametrize("row", CASES["derivations"], ids=by_id)
def test_raw_data_become_the_fact_as_written(row: dict[str, Any]):
    assert float(derive(row["derive"], row["raw"])) == pytest.approx(row["expect"], abs=5e-4)
