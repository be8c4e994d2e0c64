"""What must hold for any input, in any format."""

import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import catalogue
from catalogue.kinds import FactSpec, Item, facts_of
from checklist.inputs import Answers, Fact, Inputs, Range
from checklist.outcomes import likert_score, score_item
from checklist.scoring import CAPS, SLACK_ABOVE_MINIMAL, Score, score

KNOWN = catalogue.load()
FORMATS = st.sampled_from(sorted(KNOWN.formats))
MEANS = st.fractions(1, 5, max_denominator=20)
KINDS = {
    kind: [i.key for i in KNOWN.items.values() if i.measure.kind == kind] for kind in KNOWN.words["kind"]
}
FACTS = [spec for key, spec in KNOWN.facts.items() if key != "sessions_held"]


def number(rng: random.Random, low: int, high: int) -> Fraction:
    return Fraction(rng.randint(low * 20, high * 20), 20)


def value(rng: random.Random, spec: FactSpec) -> Fact:
    if rng.random() < 0.1:
        return None
    if spec.type == "bool":
        return rng.random() < 0.5
    if spec.type == "enum":
        return rng.choice(spec.values)
    top = rng.choice([1, 1, 15, 220]) if spec.type != "ratio" else 1
    ends = [Fraction(rng.randint(0, top)) if spec.type == "int" else number(rng, 0, top) for _ in range(2)]
    return Range(min(ends), max(ends)) if rng.random() < 0.15 else ends[0]


def answers(rng: random.Random) -> Answers:
    return Answers(number(rng, 1, 5), rng.choice([0, 3, 4, 5, 6, 7, 12]))


def strata(rng: random.Random) -> dict[str, Answers]:
    return {who: answers(rng) for who in ("residents", "intervisors", "staff") if rng.random() < 0.8}


def some(rng: random.Random, keys: list[str], make: Callable[[random.Random], Any]) -> dict[str, Any]:
    known = rng.choice([0, 0.5, 0.95, 1])
    return {key: make(rng) for key in keys if rng.random() < known}


def made_from(seed: int) -> Inputs:
    """Inputs of any completeness; drawn from a seed, because Hypothesis takes long over 150 values."""
    rng = random.Random(seed)
    return Inputs(
        facts={spec.key: value(rng, spec) for spec in FACTS},
        resident=some(rng, KINDS["resident_feedback"], answers),
        intervisor=some(rng, KINDS["intervisor_feedback"], answers),
        declared=some(
            rng, KINDS["coordinator_declared"], lambda rng: rng.choice(["yes", "partly", "no", None])
        ),
        climate=some(rng, KINDS["climate_survey"], strata),
        sessions_held=rng.randint(0, 4),
        min_n=rng.choice([4, 5]),
        extended=rng.random() < 0.3,
    )


def inputs() -> st.SearchStrategy[Inputs]:
    return st.integers(0, 2**32).map(made_from)


def all_scores(result: Score) -> list[float]:
    parts = [*result.items.values(), *result.factors.values(), *result.layers.values()]
    known = [float(part.score) for part in parts if part.score is not None]
    return known + [float(root) for root in (result.overall, *(result.range or ())) if root is not None]


@given(FORMATS, inputs())
@settings(deadline=None, max_examples=150)
def test_every_score_lies_from_0_to_1_and_the_overall_inside_its_range_and_caps(
    format_key: str, given: Inputs
):
    result = score(KNOWN, format_key, given)

    assert all(0 <= value <= 1 for value in all_scores(result))
    assert all(0 <= layer.coverage <= 1 for layer in result.layers.values())
    if result.overall is not None and result.range is not None:
        assert result.range[0] <= result.overall <= result.range[1]
        minimal = result.layers["minimal"].score
        assert minimal is not None
        assert float(result.overall) <= minimal + SLACK_ABOVE_MINIMAL + Fraction(1, 10**9)
        assert all(float(result.overall) <= CAPS[flag.critical] for flag in result.flags)
        assert result.shown is not None
        assert 0 <= 100 * float(result.overall) - result.shown < 5 + 1e-9


@given(FORMATS, inputs(), st.data())
@settings(deadline=None, max_examples=100)
def test_forgetting_something_never_raises_coverage(format_key: str, given: Inputs, data: st.DataObject):
    fact = data.draw(st.sampled_from(sorted(given.facts)))
    deciding = {item.not_applicable_when.fact for item in KNOWN.items.values() if item.not_applicable_when}
    forgotten = data.draw(st.sets(st.sampled_from(sorted(KNOWN.items))))
    facts = {key: value for key, value in given.facts.items() if key != fact or key in deciding}
    less = replace(
        given,
        facts=facts,
        resident={key: value for key, value in given.resident.items() if key not in forgotten},
        climate={key: value for key, value in given.climate.items() if key not in forgotten},
    )

    before, after = (score(KNOWN, format_key, known) for known in (given, less))

    for key, layer in after.layers.items():
        assert layer.coverage <= before.layers[key].coverage
    for key, item in after.items.items():
        assert item.score is None or item.score == before.items[key].score  # never imputed


@given(FORMATS, inputs(), st.data())
@settings(deadline=None, max_examples=150)
def test_a_better_answer_never_lowers_a_factor_a_layer_or_the_overall(
    format_key: str, given: Inputs, data: st.DataObject
):
    asked = [
        i
        for i in KNOWN.items_of(format_key)
        if i.key in given.resident and i.measure.kind == "resident_feedback"
    ]
    if not asked:
        return
    item = data.draw(st.sampled_from(asked))
    old = given.resident[item.key]
    better = (
        data.draw(st.fractions(1, Fraction(old.mean), max_denominator=20)) if item.measure.reverse else None
    )
    mean = (
        better if better is not None else data.draw(st.fractions(Fraction(old.mean), 5, max_denominator=20))
    )
    improved = replace(given, resident={**given.resident, item.key: Answers(mean, old.n)})

    assert_not_lower(score(KNOWN, format_key, given), score(KNOWN, format_key, improved))


@given(FORMATS, inputs(), st.data())
@settings(deadline=None, max_examples=150)
def test_a_better_fact_never_lowers_a_factor_a_layer_or_the_overall(
    format_key: str, given: Inputs, data: st.DataObject
):
    free = {item.not_applicable_when.fact for item in KNOWN.items.values() if item.not_applicable_when}
    scored_from: list[Item] = [
        item
        for item in KNOWN.items_of(format_key)
        if item.measure.rules and not free & set(facts_of(item, format_key))
    ]
    item = data.draw(st.sampled_from(scored_from))
    fact = score_item(item, format_key, given, KNOWN).fact
    if not fact:  # the item does not apply
        return
    other = value(random.Random(data.draw(st.integers(0, 2**32))), KNOWN.facts[fact])
    changed = replace(given, facts={**given.facts, fact: other})
    first, second = (score_item(item, format_key, known, KNOWN).score for known in (given, changed))
    if first is None or second is None:
        return
    low, high = (given, changed) if first <= second else (changed, given)

    assert_not_lower(score(KNOWN, format_key, low), score(KNOWN, format_key, high))


def assert_not_lower(before: Score, after: Score) -> None:
    for key, factor in after.factors.items():
        earlier = before.factors[key].score
        assert earlier is None or (factor.score is not None and factor.score >= earlier)
    for key, layer in after.layers.items():
        earlier = before.layers[key].score
        assert earlier is None or (layer.score is not None and layer.score >= earlier)
    if before.overall is not None:
        assert after.overall is not None
        assert after.overall >= before.overall


@given(FORMATS, inputs(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=50)
def test_the_order_in_which_things_are_told_makes_no_difference(
    format_key: str, given: Inputs, rng: random.Random
):
    def shuffled(mapping: Any) -> Any:
        pairs = list(mapping.items())
        rng.shuffle(pairs)
        return dict(pairs)

    other = replace(
        given,
        facts=shuffled(given.facts),
        resident=shuffled(given.resident),
        climate={key: shuffled(strata) for key, strata in shuffled(given.climate).items()},
    )
    items = dict(shuffled(KNOWN.items))
    reordered = replace(KNOWN, items=items)

    first, second = score(KNOWN, format_key, given), score(reordered, format_key, other)
    assert {k: v.score for k, v in first.items.items()} == {k: v.score for k, v in second.items.items()}
    assert {k: v.score for k, v in first.layers.items()} == {k: v.score for k, v in second.layers.items()}
    assert (first.overall, first.range, first.limited_by) == (second.overall, second.range, second.limited_by)
    assert {flag.item.key for flag in first.flags} == {flag.item.key for flag in second.flags}


@given(MEANS)
def test_a_reverse_question_scores_the_other_way_round(mean: Fraction):
    assert likert_score(mean) + likert_score(mean, reverse=True) == 1


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (Inputs(facts={"no_such_fact": 1}), "unknown fact"),
        (Inputs(facts={"group_size_planned": "six"}), "no int"),
        (Inputs(facts={"group_size_planned": True}), "no int"),
        (Inputs(facts={"group_size_planned": 5.5}), "no int"),
        (Inputs(facts={"evaluator_guides": -1}), "no int"),
        (Inputs(facts={"onsite_share": 1.1}), "no ratio"),
        (Inputs(facts={"onsite_share": Range(0.5, 2)}), "no ratio"),
        (Inputs(facts={"group_closed": 1}), "no bool"),
        (Inputs(facts={"group_closed": Range(0, 1)}), "no bool"),
        (Inputs(facts={"coaching_mode": "perhaps"}), "no enum"),
        (Inputs(facts={"duration_minutes_planned": float("nan")}), r"(?i)nan"),
        (Inputs(resident={"no-such-item": Answers(3, 5)}), "unknown item"),
        (Inputs(declared={"min-help-route": "maybe"}), "not yes"),  # type: ignore[dict-item]
        (Inputs(sessions_held=-1), "sessions held"),
        (Inputs(min_n=3), "fewer than 4"),
    ],
)
def test_input_that_only_a_mistake_can_bring_is_refused(bad: Inputs, words: str):
    with pytest.raises(ValueError, match=words):
        score(KNOWN, "intervision", bad)


def test_a_format_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="unknown format"):
        score(KNOWN, "speed_dating", Inputs())


@pytest.mark.parametrize(("mean", "n"), [(0.9, 5), (5.1, 5), (3, -1)])
def test_answers_outside_the_scale_are_refused(mean: float, n: int):
    with pytest.raises(ValueError, match=r"outside|cannot"):
        Answers(mean, n)


def test_a_range_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="before it starts"):
        Range(3, 2)
