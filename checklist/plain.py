"""A score as plain data, for files and scripts. Numbers are as rounded as on the page."""

from collections.abc import Iterator
from typing import Any

import catalogue
from checklist.lines import Line, layers
from checklist.scoring import Score

COLUMNS = ("layer", "factor", "condition", "statement", "status", "measured", "threshold", "source")


def rows(score: Score, lines: dict[str, Line]) -> Iterator[dict[str, str]]:
    for layer in layers(score, lines):
        for factor in layer.factors:
            for line in factor.lines:
                yield {
                    "layer": str(layer.layer.label),
                    "factor": str(factor.factor.label),
                    "condition": line.item.key,
                    "statement": str(line.item.statement),
                    "status": line.status,
                    "measured": line.measured,
                    "threshold": line.threshold,
                    "source": line.sources,
                }


def document(score: Score, lines: dict[str, Line]) -> dict[str, Any]:
    known = catalogue.load()
    return {
        "catalogue_version": known.version,
        "note": str(known.reconstruction_note),
        "format": score.format,
        "readiness": score.readiness,
        "layers": {
            key: {
                "shown": layer.shown,
                "coverage": round(float(layer.coverage), 2),
                "met": layer.counts.met,
                "of": layer.counts.of,
            }
            for key, layer in score.layers.items()
        },
        "conditions": list(rows(score, lines)),
    }
