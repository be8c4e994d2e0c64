"""Reads facts and answers to score from a YAML file: one case, or a list of them under ``cases``.

A case has ``format`` and any of ``facts``, ``resident_feedback``, ``intervisor_feedback``, ``declared`` and
``climate``; ``<kind>_default`` answers every item of that kind that is not named. A fact written
``{min: a, max: b}`` is known only as a range. Everything else in a case is ignored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from catalogue.kinds import Catalogue, Kind
from checklist.inputs import Answers, Fact, Inputs, Range


class CaseFileError(ValueError):
    """The file is not one we can score; the message is one line."""


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    format: str
    inputs: Inputs


def read_cases(path: Path, catalogue: Catalogue) -> list[Case]:
    """Every case of the file that describes one group; cases of type ``marginals`` describe none."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CaseFileError(f"{path}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CaseFileError(f"{path}: {' '.join(str(error).split())}") from error
    if not isinstance(data, Mapping):
        raise CaseFileError(f"{path}: the file is not a mapping")
    cases = [_case(raw, catalogue) for raw in _raw_cases(data, path)]
    if not cases:
        raise CaseFileError(f"{path}: there is no case to score")
    return cases


def case_inputs(raw: Mapping[str, Any], catalogue: Catalogue) -> Inputs:
    """Raises ValueError or TypeError for values that are no inputs."""
    facts = dict(raw.get("facts") or {})
    held = facts.pop("sessions_held", 0)
    if isinstance(held, bool) or not isinstance(held, int):
        raise ValueError(f"sessions_held: {held} is no int")
    return Inputs(
        facts={key: fact_value(value) for key, value in facts.items()},
        resident=_answers(raw, "resident_feedback", catalogue),
        intervisor=_answers(raw, "intervisor_feedback", catalogue),
        declared=_filled(raw, "declared", "coordinator_declared", catalogue),
        climate={
            item: {who: Answers(**answers) for who, answers in strata.items()}
            for item, strata in _filled(raw, "climate", "climate_survey", catalogue).items()
        },
        sessions_held=held,
        min_n=raw.get("min_n", 5),
        extended=bool(raw.get("extended", False)),
    )


def fact_value(value: Any) -> Fact:
    if isinstance(value, Mapping):
        return Range(value["min"], value["max"])
    return value  # type: ignore[no-any-return]  # scoring refuses what is no fact


def _raw_cases(data: Mapping[str, Any], path: Path) -> Iterator[Mapping[str, Any]]:
    raws = data.get("cases", [data])
    if not isinstance(raws, list) or not all(isinstance(raw, Mapping) for raw in raws):
        raise CaseFileError(f"{path}: cases is not a list of cases")
    yield from (raw for raw in raws if raw.get("type") != "marginals")


def _case(raw: Mapping[str, Any], catalogue: Catalogue) -> Case:
    name = str(raw.get("id", "case"))
    if "format" not in raw:
        raise CaseFileError(f"{name}: format is missing")
    try:
        return Case(name, str(raw["format"]), case_inputs(raw, catalogue))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CaseFileError(f"{name}: {error}") from error


def _answers(raw: Mapping[str, Any], kind: Kind, catalogue: Catalogue) -> dict[str, Answers]:
    return {item: Answers(**answers) for item, answers in _filled(raw, kind, kind, catalogue).items()}


def _filled(raw: Mapping[str, Any], section: str, kind: Kind, catalogue: Catalogue) -> dict[str, Any]:
    default = raw.get(f"{section}_default")
    items = [item.key for item in catalogue.items.values() if item.measure.kind == kind]
    return ({} if default is None else dict.fromkeys(items, default)) | dict(raw.get(section) or {})
