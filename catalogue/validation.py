"""What may not be wrong in the files. Each check yields the problem and its place; nothing is mended here."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any

from catalogue import shapes
from catalogue.files import Place, Problem
from catalogue.shapes import is_number

FILES = ("checklist.yaml", "nl.yaml", "actions.yaml", "words.yaml", "formats.yaml")

QUESTIONED = ("resident_feedback", "intervisor_feedback", "coordinator_declared", "climate_survey")
SCHEMA = 1
LAYERS = ("preparation", "minimal", "optimizing", "climate")
RESPONDENTS = ("residents", "intervisors", "staff")
ANSWERS = ["yes", "partly", "no"]
#: No minimum of answers may be lower: fewer are never shown.
LEAST = {"resident_feedback": 4, "climate_stratum": 4, "intervisor_feedback": 1}
#: What a number of a unit can be at most (ours, and generous); every unit of a number is here.
MOST: Mapping[str, int] = {
    "parts 0-2": 2,
    "accounts": 100_000,
    "contacts": 1_000,
    "disciplines": 1_000,
    "hours": 100_000,
    "incidents": 100_000,
    "members": 100_000,
    "minutes": 10_080,
    "months": 1_200,
    "persons": 100_000,
    "persons present": 100_000,
    "sessions": 10_000,
    "weeks": 5_200,
    "years": 100,
}
BANDS = ("strong", "workable", "fragile", "not safe to build on")
#: Words for what the score itself says.
SAID = {
    "band": BANDS,
    "status": ("met", "partly", "not_met", "unknown", "not_applicable"),
    "why_unknown": ("not_recorded", "not_declared", "not_asked", "too_few", "undetermined", "not_applicable"),
    "origin": ("paper", "ours", "mixed"),
    "default_status": ("stated", "derived", "not_stated", "recommended"),
    "respondents": RESPONDENTS,
    "declared": ANSWERS,
    "answer": (1, 2, 3, 4, 5),
    "truth": ("true", "false"),
    "core": ("added_value",),
    "finding": ("held_down", "nothing", "all_strong", "and"),
    **{f"finding_{layer}": (*BANDS, "unknown") for layer in LAYERS},
}
#: Facts whose values are choices with words of their own.
CHOICES = {"participation": "participation_mode", "coaching_mode": "coaching_mode"}
WORD_GROUPS = {
    "kind": "measure_kind",
    "layer": "layer",
    "layer_explanation": "layer",
}


def most(spec: Mapping[str, Any]) -> int | None:
    return MOST.get(spec.get("unit", ""))


def checklist(raw: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _twice("factors", raw["factors"])
    yield from _twice("items", raw["items"])
    yield from _twice("themes", [{"id": theme} for theme in raw["themes"]])
    yield from _head(raw)
    yield from _facts(raw)
    yield from _defaults(raw)
    yield from _factors(raw)
    yield from _interplay(raw)
    for index, item in enumerate(raw["items"]):
        for problem in _item(raw, item):
            yield Problem(("items", index, *problem.place), f"{item['id']}: {problem.message}")


def actions(raw: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Problem]:
    """Every item has its next action: something to do, also where it is felt and not planned."""
    if wrong := list(shapes.fields(data, {"next_action": dict}, (), "")):
        yield from wrong
        return
    given = data["next_action"]
    wanted = {item["id"] for item in raw["items"]}
    yield from _pairs(given, ("next_action",))
    yield from (Problem((), f"no next action for {key}") for key in sorted(wanted - set(given)))
    for key in sorted(set(given) - {item["id"] for item in raw["items"]}):
        yield Problem(("next_action", key), f"next action of an unknown item: {key}")


def words(raw: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Problem]:
    if wrong := shapes.words(data):
        yield from wrong
        return
    wanted = {group: raw["vocabulary"][key] for group, key in WORD_GROUPS.items()} | {"theme": raw["themes"]}
    wanted |= SAID | {group: raw["facts"].get(fact, {}).get("values", ()) for group, fact in CHOICES.items()}
    for group, keys in wanted.items():
        for key in keys:
            if key not in data.get(group, {}):
                yield Problem((group,), f"no word for {group} {key}")
    for group, pairs in data.items():
        if group != "avoid":
            yield from _pairs(pairs, (group,))
    for index, spec in enumerate(data["avoid"]):
        yield from _pair(spec["instead"], ("avoid", index, "instead"))


def formats(raw: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Problem]:
    if wrong := shapes.formats(data):
        yield from wrong
        return
    for key in set(raw["formats"]) ^ set(data.get("formats", {})):
        yield Problem(("formats", key), f"format {key} is in one file only")
    yield from _pairs(data["stages"], ("stages",))
    for key, own in data["formats"].items():
        place = ("formats", key)
        for field in ("guide", "guides", "purpose", "limits", "ground_rules"):
            yield from _pair(own.get(field), (*place, field))
        for stage in own["stages"]:
            if not isinstance(stage, str) or stage not in data["stages"]:
                yield Problem((*place, "stages"), f"unknown stage {stage}")


def _pairs(pairs: Mapping[Any, Any], place: Place) -> Iterator[Problem]:
    for key, pair in pairs.items():
        yield from _pair(pair, (*place, str(key)))


def _pair(pair: Any, place: Place) -> Iterator[Problem]:
    for language in ("en", "nl"):
        text = pair.get(language) if isinstance(pair, Mapping) else None
        if not (isinstance(text, str) and text.strip()):
            yield Problem(place, f"no {language} for {'.'.join(map(str, place))}")


def _twice(group: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, row in enumerate(rows):
        if row["id"] in seen:
            yield Problem((group, index), f"{row['id']} is here twice")
        seen.add(row["id"])


def _head(raw: Mapping[str, Any]) -> Iterator[Problem]:
    if raw["schema_version"] != SCHEMA:
        yield Problem(("schema_version",), f"schema {raw['schema_version']} is not {SCHEMA}")
    for key in LAYERS:
        if key not in raw["vocabulary"]["layer"]:
            yield Problem(("vocabulary", "layer"), f"layer {key} is missing")
    rules = raw["score_rules"]
    for key, least in LEAST.items():
        given = rules.get("min_n", {}).get(key)
        if type(given) is not int or given < least:
            yield Problem(("score_rules", "min_n"), f"min_n of {key} is {given}, not {least} or more")
    held = rules.get("min_sessions_held")
    if type(held) is not int or held < 1:
        yield Problem(("score_rules", "min_sessions_held"), f"min_sessions_held is {held}, not 1 or more")


def _defaults(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """What a format begins with lies between its own limits."""
    for key, spec in raw["formats"].items():
        for field, default in spec.items():
            if isinstance(default, Mapping) and {"min", "max"} & set(default):
                yield from _limits(default, ("formats", key, field), f"{key}: {field}")


def _limits(default: Mapping[str, Any], place: Place, name: str) -> Iterator[Problem]:
    low, value, high = (default.get(end) for end in ("min", "default", "max"))
    known = [end for end in (low, value, high) if end is not None]
    if not all(is_number(end) for end in known):
        yield Problem(place, f"{name}: {known} are not all numbers")
    elif low is not None and high is not None and low > high:
        yield Problem(place, f"{name}: min {low} is above max {high}")
    elif known != sorted(known):
        yield Problem(place, f"{name}: default {value} is outside {low} to {high}")


def _facts(raw: Mapping[str, Any]) -> Iterator[Problem]:
    for key, spec in raw["facts"].items():
        if spec.get("type") not in ("int", "number", "ratio", "bool", "enum"):
            yield Problem(("facts", key), f"{key}: unknown type {spec.get('type')}")
        if spec.get("phase") not in ("planned", "recorded"):
            yield Problem(("facts", key), f"{key}: unknown phase {spec.get('phase')}")
        if spec["type"] == "enum" and not spec.get("values"):
            yield Problem(("facts", key), f"{key}: no values to choose from")
        if spec["type"] in ("int", "number") and spec.get("unit") not in MOST:
            yield Problem(("facts", key), f"{key}: unknown unit {spec.get('unit')}")


def _factors(raw: Mapping[str, Any]) -> Iterator[Problem]:
    for index, factor in enumerate(raw["factors"]):
        if factor["layer"] not in raw["vocabulary"]["layer"]:
            yield Problem(("factors", index), f"{factor['id']}: unknown layer {factor['layer']}")


def _interplay(raw: Mapping[str, Any]) -> Iterator[Problem]:
    ends = {
        "*",
        *(factor["id"] for factor in raw["factors"]),
        *(f"{k}:*" for k in raw["vocabulary"]["layer"]),
    }
    for index, edge in enumerate(raw["interplay"]):
        for end in ("from", "to"):
            if edge[end] not in ends:
                yield Problem(("interplay", index), f"unknown factor {edge[end]}")


def _item(raw: Mapping[str, Any], item: Mapping[str, Any]) -> Iterator[Problem]:
    factor = next((f for f in raw["factors"] if f["id"] == item["factor"]), None)
    if factor is None or factor["layer"] != item["layer"]:
        yield Problem(("factor",), f"no factor {item['factor']} in layer {item['layer']}")
    if item["weight"] not in raw["vocabulary"]["weight_policy"]:
        yield Problem(("weight",), f"weight {item['weight']} is not in the weight policy")
    if item.get("critical", "hard") not in ("hard", "soft"):
        yield Problem(("critical",), f"unknown critical {item['critical']}")
    for field in ("applies_to", "extends_to"):
        for key in item.get(field, ()):
            if key not in raw["formats"]:
                yield Problem((field,), f"unknown format {key}")
    for key in set(item.get("extends_to", ())) - set(item["applies_to"]):
        yield Problem(("extends_to",), f"extends to {key} without applying to it")
    for index, source in enumerate(item["source"]):
        if source.get("paper") not in raw["papers"]:
            yield Problem(("source", index), f"unknown paper {source.get('paper')}")
    for group, value in (
        ("said_by", item["audience"]["said_by"]),
        ("strength", item["audience"]["strength"]),
    ):
        if value not in raw["vocabulary"][group]:
            yield Problem(("audience",), f"unknown {group} {value}")
    if item["basis"] not in raw["vocabulary"]["basis"]:
        yield Problem(("basis",), f"unknown basis {item['basis']}")
    if not item["applies_to"]:
        yield Problem(("applies_to",), "it applies to no format")
    if item.get("tier", "extended") != "extended":
        yield Problem(("tier",), f"unknown tier {item['tier']}")
    if when := item.get("not_applicable_when"):
        yield from _when(raw, when)
    for key in item["measure"].get("by_format", {}):
        if key not in item["applies_to"]:
            yield Problem(("measure", "by_format"), f"a rule for {key}, to which it does not apply")
    yield from _measure(raw, item["measure"])


def _when(raw: Mapping[str, Any], when: Mapping[str, Any]) -> Iterator[Problem]:
    place, spec = ("not_applicable_when",), raw["facts"].get(when["fact"])
    if spec is None:
        yield Problem(place, f"unknown fact {when['fact']}")
    elif not (is_number(when["equals"]) if not _values(spec) else when["equals"] in _values(spec)):
        yield Problem(place, f"{when['fact']} is never {when['equals']}")


def _values(spec: Mapping[str, Any]) -> tuple[Any, ...]:
    """All that a fact can be, where it is no number."""
    return (True, False) if spec["type"] == "bool" else tuple(spec.get("values", ()))


def _measure(raw: Mapping[str, Any], measure: Mapping[str, Any]) -> Iterator[Problem]:
    kind = measure.get("kind")
    if kind in ("resident_feedback", "intervisor_feedback"):
        if measure.get("ask") not in raw["vocabulary"]["ask_windows"]:
            yield Problem(("measure",), f"unknown window {measure.get('ask')}")
        if measure.get("scale") != "1-5":
            yield Problem(("measure",), f"scale {measure.get('scale')} is not 1-5")
    elif kind == "climate_survey":
        if not measure.get("respondents"):
            yield Problem(("measure",), "a climate question without respondents")
        for who in measure.get("respondents", ()):
            if who not in RESPONDENTS:
                yield Problem(("measure", "respondents"), f"nobody is asked as {who}")
    elif kind == "coordinator_declared":
        if measure.get("answers") != ANSWERS:
            yield Problem(("measure",), f"answers {measure.get('answers')} are not {', '.join(ANSWERS)}")
    elif kind in ("planned", "recorded"):
        yield from _rules(raw, measure)
    elif kind not in QUESTIONED:
        yield Problem(("measure",), f"unknown kind {kind}")


def _rules(raw: Mapping[str, Any], measure: Mapping[str, Any]) -> Iterator[Problem]:
    recorded = measure.get("then_recorded")
    if measure.get("round", "half_up") != "half_up":
        yield Problem(("measure", "round"), f"unknown rounding {measure['round']}")
    variants = [({}, "bands"), *((own, "bands") for own in measure.get("by_format", {}).values())]
    for own, name in variants:
        merged = {**measure, **own}
        yield from _rule(
            raw, merged.get("fact"), merged.get(name, []), merged.get("map", {}), kind=measure["kind"]
        )
    if recorded:
        bands = measure.get("recorded_bands", measure.get("bands", []))
        plain = {} if "recorded_bands" in measure else measure.get("map", {})
        yield from _rule(raw, recorded, bands, plain, kind="recorded")


def _rule(
    raw: Mapping[str, Any], fact: Any, bands: list[Any], plain: Mapping[Any, Any], *, kind: str
) -> Iterator[Problem]:
    place: Place = ("measure",)
    spec = raw["facts"].get(fact)
    if spec is None:
        yield Problem(place, f"unknown fact {fact}")
        return
    if spec.get("phase") != kind:
        yield Problem(place, f"{fact} is {spec.get('phase')}, the measure is {kind}")
    if bool(bands) == bool(plain):
        yield Problem(place, f"{fact} needs bands or a map")
    for value in plain:
        if value not in _values(spec):
            yield Problem(place, f"{fact} is never {value}")
    for value in _values(spec):
        if value not in plain:
            yield Problem(place, f"{fact} has no score for {value}")
    yield from (
        Problem(place, f"score {score} is outside 0 to 1") for score in plain.values() if not 0 <= score <= 1
    )
    top = 1 if spec["type"] == "ratio" and "_per_" not in fact else most(spec)
    yield from (Problem(place, message) for message in _bands(bands, top, whole=spec["type"] == "int"))


def _bands(bands: list[Any], top: int | None, *, whole: bool) -> Iterator[str]:
    for index, (low, high, score) in enumerate(bands):
        if not 0 <= score <= 1:
            yield f"score {score} is outside 0 to 1"
        if low is not None and high is not None and low > high:
            yield f"band {bands[index]} ends before it starts"
        elif not any(_first(bands, at) == index for at in _probes(bands, top, whole=whole)):
            yield f"no value reaches band {bands[index]}"


def _first(bands: list[Any], at: Fraction) -> int | None:
    for index, (low, high, _) in enumerate(bands):
        if (low is None or at >= _exact(low)) and (high is None or at <= _exact(high)):
            return index
    return None


def _probes(bands: list[Any], top: int | None, *, whole: bool) -> list[Fraction]:
    """The ends of all bands, a point in each gap between them, and one beyond each side: those that a fact can be."""
    ends = sorted({_exact(end) for band in bands for end in band[:2] if end is not None} | {Fraction(0)})
    between = [(left + right) / 2 for left, right in pairwise(ends)]
    above = [Fraction(floor(end) + 1) for end in ends]
    probes = [*ends, *above] if whole else [*ends, *between, ends[-1] + 1]
    possible = (at for at in probes if at >= 0 and (top is None or at <= top))
    return [at for at in possible if not whole or at.denominator == 1]


def _exact(value: Any) -> Fraction:
    return Fraction(str(value))
