"""What kind of value stands where in the checklist's file. Nothing else is looked at before these fit."""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from catalogue.files import Place, Problem

Kinds = Mapping[str, type]
TOP: Kinds = {
    "schema_version": int,
    "catalogue_version": str,
    "vocabulary": dict,
    "score_rules": dict,
    "factors": list,
    "formats": dict,
    "facts": dict,
    "interplay": list,
    "items": list,
    "themes": list,
    "papers": dict,
}
ITEM: Kinds = {
    "id": str,
    "layer": str,
    "factor": str,
    "statement": str,
    "why": str,
    "source": list,
    "audience": dict,
    "basis": str,
    "measure": dict,
    "weight": int,
    "weight_reason": str,
    "applies_to": list,
}
ITEM_MAY: Kinds = {
    "critical": str,
    "anchor": bool,
    "tier": str,
    "extends_to": list,
    "not_applicable_when": dict,
}
MEASURE: Kinds = {"kind": str}
MEASURE_MAY: Kinds = {
    "fact": str,
    "then_recorded": str,
    "rule": str,
    "question": str,
    "bands": list,
    "recorded_bands": list,
    "map": dict,
    "by_format": dict,
    "round": str,
    "threshold_origin": str,
    "respondents": list,
    "ask": str,
    "answers": list,
    "scale": str,
    "reverse": bool,
}
FACTOR: Kinds = {"id": str, "layer": str, "label": str, "order": int}
FACT: Kinds = {"type": str, "phase": str}
EDGE: Kinds = {"from": str, "to": str, "source": str}
SOURCE: Kinds = {"paper": str, "section": str}
AVOIDED: Kinds = {"word": str, "language": str, "stem": str, "instead": dict}
FORMAT: Kinds = {"stages": list, "asks": list}
NAMES = {dict: "mapping", list: "list", str: "text", int: "whole number", bool: "true or false"}


def problems(raw: Mapping[str, Any]) -> list[Problem]:
    """Of the whole file first: without its parts there is nothing to look into."""
    return list(fields(raw, TOP, (), "")) or list(_parts(raw))


def _parts(raw: Mapping[str, Any]) -> Iterator[Problem]:
    for group, kinds in (("factors", FACTOR), ("interplay", EDGE)):
        for index, row in enumerate(raw[group]):
            yield from row_of(row, kinds, (group, index), f"{group} {index + 1}")
    for key, spec in raw["facts"].items():
        yield from row_of(spec, FACT, ("facts", key), f"fact {key}")
    for index, item in enumerate(raw["items"]):
        yield from _item(item, ("items", index))


def _item(item: Any, place: Place) -> Iterator[Problem]:
    name = str(item.get("id", "an item")) if isinstance(item, Mapping) else "an item"
    wrong = [*row_of(item, ITEM, place, name)]
    yield from wrong
    if wrong:
        return
    yield from fields(item, ITEM_MAY, place, name, may_lack=True)
    for index, source in enumerate(item["source"]):
        yield from row_of(source, SOURCE, (*place, "source", index), f"{name}: a source")
    when = item.get("not_applicable_when")
    if isinstance(when, Mapping):
        for field in ("fact", "equals"):
            if field not in when:
                yield Problem((*place, "not_applicable_when"), f"{name}: {field} is missing")
    yield from _measure(item["measure"], (*place, "measure"), name)


def _measure(measure: Mapping[str, Any], place: Place, name: str) -> Iterator[Problem]:
    yield from fields(measure, MEASURE, place, name)
    yield from fields(measure, MEASURE_MAY, place, name, may_lack=True)
    if not (measure.get("rule") or measure.get("question")):
        yield Problem(place, f"{name}: the measure has no rule and no question")
    yield from _scores(measure, place, name)
    by_format = measure.get("by_format")
    for key, own in by_format.items() if isinstance(by_format, Mapping) else ():
        yield from row_of(own, {}, (*place, "by_format", key), f"{name}: {key}")
        if isinstance(own, Mapping):
            yield from fields(own, MEASURE_MAY, (*place, "by_format", key), name, may_lack=True)
            yield from _scores(own, (*place, "by_format", key), name)


def _scores(measure: Mapping[str, Any], place: Place, name: str) -> Iterator[Problem]:
    """Bands are [from, to, score]; an end may be open."""
    for field in ("bands", "recorded_bands"):
        bands = measure.get(field)
        for band in bands if isinstance(bands, list) else ():
            if not (isinstance(band, list) and len(band) == 3):
                yield Problem((*place, field), f"{name}: band {band} is not from, to and score")
            elif not all(end is None or is_number(end) for end in band[:2]) or not is_number(band[2]):
                yield Problem((*place, field), f"{name}: band {band} holds what is no number")
    plain = measure.get("map")
    for value, score in plain.items() if isinstance(plain, Mapping) else ():
        if not is_number(score):
            yield Problem((*place, "map"), f"{name}: {value} scores {score}, which is no number")


def words(data: Mapping[str, Any]) -> list[Problem]:
    return list(_words(data))


def _words(data: Mapping[str, Any]) -> Iterator[Problem]:
    for group, pairs in data.items():
        if group != "avoid":
            yield from row_of(pairs, {}, (group,), str(group))
    yield from fields(data, {"avoid": list}, (), "")
    avoided = data.get("avoid")
    for index, spec in enumerate(avoided if isinstance(avoided, list) else ()):
        yield from row_of(spec, AVOIDED, ("avoid", index), "word to avoid")


def formats(data: Mapping[str, Any]) -> list[Problem]:
    whole = list(fields(data, {"stages": dict, "formats": dict}, (), ""))
    return whole or [
        problem
        for key, own in data["formats"].items()
        for problem in row_of(own, FORMAT, ("formats", key), f"format {key}")
    ]


def row_of(row: Any, kinds: Kinds, place: Place, name: str) -> Iterator[Problem]:
    if isinstance(row, Mapping):
        yield from fields(row, kinds, place, name)
    else:
        yield Problem(place, f"{name} is no mapping")


def fields(
    row: Mapping[str, Any], kinds: Kinds, place: Place, name: str, *, may_lack: bool = False
) -> Iterator[Problem]:
    said = f"{name}: " if name else ""
    for field, kind in kinds.items():
        if field not in row:
            if not may_lack:
                yield Problem(place, f"{said}{field} is missing")
        elif type(row[field]) is not kind:
            yield Problem((*place, field), f"{said}{field} is no {NAMES[kind]}")
        elif kind is str and not row[field].strip():
            yield Problem((*place, field), f"{said}{field} is empty")


def is_number(value: Any) -> bool:
    return type(value) in (int, float) and isfinite(value)
