"""Reads facts and answers to score from a YAML file: one case, or a list of them under ``cases``.

A case has ``format`` and any of ``facts``, ``resident_feedback``, ``intervisor_feedback``, ``declared`` and
``climate``; ``<kind>_default`` answers every item of that kind that is not named. A fact written
``{min: a, max: b}`` is known only as a range. A case of type ``marginals`` describes no group: it counts groups of
which one fact is known. Everything else in a case is ignored.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from catalogue.kinds import Catalogue, Kind
from checklist import casetext
from checklist.casetext import CaseFileError, one_line
from checklist.inputs import Answers, Fact, Inputs, Range, exact
from checklist.scoring import score

OUTCOMES = {Fraction(1): "full", Fraction(1, 2): "partial", Fraction(0): "none"}


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    format: str
    inputs: Inputs


@dataclass(frozen=True, slots=True)
class Marginals:
    """``counts`` says of each item how many groups come out how."""

    name: str
    counts: Mapping[str, Mapping[str, int]]


def read_cases(path: Path, catalogue: Catalogue) -> list[Case | Marginals]:
    """Everything the file describes. Raises CaseFileError with one line."""
    data = casetext.read(path)
    cases = [_entry(raw, catalogue) for raw in _raw_cases(data, path)]
    if not cases:
        raise CaseFileError(f"{path}: there is no case to score")
    return cases


def case_inputs(raw: Mapping[str, Any], catalogue: Catalogue) -> Inputs:
    """Raises ValueError or TypeError for values that are no inputs."""
    facts = dict(_mapping("facts", raw.get("facts")))
    held = facts.pop("sessions_held", 0)
    _refuse_unless("sessions_held", held, int)
    min_n, extended = raw.get("min_n", 5), raw.get("extended", False)
    _refuse_unless("min_n", min_n, int)
    _refuse_unless("extended", extended, bool)
    return Inputs(
        facts={key: _fact(key, value, catalogue) for key, value in facts.items()},
        resident=_answers(raw, "resident_feedback", catalogue),
        intervisor=_answers(raw, "intervisor_feedback", catalogue),
        declared=_filled(raw, "declared", "coordinator_declared", catalogue),
        climate={
            item: _strata(item, strata, catalogue)
            for item, strata in _filled(raw, "climate", "climate_survey", catalogue).items()
        },
        sessions_held=held,
        min_n=min_n,
        extended=extended,
    )


def fact_value(value: Any) -> Fact:
    if isinstance(value, Mapping):
        _refuse_unless_keys(value, {"min", "max"})
        return Range(value["min"], value["max"])
    return value  # type: ignore[no-any-return]  # scoring refuses what is no fact


def _fact(key: str, value: Any, catalogue: Catalogue) -> Fact:
    """Raises ValueError also for a number that its unit cannot have."""
    try:
        fact = fact_value(value)
        ends = (fact.low, fact.high) if isinstance(fact, Range) else (fact,)
        numbers = [exact(end) for end in ends if isinstance(end, int | float) and not isinstance(end, bool)]
    except (ValueError, TypeError) as error:
        raise ValueError(f"{key}: {error}") from error
    spec = catalogue.facts.get(key)
    if spec and spec.most is not None and any(number > spec.most for number in numbers):
        raise ValueError(f"{key}: more than {spec.most} {spec.unit or ''}".strip())
    return fact


def _raw_cases(data: Mapping[str, Any], path: Path) -> Iterator[Mapping[str, Any]]:
    raws = data.get("cases", [data])
    if not isinstance(raws, list) or not all(isinstance(raw, Mapping) for raw in raws):
        raise CaseFileError(f"{path}: cases is not a list of cases")
    yield from raws


def _entry(raw: Mapping[str, Any], catalogue: Catalogue) -> Case | Marginals:
    name = raw.get("id", "case")
    if isinstance(name, Mapping | list):
        raise CaseFileError("case: the id is no single value")
    try:
        name = one_line(name)
    except ValueError as error:  # a number of thousands of digits
        raise CaseFileError(f"case: {error}") from error
    if "format" not in raw:
        raise CaseFileError(f"{name}: format is missing")
    try:
        if raw.get("type") == "marginals":
            return Marginals(name, marginal_counts(raw, catalogue))
        return Case(name, str(raw["format"]), case_inputs(raw, catalogue))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        said = f"{error} is missing" if isinstance(error, KeyError) else error
        raise CaseFileError(f"{name}: {one_line(said)}") from error


def marginal_counts(raw: Mapping[str, Any], catalogue: Catalogue) -> dict[str, dict[str, int]]:
    """How many groups come out full, partial, none, or unknown and why: by item, each from its own margin alone."""
    found: dict[str, dict[str, int]] = {}
    for row in raw["expect_counts"]:
        counts: Counter[str] = Counter()
        for groups, facts in row["groups"]:
            _refuse_unless("groups", groups, int)
            if groups < 0:
                raise ValueError(f"there cannot be {groups} groups")
            inputs = Inputs(facts={key: _fact(key, value, catalogue) for key, value in facts.items()})
            item = score(catalogue, str(raw["format"]), inputs).items[row["item"]]
            counts[OUTCOMES[item.score] if item.score is not None else str(item.why_unknown)] += groups
        found[row["item"]] = dict(counts)
    return found


def _refuse_unless(name: str, value: object, kind: type) -> None:
    if type(value) is not kind:
        raise ValueError(f"{name}: {value} is no {kind.__name__}")


def _refuse_unless_keys(value: Mapping[str, Any], keys: set[str]) -> None:
    if missing := keys - set(value):
        raise ValueError(f"{', '.join(sorted(missing))} is missing")
    if others := [key for key in value if key not in keys]:
        raise ValueError(f"{others[0]} is not one of {', '.join(sorted(keys))}")


def _mapping(name: str, value: Any) -> Mapping[str, Any]:
    """Nothing there is an empty one."""
    if value is not None and not isinstance(value, Mapping):
        raise ValueError(f"{name} is not a mapping")
    return value or {}


def _given(item: str, answers: Any) -> Answers:
    try:
        _refuse_unless_keys(_mapping("what was answered", answers), {"mean", "n"})
        return Answers(**answers)
    except ValueError as error:
        raise ValueError(f"{item}: {error}") from error


def _strata(item: str, strata: Any, catalogue: Catalogue) -> dict[str, Answers]:
    strata = _mapping(item, strata)
    known = {who for item in catalogue.items.values() for who in item.measure.respondents}
    if others := [str(who) for who in strata if who not in known]:
        raise ValueError(f"nobody is asked as {', '.join(others)}")
    return {who: _given(item, answers) for who, answers in strata.items()}


def _answers(raw: Mapping[str, Any], kind: Kind, catalogue: Catalogue) -> dict[str, Answers]:
    return {item: _given(item, answers) for item, answers in _filled(raw, kind, kind, catalogue).items()}


def _filled(raw: Mapping[str, Any], section: str, kind: Kind, catalogue: Catalogue) -> dict[str, Any]:
    default, named = raw.get(f"{section}_default"), dict(_mapping(section, raw.get(section)))
    items = [item.key for item in catalogue.items.values() if item.measure.kind == kind]
    if others := [key for key in named if key not in items]:
        unknown = [key for key in others if key not in catalogue.items]
        said = f"unknown item {unknown[0]}" if unknown else f"{others[0]} is not known from {section}"
        raise ValueError(said)
    return ({} if default is None else dict.fromkeys(items, default)) | named
