"""What may not be wrong in the files. Each check yields the problem and its place; nothing is mended here."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from catalogue.files import Place, Problem

FILES = ("checklist.yaml", "nl.yaml", "actions.yaml", "words.yaml", "formats.yaml")

QUESTIONED = ("resident_feedback", "intervisor_feedback", "coordinator_declared", "climate_survey")
ITEM_FIELDS = (
    "id", "layer", "factor", "statement", "why", "source", "audience", "basis", "measure", "weight",
    "weight_reason", "applies_to",
)  # fmt: skip
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
WORD_GROUPS = {
    "kind": "measure_kind",
    "layer": "layer",
    "layer_explanation": "layer",
}


def most(spec: Mapping[str, Any]) -> int | None:
    return MOST.get(spec.get("unit", ""))


def shape(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """Fields without which nothing else can be read."""
    for key in (
        "vocabulary",
        "score_rules",
        "factors",
        "formats",
        "facts",
        "interplay",
        "items",
        "themes",
        "papers",
    ):
        if key not in raw:
            yield Problem((), f"{key} is missing")
    for index, item in enumerate(raw.get("items", ())):
        for field in ITEM_FIELDS:
            if field not in item:
                yield Problem(("items", index), f"{item.get('id', 'an item')}: {field} is missing")
        measure = item.get("measure", {})
        if not (measure.get("rule") or measure.get("question")):
            yield Problem(
                ("items", index, "measure"), f"{item.get('id')}: the measure has no rule and no question"
            )


def checklist(raw: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _twice("factors", raw["factors"])
    yield from _twice("items", raw["items"])
    yield from _facts(raw)
    yield from _factors(raw)
    yield from _interplay(raw)
    for index, item in enumerate(raw["items"]):
        for problem in _item(raw, item):
            yield Problem(("items", index, *problem.place), f"{item['id']}: {problem.message}")


def actions(raw: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Problem]:
    """Every item has its next action: something to do, also where it is felt and not planned."""
    given = data.get("next_action", {})
    wanted = {item["id"] for item in raw["items"]}
    yield from _pairs(given, ("next_action",))
    yield from (Problem((), f"no next action for {key}") for key in sorted(wanted - set(given)))
    for key in sorted(set(given) - {item["id"] for item in raw["items"]}):
        yield Problem(("next_action", key), f"next action of an unknown item: {key}")


def words(raw: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Problem]:
    wanted = {group: raw["vocabulary"][key] for group, key in WORD_GROUPS.items()} | {"theme": raw["themes"]}
    for group, keys in wanted.items():
        for key in keys:
            if key not in data.get(group, {}):
                yield Problem((group,), f"no word for {group} {key}")
    for group, pairs in data.items():
        if group != "avoid":
            yield from _pairs(pairs, (group,))
    for index, spec in enumerate(data.get("avoid", ())):
        if missing := {"word", "language", "stem", "instead"} - set(spec):
            yield Problem(("avoid", index), f"word to avoid lacks {', '.join(sorted(missing))}")


def formats(raw: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Problem]:
    for key in set(raw["formats"]) ^ set(data.get("formats", {})):
        yield Problem(("formats", key), f"format {key} is in one file only")
    yield from _pairs(data["stages"], ("stages",))
    for key, own in data["formats"].items():
        place = ("formats", key)
        for field in ("guide", "guides", "purpose", "limits", "ground_rules"):
            yield from _pair(own.get(field), (*place, field))
        for stage in own["stages"]:
            if stage not in data["stages"]:
                yield Problem((*place, "stages"), f"unknown stage {stage}")


def _pairs(pairs: Mapping[Any, Any], place: Place) -> Iterator[Problem]:
    for key, pair in pairs.items():
        yield from _pair(pair, (*place, str(key)))


def _pair(pair: Any, place: Place) -> Iterator[Problem]:
    for language in ("en", "nl"):
        if not (isinstance(pair, Mapping) and str(pair.get(language) or "").strip()):
            yield Problem(place, f"no {language} for {'.'.join(map(str, place))}")


def _twice(group: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, row in enumerate(rows):
        if row["id"] in seen:
            yield Problem((group, index), f"{row['id']} is here twice")
        seen.add(row["id"])


def _facts(raw: Mapping[str, Any]) -> Iterator[Problem]:
    for key, spec in raw["facts"].items():
        if spec.get("type") not in ("int", "number", "ratio", "bool", "enum"):
            yield Problem(("facts", key), f"{key}: unknown type {spec.get('type')}")
        if spec.get("phase") not in ("planned", "recorded"):
            yield Problem(("facts", key), f"{key}: unknown phase {spec.get('phase')}")


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
    when = item.get("not_applicable_when")
    if when and when["fact"] not in raw["facts"]:
        yield Problem(("not_applicable_when",), f"unknown fact {when['fact']}")
    yield from _measure(raw, item["measure"])


def _measure(raw: Mapping[str, Any], measure: Mapping[str, Any]) -> Iterator[Problem]:
    kind = measure.get("kind")
    if kind in ("resident_feedback", "intervisor_feedback"):
        if measure.get("ask") not in raw["vocabulary"]["ask_windows"]:
            yield Problem(("measure",), f"unknown window {measure.get('ask')}")
    elif kind == "climate_survey":
        if not measure.get("respondents"):
            yield Problem(("measure",), "a climate question without respondents")
    elif kind in ("planned", "recorded"):
        yield from _rules(raw, measure)
    elif kind not in QUESTIONED:
        yield Problem(("measure",), f"unknown kind {kind}")


def _rules(raw: Mapping[str, Any], measure: Mapping[str, Any]) -> Iterator[Problem]:
    recorded = measure.get("then_recorded")
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
        if value not in ((True, False) if spec["type"] == "bool" else spec.get("values", ())):
            yield Problem(place, f"{fact} is never {value}")
    yield from (
        Problem(place, f"score {score} is outside 0 to 1") for score in plain.values() if not 0 <= score <= 1
    )
    yield from (Problem(place, message) for message in _bands(bands, ratio=spec["type"] == "ratio"))


def _bands(bands: list[Any], *, ratio: bool) -> Iterator[str]:
    for index, (low, high, score) in enumerate(bands):
        if not 0 <= score <= 1:
            yield f"score {score} is outside 0 to 1"
        if low is not None and high is not None and low > high:
            yield f"band {bands[index]} ends before it starts"
        elif not any(_first(bands, at) == index for at in _probes(bands, ratio=ratio)):
            yield f"no value reaches band {bands[index]}"


def _first(bands: list[Any], at: Fraction) -> int | None:
    for index, (low, high, _) in enumerate(bands):
        if (low is None or at >= _exact(low)) and (high is None or at <= _exact(high)):
            return index
    return None


def _probes(bands: list[Any], *, ratio: bool) -> list[Fraction]:
    """The ends of all bands, a point in each gap between them, and one beyond each side."""
    ends = sorted({_exact(end) for band in bands for end in band[:2] if end is not None})
    if not ends:
        return [Fraction(0)]
    between = [(left + right) / 2 for left, right in pairwise(ends)]
    probes = [*ends, *between, ends[0] - 1, ends[-1] + 1]
    return [at for at in probes if 0 <= at <= 1] if ratio else probes


def _exact(value: Any) -> Fraction:
    return Fraction(str(value))
