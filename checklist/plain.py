"""A score as plain data, for files and scripts. Numbers are as rounded as on the page."""

from collections.abc import Iterator
from typing import Any

import catalogue
from checklist import overview
from checklist.finding import sentence
from checklist.lines import Line, layers
from checklist.scoring import Score

COLUMNS = (
    "layer",
    "layer_known",
    "factor",
    "condition",
    "statement",
    "status",
    "measured",
    "answered_on",
    "threshold",
    "weight",
    "said_by",
    "source",
    "to_do",
    "started_without",
    "chosen_not_to",
)


def rows(score: Score, lines: dict[str, Line]) -> Iterator[dict[str, str]]:
    known = catalogue.load()
    for layer in layers(score, lines):
        for factor in layer.factors:
            for line in factor.lines:
                why = line.justification
                yield {
                    "layer": str(layer.layer.label),
                    "layer_known": overview.known(layer.score),
                    "factor": str(factor.factor.label),
                    "condition": line.item.key,
                    "statement": str(line.item.statement),
                    "status": line.status,
                    "measured": line.measured,
                    "answered_on": line.asked_on.isoformat() if line.asked_on else "",
                    "threshold": line.threshold,
                    "weight": str(line.item.weight),
                    "said_by": str(known.word("said_by", line.item.said_by)),
                    "source": line.sources,
                    "to_do": str(line.to_do) if line.is_open and line.action else "",
                    "started_without": why.text if why and not why.chosen else "",
                    "chosen_not_to": why.text if why and why.chosen else "",
                }


def document(score: Score, lines: dict[str, Line]) -> dict[str, Any]:
    known = catalogue.load()
    return {
        "catalogue_version": known.version,
        "note": str(known.reconstruction_note),
        "format": score.format,
        "readiness": score.readiness,
        "finding": sentence(score),
        "overall": score.shown,
        "range": [end.down_to_five() for end in score.range] if score.range else None,
        "held_down_by": [str(known.factors[key].label) for key in score.limiting],
        "flags": [flag.item.key for flag in score.flags],
        "layers": {
            key: {
                "shown": layer.shown,
                "coverage": round(float(layer.coverage), 2),
                "known": overview.known(layer),
                "met": layer.counts.met,
                "of": layer.counts.of,
            }
            for key, layer in score.layers.items()
        },
        "conditions": list(rows(score, lines)),
    }
