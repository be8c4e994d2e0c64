"""Which English texts of ``checklist.yaml`` need Dutch, and whether ``nl.yaml`` has exactly those."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalogue.files import Place, Problem
from catalogue.texts import Text

FORMAT_FIELDS = (
    "group_size",
    "interval_weeks",
    "session_minutes",
    "trajectory_months",
    "sessions_total",
    "timing",
    "place",
    "intake",
    "facilitator",
    "co_facilitator",
    "coaching_call",
    "mixing_training_years",
    "participation",
    "advertise_as",
    "follow_up",
)


class Wording:
    """Looks a text up in both languages by its place in ``nl.yaml``."""

    def __init__(self, english: Mapping[Place, str], dutch: Mapping[Place, str]) -> None:
        self._english = english
        self._dutch = dutch

    def __call__(self, *place: str | int) -> Text:
        return Text(en=self._english[place], nl=self._dutch[place])

    def maybe(self, *place: str | int) -> Text | None:
        return self(*place) if place in self._english else None


def english_texts(raw: Mapping[str, Any]) -> dict[Place, str]:
    """Every text of ``checklist.yaml`` that a page may show, by its place in ``nl.yaml``."""
    return {place: " ".join(str(text).split()) for place, text in _texts(raw)}


def flat(value: Any, place: Place = ()) -> dict[Place, str]:
    """The leaves of nested mappings and lists, by their place."""
    if isinstance(value, Mapping):
        pairs: Any = ((str(key), inner) for key, inner in value.items())
    elif isinstance(value, list):
        pairs = enumerate(value)
    else:
        return {place: " ".join(str(value or "").split())}
    return {at: text for key, inner in pairs for at, text in flat(inner, (*place, key)).items()}


def problems(english: Mapping[Place, str], dutch: Mapping[Place, str]) -> Iterator[Problem]:
    for place in english:
        if not dutch.get(place):
            yield Problem(place, f"no Dutch for {_name(place)}")
    for place in dutch:
        if place not in english:
            yield Problem(place, f"Dutch without English: {_name(place)}")


def origin_note(measure: Mapping[str, Any]) -> str:
    """What ``threshold_origin`` says after its first word, paper, ours or mixed."""
    said = str(measure.get("threshold_origin", "")).partition(" ")[2].strip()
    return said.removeprefix("- ").removeprefix("(").removesuffix(")").strip()


def _name(place: Place) -> str:
    return ".".join(str(part) for part in place)


def _texts(raw: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    yield ("reconstruction_note",), raw["reconstruction_note"]
    for index, caveat in enumerate(raw["evidence_caveats"]):
        yield ("evidence_caveats", index), caveat
    for group in ("said_by", "strength", "basis", "ask_windows", "weight_policy"):
        for key, text in raw["vocabulary"][group].items():
            yield ("vocabulary", group, str(key)), text
    yield ("vocabulary", "workshop_windows"), raw["vocabulary"]["workshop_windows"]
    for factor in raw["factors"]:
        yield ("factors", factor["id"]), factor["label"]
    for key, spec in raw["formats"].items():
        yield from _format_texts(("formats", key), spec)
    for key, spec in raw["facts"].items():
        if "from" in spec:
            yield ("facts", key), spec["from"]
        if "unit" in spec:
            yield ("units", spec["unit"]), spec["unit"]
    for edge in raw["interplay"]:
        if "note" in edge:
            yield ("interplay", f"{edge['from']} > {edge['to']}"), edge["note"]
    for item in raw["items"]:
        yield from _item_texts(("items", item["id"]), item)


def _format_texts(place: Place, spec: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    yield (*place, "label"), spec["label"]
    yield (*place, "definition"), spec["definition"]
    for index, outcome in enumerate(spec["outcomes"]):
        yield (*place, "outcomes", index), outcome
    for index, name in enumerate(spec["advertise_as"].get("alternatives", [])):
        yield (*place, "names", index), name
    for field in FORMAT_FIELDS:
        if field in spec:
            for part in ("words", "source", "note"):
                said = said_of(spec[field], part)
                if said:
                    yield (*place, field, part), said


def said_of(default: Mapping[str, Any], part: str) -> str:
    """The words, source or note of one default of a format; empty where it has none."""
    if part != "words":
        return str(default.get(part) or "")
    said = default.get("type") or default.get("default")
    return said if isinstance(said, str) else ""


def _item_texts(place: Place, item: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    measure = item["measure"]
    yield (*place, "statement"), item["statement"]
    yield (*place, "why"), item["why"]
    yield (*place, "measure"), measure.get("rule") or measure.get("question")
    yield (*place, "weight_reason"), item["weight_reason"]
    if origin_note(measure):
        yield (*place, "origin"), origin_note(measure)
