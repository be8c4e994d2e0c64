"""Scores groups whose facts stand in a file, without a database."""

import json
from argparse import ArgumentParser
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import catalogue
from checklist.casefile import CaseFileError, read_cases
from checklist.finding import sentence
from checklist.scoring import LayerScore, Score, score

DECIMALS = 3


class Command(BaseCommand):
    help = "Score the groups of a YAML file: items, factors, layers, coverage, overall, range and flags."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="one case, or several under `cases`")
        parser.add_argument("--format", choices=("text", "json"), default="text", help="text is the default")

    def handle(self, *, file: Path, format: str, **options: Any) -> None:
        known = catalogue.load()
        try:
            scored = [(case.name, score(known, case.format, case.inputs)) for case in read_cases(file, known)]
        except (CaseFileError, ValueError) as error:
            raise CommandError(str(error)) from error
        if format == "json":
            plain = [{"id": name, **as_plain(result)} for name, result in scored]
            self.stdout.write(json.dumps(plain if len(plain) > 1 else plain[0], indent=2))
        else:
            self.stdout.write("\n\n".join(as_text(name, result) for name, result in scored))


def as_plain(result: Score) -> dict[str, Any]:
    return {
        "format": result.format,
        "status": result.status,
        "overall": _decimals(result.overall),
        "shown": result.shown,
        "band": result.band,
        "range": [_decimals(end) for end in result.range] if result.range else None,
        "limited_by": result.limited_by,
        "limiting": list(result.limiting),
        "readiness": result.readiness,
        "flags": [{"item": flag.item.key, "critical": flag.critical} for flag in result.flags],
        "finding": sentence(result),
        "layers": {key: _plain_layer(layer) for key, layer in result.layers.items()},
        "items": {
            key: _decimals(item.score) if item.score is not None else item.status
            for key, item in result.items.items()
        },
    }


def as_text(name: str, result: Score) -> str:
    lines = [f"{name} ({result.format})", f"  {sentence(result)}", f"  {_headline(result)}"]
    for flag in result.flags:
        lines.append(f"  flag ({flag.critical}): {flag.item.key}")
    for key, layer in result.layers.items():
        lines.append(f"  {key:28} {_cell(layer.score)}  coverage {_cell(layer.coverage)}")
        for factor in layer.factors:
            lines.append(
                f"    {factor.factor.key:26} {_cell(factor.score)}  coverage {_cell(factor.coverage)}"
            )
            for item in factor.items:
                value = item.status if item.score is None else _cell(item.score)
                lines.append(f"      {item.item.key:32} {value}")
    return "\n".join(lines)


def _headline(result: Score) -> str:
    if result.overall is None or result.range is None:
        readiness = "not yet known" if result.readiness is None else result.readiness
        return f"overall withheld; readiness {readiness}"
    low, high = (_cell(end) for end in result.range)
    limited = f"limited by {result.limited_by}"
    return f"overall {_cell(result.overall)} ({low} to {high}), {result.band}, {result.status}, {limited}"


def _plain_layer(layer: LayerScore) -> dict[str, Any]:
    counts = layer.counts
    return {
        "score": _decimals(layer.score),
        "coverage": _decimals(layer.coverage),
        "counts": {
            "met": counts.met,
            "partly": counts.partly,
            "not_met": counts.not_met,
            "unknown": counts.unknown,
        },
        "factors": {
            factor.factor.key: {"score": _decimals(factor.score), "coverage": _decimals(factor.coverage)}
            for factor in layer.factors
        },
    }


def _decimals(value: Any) -> float | None:
    return None if value is None else round(float(value), DECIMALS)


def _cell(value: Fraction | Any) -> str:
    return "    -" if value is None else f"{float(value):.{DECIMALS}f}"
