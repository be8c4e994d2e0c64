"""Flags, caps, the sentence, what may lie behind a low factor, and what to do first."""

from dataclasses import replace
from fractions import Fraction

import pytest

import catalogue
from checklist.finding import sentence
from checklist.inputs import Answers, Inputs
from checklist.interplay import explanations, next_steps
from checklist.roots import Root
from checklist.scoring import Score, confidence, score

KNOWN = catalogue.load()

GOOD_FACTS = {
    "evaluator_guides": 0,
    "evaluator_members": 0,
    "evaluator_content_access": 0,
    "confidentiality_incidents": 0,
    "degree_required": False,
    "guide_training_hours_min": 16,
    "steering_training_share": 1,
    "resource_pack_share": 1,
    "purpose_limits_parts": 2,
    "trajectory_months_planned": 13,
    "interval_weeks_planned": 6,
    "duration_minutes_planned": 165,
    "onsite_share": 1,
    "room_comfort_share": 1,
    "refreshments_share": 1,
    "working_hours_share_planned": 1,
    "duty_clash_share": 0,
    "cover_confirmed_share": 1,
    "intake_offered_share": 1,
    "group_size_planned": 6,
    "group_closed": True,
    "training_years_distinct": 3,
    "same_phase_peer_share": 1,
    "title_mentions_resilience": False,
    "coaching_alongside": True,
}


def good(mean: float = 4.6, climate: float | None = 4.6) -> Inputs:
    """A good plan whose members answer every question with ``mean``."""
    feedback = [item.key for item in KNOWN.items.values() if item.measure.kind == "resident_feedback"]
    survey = [item.key for item in KNOWN.items.values() if item.measure.kind == "climate_survey"]
    strata = {} if climate is None else {"residents": Answers(climate, 20)}
    return Inputs(
        facts=GOOD_FACTS,
        resident={key: Answers(mean, 6) for key in feedback},
        climate=dict.fromkeys(survey, strata),
    )


def intervision(inputs: Inputs) -> Score:
    return score(KNOWN, "intervision", inputs)


def test_an_evaluator_who_guides_caps_the_whole_at_35_and_is_named():
    result = intervision(replace(good(), facts={**GOOD_FACTS, "evaluator_guides": 1}))

    assert [(flag.item.key, flag.critical) for flag in result.flags] == [("prep-guide-independent", "hard")]
    assert (result.shown, result.limited_by, result.limiting) == (35, "hard", ("intervisor_choice",))
    assert next_steps(result)[0].item.key == "prep-guide-independent"


def test_a_flag_shows_while_the_overall_is_withheld():
    result = intervision(Inputs(facts={"evaluator_members": 2}))

    assert (result.status, [flag.critical for flag in result.flags]) == ("withheld", ["hard"])
    assert sentence(result, "en").startswith("Held down by group composition")


def test_extra_workload_caps_the_whole_at_55():
    answers = {**good().resident, "prep-no-extra-workload": Answers(2.9, 6)}

    result = intervision(replace(good(), resident=answers))

    assert (result.shown, result.limited_by, result.limiting) == (55, "soft", ("workload",))
    assert sentence(result, "nl") == "Tegengehouden door werklast; de voorbereiding is sterk."


def test_workload_at_one_half_raises_no_flag():
    answers = {**good().resident, "prep-no-extra-workload": Answers(3, 6)}

    assert intervision(replace(good(), resident=answers)).flags == ()


def test_without_a_climate_survey_the_score_is_provisional_and_its_range_is_wide():
    result = intervision(good(climate=None))

    assert result.status == "provisional_no_climate"
    assert result.range is not None
    assert result.overall is not None
    assert result.range[0] < result.overall < result.range[1]
    assert sentence(result, "en") == "All layers are strong; the climate is not yet known."


def test_formal_items_never_lift_safety_above_what_residents_feel():
    felt = intervision(Inputs(resident={"min-safety-felt": Answers(2, 6)}))
    with_paper = intervision(
        Inputs(
            facts={"ground_rules_share": 1, "confidentiality_incidents": 0, "evaluator_content_access": 0},
            resident={"min-safety-felt": Answers(2, 6)},
        )
    )

    assert felt.factors["safety"].score == with_paper.factors["safety"].score == Fraction(1, 4)


def test_safety_stays_unknown_while_the_question_for_it_is_unanswered():
    answers = {key: value for key, value in good().resident.items() if key != "min-safety-felt"}

    result = intervision(replace(good(), resident=answers))

    assert result.factors["safety"].score is None
    assert (result.layers["minimal"].score, result.status) == (None, "withheld")


def test_an_institution_may_use_four_answers_and_the_rest_may_not():
    four = {key: Answers(4, 4) for key in good().resident}

    assert intervision(replace(good(), resident=four)).status == "withheld"
    assert intervision(replace(good(), resident=four, min_n=4)).status == "full"


def test_extended_items_count_only_when_asked_for():
    normal, extended = intervision(good()), intervision(replace(good(), extended=True))

    assert set(extended.items) - set(normal.items) == {"opt-guide-nonverbal", "opt-life-balance"}


def test_a_whole_that_lies_on_an_edge_is_not_rounded_below_it():
    assert Root.geometric_mean([Fraction(4, 5)] * 4).down_to_five() == 80
    assert Root.geometric_mean([Fraction(9, 25), Fraction(1)]).down_to_five() == 60
    assert Root(Fraction(7999, 10000)).down_to_five() == 75


def test_the_sentence_of_an_empty_program_says_that_nothing_is_known():
    assert sentence(intervision(Inputs()), "en") == "Too little is known for a finding."
    assert sentence(intervision(Inputs()), "nl") == "Er is nog te weinig bekend voor een conclusie."


def test_the_sentence_names_what_is_known_and_what_is_not():
    result = intervision(Inputs(facts=GOOD_FACTS))

    assert sentence(result, "en") == "Preparation is strong; safety and depth are not yet known."
    assert result.readiness == 100


def test_counts_per_layer_add_up_to_the_items_that_apply():
    counts = intervision(Inputs(facts=GOOD_FACTS)).layers["preparation"].counts

    assert (counts.met, counts.partly, counts.not_met, counts.of) == (22, 0, 0, 32)
    assert counts.unknown == 10


def test_low_depth_points_to_what_lies_upstream_and_to_an_unasked_climate():
    answers = {**good(climate=None).resident, **{key: Answers(1.5, 6) for key in DEPTH}}
    facts = {**GOOD_FACTS, "duration_minutes_planned": 60, "interval_weeks_planned": 20}

    result = intervision(replace(good(climate=None), resident=answers, facts=facts))

    causes = {cause.key: cause.score for cause in explanations(KNOWN, result)["depth"]}
    assert {"climate": None, "duration": 0}.items() <= causes.items()
    assert "frequency" in causes
    assert "composition" not in causes


DEPTH = ["min-depth-felt", "min-listen-and-think", "min-beyond-complaint", "min-new-options"]


def test_when_nothing_upstream_is_low_no_cause_is_made_up():
    answers = {**good().resident, "min-safety-felt": Answers(1.2, 6), "min-stays-in-group": Answers(1.2, 6)}
    facts = {**GOOD_FACTS, "learning_goal_share": 1, "intake_frame_share": 1, "intake_own_guide_share": 1}

    result = intervision(replace(good(), resident=answers, facts=facts))

    assert explanations(KNOWN, result)["safety"] == ()


def test_next_steps_put_safety_and_depth_before_workload_and_that_before_the_cheap_ones():
    low = {"min-safety-felt", "min-depth-felt", "prep-no-extra-workload"}
    answers = {**good().resident, **{key: Answers(1.5, 6) for key in low}}
    facts = {**GOOD_FACTS, "onsite_share": 0, "intake_offered_share": 0}

    steps = next_steps(intervision(replace(good(), resident=answers, facts=facts)))

    first_five = [item.item.key for item in steps[:5]]
    assert first_five == [
        "min-safety-felt", "min-depth-felt", "prep-no-extra-workload", "prep-intake-held", "prep-onsite"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("response", "fresh", "expected"),
    [(Fraction(9, 10), True, "medium"), (Fraction(4, 10), True, "low"), (None, True, "medium")],
)
def test_confidence_follows_coverage_response_and_age(response: Fraction | None, fresh: bool, expected: str):
    assert confidence(intervision(good()), response=response, fresh=fresh) == expected


def test_there_is_no_confidence_in_a_score_that_is_withheld():
    assert confidence(intervision(Inputs()), response=None, fresh=True) is None


def test_a_layer_at_nothing_lowers_the_whole_without_wiping_it_out():
    result = intervision(good(climate=1))

    assert result.layers["climate"].score == 0
    assert result.overall is not None
    assert Fraction(4, 10) < Fraction(float(result.overall)) < Fraction(1, 2)


def test_a_whole_of_which_everything_that_applies_is_known_has_no_range():
    shares = {
        key: 1 for key, spec in KNOWN.facts.items() if spec.phase == "recorded" and spec.type == "ratio"
    }
    themes = {"recovery_theme_sessions": 2, "early_signs_theme_sessions": 1}
    known = replace(
        good(),
        facts={**GOOD_FACTS, **shares, **themes, "intake_held_share": 0},
        intervisor={
            key: Answers(4, 1) for key, item in KNOWN.items.items() if "intervisor_f" in item.measure.kind
        },
        declared={key: "yes" for key, item in KNOWN.items.items() if "declared" in item.measure.kind},
    )

    result = intervision(known)

    assert result.items["prep-intake-own-guide"].status == "not_applicable"
    assert result.range == (result.overall, result.overall)


def test_a_factor_upstream_that_is_workable_only_is_named_as_a_cause():
    answers = {**good().resident, "min-safety-felt": Answers(1.2, 6), "min-stays-in-group": Answers(1.2, 6)}
    facts = {**GOOD_FACTS, "intake_offered_share": 0.6, "learning_goal_share": 1, "intake_frame_share": 0.6}

    result = intervision(replace(good(), resident=answers, facts=facts))

    assert result.factors["intake"].score == Fraction(2, 3)
    assert "intake" in {cause.key for cause in explanations(KNOWN, result)["safety"]}
