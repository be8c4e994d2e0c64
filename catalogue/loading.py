"""Reads the files of the catalogue once, refuses contradictions, and builds the kinds."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from catalogue import shapes, validation, wording
from catalogue.files import FOLDER, CatalogueError, Problem, SourceFile, read
from catalogue.kinds import (
    AvoidedWord,
    Band,
    Catalogue,
    Default,
    Edge,
    Factor,
    FactSpec,
    Format,
    Item,
    Layer,
    Measure,
    NotApplicable,
    Paper,
    Rule,
    Source,
    Stage,
)
from catalogue.texts import Text
from catalogue.wording import Wording


@cache
def load() -> Catalogue:
    """The catalogue; raises CatalogueError with file and line for everything that is wrong."""
    return load_from(FOLDER)


def load_from(folder: Path) -> Catalogue:
    files = {name: read(name, folder=folder) for name in validation.FILES}
    found = [files[name].at(problem) for name, problem in _problems(files)]
    if found:
        raise CatalogueError(found)
    raw = files["checklist.yaml"].data
    words = Wording(wording.english_texts(raw), wording.flat(files["nl.yaml"].data))
    return _catalogue(raw, words, files)


def _problems(files: Mapping[str, SourceFile]) -> list[tuple[str, Problem]]:
    raw = files["checklist.yaml"].data
    shape = [("checklist.yaml", problem) for problem in shapes.problems(raw)]
    if shape:
        return shape  # what follows reads the fields that are missing
    found = [("checklist.yaml", problem) for problem in validation.checklist(raw)]
    dutch = wording.flat(files["nl.yaml"].data)
    found += [("nl.yaml", problem) for problem in wording.problems(wording.english_texts(raw), dutch)]
    found += [("actions.yaml", problem) for problem in validation.actions(raw, files["actions.yaml"].data)]
    found += [("words.yaml", problem) for problem in validation.words(raw, files["words.yaml"].data)]
    found += [("formats.yaml", problem) for problem in validation.formats(raw, files["formats.yaml"].data)]
    return found


def _catalogue(raw: Mapping[str, Any], words: Wording, files: Mapping[str, SourceFile]) -> Catalogue:
    ours = files["words.yaml"].data
    papers = {key: _paper(key, spec) for key, spec in raw["papers"].items()}
    units = {spec["unit"]: words("units", spec["unit"]) for spec in raw["facts"].values() if "unit" in spec}
    return Catalogue(
        version=raw["catalogue_version"],
        reconstruction_note=words("reconstruction_note"),
        caveats=tuple(words("evidence_caveats", i) for i in range(len(raw["evidence_caveats"]))),
        papers=papers,
        layers={key: _layer(key, ours) for key in raw["vocabulary"]["layer"]},
        factors={
            f["id"]: Factor(f["id"], f["layer"], words("factors", f["id"]), f["order"])
            for f in raw["factors"]
        },
        formats={
            key: _format(key, spec, files["formats.yaml"].data, words, papers)
            for key, spec in raw["formats"].items()
        },
        facts={key: _fact(key, spec, words, units) for key, spec in raw["facts"].items()},
        items={item["id"]: _item(item, words, papers, files["actions.yaml"].data) for item in raw["items"]},
        interplay=tuple(_edge(edge, words) for edge in raw["interplay"]),
        themes={key: _both(ours["theme"][key]) for key in raw["themes"]},
        words=_words(raw, words, ours),
        avoid=tuple(_avoided(spec) for spec in ours["avoid"]),
        min_sessions_held=raw["score_rules"]["min_sessions_held"],
        min_n=raw["score_rules"]["min_n"],
    )


def exact(value: Any) -> Fraction:
    """A number of a YAML file as the decimal that was written, so that 0.85 is 17/20."""
    return Fraction(str(value))


def _maybe_exact(value: Any) -> Fraction | None:
    return None if value is None or isinstance(value, str) else exact(value)


def _both(pair: Mapping[str, str]) -> Text:
    return Text(en=pair["en"].strip(), nl=pair["nl"].strip())


def _paper(key: str, spec: Mapping[str, str]) -> Paper:
    return Paper(key, " ".join(spec["cite"].split()), f"{key[:-4].capitalize()} {key[-4:]}")


def _layer(key: Any, ours: Mapping[str, Any]) -> Layer:
    return Layer(key, _both(ours["layer"][key]), _both(ours["layer_explanation"][key]))


def _fact(key: str, spec: Mapping[str, Any], words: Wording, units: Mapping[str, Text]) -> FactSpec:
    unit = units[spec["unit"]] if "unit" in spec else None
    values, most = tuple(spec.get("values", ())), validation.most(spec)
    return FactSpec(key, spec["type"], spec["phase"], unit, words.maybe("facts", key), values, most)


def _edge(edge: Mapping[str, str], words: Wording) -> Edge:
    note = words.maybe("interplay", f"{edge['from']} > {edge['to']}")
    return Edge(edge["from"], edge["to"], edge["source"], note)


def _avoided(spec: Mapping[str, Any]) -> AvoidedWord:
    return AvoidedWord(
        spec["word"],
        spec["language"],
        spec["stem"].casefold(),
        _both(spec["instead"]),
        spec.get("resilience", False),
    )


def _words(raw: Mapping[str, Any], words: Wording, ours: Mapping[str, Any]) -> dict[str, dict[str, Text]]:
    vocabulary = {
        group: {str(key): words("vocabulary", group, str(key)) for key in raw["vocabulary"][group]}
        for group in ("said_by", "strength", "basis", "ask_windows", "weight_policy")
    }
    groups = {
        group: {str(k): _both(v) for k, v in pairs.items()}
        for group, pairs in ours.items()
        if group != "avoid"
    }
    return {**vocabulary, **groups}


def _item(
    item: Mapping[str, Any], words: Wording, papers: Mapping[str, Paper], actions: Mapping[str, Any]
) -> Item:
    key = item["id"]
    action = actions["next_action"].get(key)
    return Item(
        key=key,
        layer=item["layer"],
        factor=item["factor"],
        statement=words("items", key, "statement"),
        why=words("items", key, "why"),
        next_action=_both(action) if action else None,
        sources=tuple(Source(papers[source["paper"]], source["section"]) for source in item["source"]),
        said_by=item["audience"]["said_by"],
        strength=item["audience"]["strength"],
        basis=item["basis"],
        measure=_measure(key, item["measure"], words),
        weight=item["weight"],
        weight_reason=words("items", key, "weight_reason"),
        applies_to=tuple(item["applies_to"]),
        extends_to=tuple(item.get("extends_to", ())),
        critical=item.get("critical"),
        anchor=item.get("anchor", False),
        extended=item.get("tier") == "extended",
        not_applicable_when=_not_applicable(item.get("not_applicable_when")),
    )


def _not_applicable(spec: Mapping[str, Any] | None) -> NotApplicable | None:
    if spec is None:
        return None
    equals = spec["equals"]
    return NotApplicable(spec["fact"], equals if isinstance(equals, bool | str) else exact(equals))


def _measure(key: str, measure: Mapping[str, Any], words: Wording) -> Measure:
    return Measure(
        kind=measure["kind"],
        words=words("items", key, "measure"),
        rules=_rules(measure) if "fact" in measure else {},
        recorded=_recorded_rules(measure) if "then_recorded" in measure else {},
        ask=measure.get("ask", ""),
        reverse=measure.get("reverse", False),
        respondents=tuple(measure.get("respondents", ())),
        origin=str(measure.get("threshold_origin", "")).split(" ")[0],
        origin_note=words.maybe("items", key, "origin"),
    )


def _rules(measure: Mapping[str, Any]) -> dict[str, Rule]:
    general = {"": _rule({**measure})}
    return general | {key: _rule({**measure, **own}) for key, own in measure.get("by_format", {}).items()}


def _recorded_rules(measure: Mapping[str, Any]) -> dict[str, Rule]:
    """The same bands on the recorded fact, unless the measure has ``recorded_bands`` for it."""
    recorded = {**measure, "fact": measure["then_recorded"]}
    if "recorded_bands" in measure:
        recorded |= {"bands": measure["recorded_bands"], "map": {}}
    own = measure.get("by_format", {})
    return {"": _rule(recorded)} | {key: _rule({**recorded, **spec}) for key, spec in own.items()}


def _rule(spec: Mapping[str, Any]) -> Rule:
    return Rule(
        fact=spec["fact"],
        bands=tuple(_band(band) for band in spec.get("bands", ())),
        map={value: exact(score) for value, score in spec.get("map", {}).items()},
        round_half_up=spec.get("round") == "half_up",
    )


def _band(band: list[Any]) -> Band:
    return Band(_maybe_exact(band[0]), _maybe_exact(band[1]), exact(band[2]))


def _format(
    key: str, spec: Mapping[str, Any], ours: Mapping[str, Any], words: Wording, papers: Mapping[str, Paper]
) -> Format:
    own = ours["formats"][key]
    return Format(
        key=key,
        label=words("formats", key, "label"),
        definition=words("formats", key, "definition"),
        paper=papers[spec["source_paper"]],
        defaults={
            field: _default(("formats", key, field), spec[field], words)
            for field in wording.FORMAT_FIELDS
            if field in spec
        },
        outcomes=tuple(words("formats", key, "outcomes", i) for i in range(len(spec["outcomes"]))),
        names=tuple(
            words("formats", key, "names", i)
            for i in range(len(spec["advertise_as"].get("alternatives", [])))
        ),
        stages=tuple(Stage(stage, _both(ours["stages"][stage])) for stage in own["stages"]),
        asks=frozenset(own["asks"]),
        has_intakes="intakes" in own["stages"],
        has_calls="calls" in own["stages"],
        guide=_both(own["guide"]),
        guides=_both(own["guides"]),
        purpose=_both(own["purpose"]),
        limits=_both(own["limits"]),
        ground_rules=_both(own["ground_rules"]),
    )


def _default(place: tuple[str, str, str], spec: Mapping[str, Any], words: Wording) -> Default:
    number = next(
        (spec[k] for k in ("default", "minutes", "minutes_default", "default_contacts") if k in spec), None
    )
    return Default(
        value=_maybe_exact(number),
        low=_maybe_exact(spec.get("min")),
        high=_maybe_exact(spec.get("max")),
        words=words.maybe(*place, "words"),
        status=spec.get("minutes_status") or spec.get("status", "stated"),
        source=words.maybe(*place, "source"),
        note=words.maybe(*place, "note"),
    )
