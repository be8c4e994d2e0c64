"""From inputs to the outcome of each item: a score from 0 to 1, unknown, or not applicable."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import floor
from typing import Literal

from catalogue.kinds import Band, Catalogue, Item, Rule
from checklist.inputs import DECLARED, Answers, Fact, Inputs, Range, exact

Status = Literal["met", "partly", "not_met", "unknown", "not_applicable"]
WhyUnknown = Literal["not_recorded", "not_declared", "not_asked", "too_few", "undetermined"]

# Ours, in step with the words shown to a group: a mean of 3.5 or more is good, 2.5 or less asks attention.
MET = Fraction(5, 8)
NOT_MET = Fraction(3, 8)


@dataclass(frozen=True)
class ItemScore:
    """``score`` is None when unknown or not applicable. ``value`` is the fact that was scored; where the
    planned one was replaced by what took place, ``planned`` still says what was planned."""

    item: Item
    score: Fraction | None
    applicable: bool = True
    why_unknown: WhyUnknown | None = None
    fact: str = ""
    value: Fact = None
    planned: Fact = None

    @cached_property
    def status(self) -> Status:
        if not self.applicable:
            return "not_applicable"
        if self.score is None:
            return "unknown"
        if self.score >= MET:
            return "met"
        return "not_met" if self.score <= NOT_MET else "partly"


def score_item(item: Item, format_key: str, inputs: Inputs, catalogue: Catalogue) -> ItemScore:
    if _does_not_apply(item, inputs.facts):
        return ItemScore(item, None, applicable=False)
    match item.measure.kind:
        case "planned" | "recorded":
            return _from_fact(item, format_key, inputs, catalogue)
        case "coordinator_declared":
            answer = inputs.declared.get(item.key)
            return (
                ItemScore(item, DECLARED[answer])
                if answer
                else ItemScore(item, None, why_unknown="not_declared")
            )
        case "resident_feedback":
            return _from_answers(item, [inputs.resident.get(item.key)], inputs.min_n)
        case "intervisor_feedback":
            return _from_answers(
                item, [inputs.intervisor.get(item.key)], catalogue.min_n["intervisor_feedback"]
            )
        case "climate_survey":
            strata = inputs.climate.get(item.key, {})
            return _from_answers(item, [strata.get(who) for who in item.measure.respondents], inputs.min_n)


def likert_score(mean: Fraction, *, reverse: bool = False) -> Fraction:
    """Return 0 (worst) to 1 (best) for a mean from 1, strongly disagree, to 5, strongly agree.

    For a ``reverse`` item, where agreeing is bad, the other way round. Raises ValueError outside 1 to 5.
    Scale and formula are ours (catalogue, score_rules.likert); none of the papers gives one.
    """
    if not 1 <= mean <= 5:
        raise ValueError(f"a mean of {mean} is outside 1 to 5")
    return (5 - mean) / 4 if reverse else (mean - 1) / 4


def rule_score(rule: Rule, value: Fact, *, whole: bool = False) -> Fraction | None:
    """Return the score ``rule`` gives to ``value``, or None for a range that does not score alike throughout.

    ``whole`` says that only whole numbers occur, so that what lies between them is not looked at.
    """
    if isinstance(value, bool | str):
        return rule.map[value]
    if value is None:
        return None
    if not isinstance(value, Range):
        return _band_score(rule.bands, _rounded(exact(value), rule))
    low, high = (None if end is None else _rounded(exact(end), rule) for end in (value.low, value.high))
    scores = {
        _band_score(rule.bands, at) for at in _probes(rule.bands, low, high, whole or rule.round_half_up)
    }
    return scores.pop() if len(scores) == 1 else None


def _does_not_apply(item: Item, facts: Mapping[str, Fact]) -> bool:
    when = item.not_applicable_when
    return when is not None and facts.get(when.fact) is not None and facts[when.fact] == when.equals


def _from_fact(item: Item, format_key: str, inputs: Inputs, catalogue: Catalogue) -> ItemScore:
    rule = item.measure.rule(format_key)
    planned = inputs.facts.get(rule.fact)
    recorded = item.measure.recorded_rule(format_key)
    if recorded and inputs.sessions_held >= catalogue.min_sessions_held:
        rule = recorded
    value = inputs.facts.get(rule.fact)
    score = rule_score(rule, value, whole=catalogue.facts[rule.fact].type == "int")
    why: WhyUnknown | None = None
    if score is None:
        why = "not_recorded" if value is None else "undetermined"
    return ItemScore(item, score, why_unknown=why, fact=rule.fact, value=value, planned=planned)


def _from_answers(item: Item, groups: Iterable[Answers | None], min_n: int) -> ItemScore:
    """The plain mean over the groups that reach ``min_n``; one group unless it is the climate survey."""
    asked = [answers for answers in groups if answers is not None]
    means = [exact(answers.mean) for answers in asked if answers.n >= min_n]
    if not means:
        return ItemScore(item, None, why_unknown="too_few" if asked else "not_asked")
    scores = [likert_score(mean, reverse=item.measure.reverse) for mean in means]
    return ItemScore(item, sum(scores, Fraction(0)) / len(scores))


def _rounded(value: Fraction, rule: Rule) -> Fraction:
    return Fraction(floor(value + Fraction(1, 2))) if rule.round_half_up else value


def _band_score(bands: Iterable[Band], value: Fraction) -> Fraction:
    return next((band.score for band in bands if band.holds(value)), Fraction(0))


def _probes(
    bands: Iterable[Band], low: Fraction | None, high: Fraction | None, whole: bool
) -> Iterator[Fraction]:
    """One value for every stretch between ``low`` and ``high`` on which the score cannot change."""
    ends = {end for band in bands for end in (band.low, band.high) if end is not None} | {Fraction(0)}
    ends |= {end for end in (low, high) if end is not None}
    marks = sorted(ends)
    marks = [marks[0] - 1, *marks, marks[-1] + 1]
    between = [
        Fraction(floor(left) + 1) if whole else (left + right) / 2
        for left, right in pairwise(marks)
        if not whole or floor(left) + 1 < right
    ]
    for at in (*marks, *between):
        if (low is None or at >= low) and (high is None or at <= high):
            yield at
