"""The rules of the score themselves, for any input: what counts, what is the lowest, and what a better item does."""

import math
from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import catalogue
from checklist.inputs import Inputs
from checklist.outcomes import ItemScore
from checklist.scoring import FactorScore, Score, of_items, score
from tests.checklist.test_scoring_properties import FORMATS, assert_not_lower, inputs

KNOWN = catalogue.load()
SCORES = st.fractions(0, 1, max_denominator=20)


def told(result: Score) -> object:
    """Everything that a score says, but why something is not known."""
    parts = {**result.items, **result.factors, **result.layers}
    scores = {key: part.score for key, part in parts.items()}
    coverage = {key: layer.coverage for key, layer in result.layers.items()}
    return scores, coverage, result.overall, result.range, result.status, result.limited_by, result.flags


def enough(inputs: Inputs) -> Inputs:
    """Without what fewer than the minimum answered."""
    return replace(
        inputs,
        resident={key: said for key, said in inputs.resident.items() if said.n >= inputs.min_n},
        intervisor={key: said for key, said in inputs.intervisor.items() if said.n >= 1},
        climate={
            key: {who: said for who, said in strata.items() if said.n >= inputs.min_n}
            for key, strata in inputs.climate.items()
        },
    )


@given(FORMATS, inputs())
@settings(deadline=None, max_examples=150)
def test_answers_below_the_minimum_count_as_if_nobody_had_been_asked(format_key: str, given: Inputs):
    assert told(score(KNOWN, format_key, given)) == told(score(KNOWN, format_key, enough(given)))


@given(FORMATS, inputs())
@settings(deadline=None, max_examples=150)
def test_minimal_is_the_lower_of_safety_and_depth_and_neither_lies_above_what_residents_feel(
    format_key: str, given: Inputs
):
    layer = score(KNOWN, format_key, given).layers["minimal"]

    for factor in layer.factors:
        assert factor.score == min_of_means(factor)
    scores = [factor.score for factor in layer.factors]
    assert layer.score == (None if None in scores else min(one for one in scores if one is not None))


def min_of_means(factor: FactorScore) -> Fraction | None:
    """By the domain notes, 8.1: of all items and of residents' answers, once the anchor is known."""
    known = [item for item in factor.items if item.score is not None]
    felt = [item for item in known if item.item.measure.kind == "resident_feedback"]
    anchored = any(item.item.anchor for item in known)
    return min(mean(known), mean(felt)) if anchored else None


def mean(items: list[ItemScore]) -> Fraction:
    weights = sum(item.item.weight for item in items)
    return sum((item.score or Fraction(0)) * item.item.weight for item in items) / Fraction(weights)


@given(FORMATS, inputs())
@settings(deadline=None, max_examples=150)
def test_the_overall_is_the_lowest_of_the_mean_and_its_caps(format_key: str, given: Inputs):
    result = score(KNOWN, format_key, given)
    used = {
        key: float(layer.score)
        for key, layer in result.layers.items()
        if layer.score is not None and layer.coverage >= 0.5
    }
    whole = {"preparation", "minimal", "optimizing"} <= set(used)
    assert (result.overall is None) == (not whole)
    if not whole:
        return

    flags = {flag.critical for flag in result.flags}
    limits = {
        "layers": math.prod(max(value, 0.05) for value in used.values()) ** (1 / len(used)),
        "minimal+15": used["minimal"] + 0.15,
        **({"hard": 0.35} if "hard" in flags else {}),
        **({"soft": 0.55} if "soft" in flags else {}),
    }
    assert math.isclose(float(result.overall), min(limits.values()), rel_tol=1e-9)
    assert math.isclose(limits[str(result.limited_by)], min(limits.values()), rel_tol=1e-9)
    assert result.status == ("full" if "climate" in used else "provisional_no_climate")


@given(FORMATS, inputs())
@settings(deadline=None, max_examples=100)
def test_flags_are_of_critical_items_below_their_edge_and_show_also_when_the_whole_does_not(
    format_key: str, given: Inputs
):
    result = score(KNOWN, format_key, given)
    edges = {"hard": 1, "soft": Fraction(1, 2)}
    low = {
        key
        for key, item in result.items.items()
        if item.score is not None and item.item.critical and item.score < edges[item.item.critical]
    }

    assert {flag.item.key for flag in result.flags} == low


@given(FORMATS, inputs(), st.data())
@settings(deadline=None, max_examples=200)
def test_a_better_item_never_lowers_a_factor_a_layer_or_the_overall(
    format_key: str, given: Inputs, data: st.DataObject
):
    """Of every kind: arranged, took place, answered, declared or asked about the climate."""
    before = score(KNOWN, format_key, given)
    known = [item for item in before.items.values() if item.score is not None]
    assume(known)
    item = data.draw(st.sampled_from(known))
    better = replace(item, score=max(item.score, data.draw(SCORES)))
    items = [better if one is item else one for one in before.items.values()]

    after = of_items(KNOWN, format_key, items)

    assert_not_lower(before, after)
    assert {key: layer.coverage for key, layer in after.layers.items()} == {
        key: layer.coverage for key, layer in before.layers.items()
    }


@given(FORMATS, inputs(), st.data())
@settings(deadline=None, max_examples=150)
def test_an_item_that_becomes_unknown_lowers_coverage_by_its_weight(
    format_key: str, given: Inputs, data: st.DataObject
):
    before = score(KNOWN, format_key, given)
    known = [item for item in before.items.values() if item.score is not None]
    assume(known)
    item = data.draw(st.sampled_from(known))
    items = [replace(one, score=None) if one is item else one for one in before.items.values()]

    after = of_items(KNOWN, format_key, items)

    for key, layer in after.layers.items():
        applies = sum(one.item.weight for one in layer.items if one.applicable)
        lost = Fraction(item.item.weight, applies) if key == item.item.layer else 0
        assert layer.coverage == before.layers[key].coverage - lost


@given(FORMATS, SCORES, SCORES, st.data())
@settings(deadline=None, max_examples=100)
def test_the_range_holds_the_overall_also_where_little_is_known_of_the_climate(
    format_key: str, elsewhere: Fraction, there: Fraction, data: st.DataObject
):
    """A climate too little known to be used counts in both ends of the range, and not in the overall."""
    items = list(score(KNOWN, format_key, Inputs()).items.values())
    one = data.draw(st.sampled_from([item for item in items if item.item.layer == "climate"]))
    known = [item for item in items if item.item.layer != "climate"]
    told = [replace(item, score=elsewhere) if item in known else item for item in items]

    found = of_items(
        KNOWN, format_key, [replace(item, score=there) if item.item is one.item else item for item in told]
    )

    assert found.overall is not None
    assert found.range is not None
    assert found.range[0] <= found.overall <= found.range[1]
