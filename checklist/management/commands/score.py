"""Scores groups whose facts stand in a file, without a database."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import catalogue
from catalogue.kinds import Catalogue
from checklist import whole
from checklist.casefile import Case, Marginals, read_cases
from checklist.casetext import CaseFileError, one_line
from checklist.finding import sentence
from checklist.scoring import Score, score

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
            found = [_scored(case, known) for case in read_cases(file, known)]
        except CaseFileError as error:
            raise CommandError(one_line(error), returncode=2) from error
        if format == "json":
            plain = [_plain(name, result) for name, result in found]
            self.stdout.write(json.dumps(plain if len(plain) > 1 else plain[0], indent=2))
        else:
            self.stdout.write("\n\n".join(as_text(name, result) for name, result in found))


def _scored(case: Case | Marginals, known: Catalogue) -> tuple[str, Score | Marginals]:
    if isinstance(case, Marginals):
        return case.name, case
    try:
        return case.name, score(known, case.format, case.inputs)
    except ValueError as error:
        raise CaseFileError(f"{case.name}: {error}") from error


def _plain(name: str, result: Score | Marginals) -> dict[str, Any]:
    if isinstance(result, Marginals):
        return {"id": name, "counts": result.counts}
    return {"id": name, **whole.plain(result)}


def as_text(name: str, result: Score | Marginals) -> str:
    if isinstance(result, Marginals):
        return "\n".join([f"{name} (groups per item)", *_counted(result)])
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


def _counted(result: Marginals) -> Iterator[str]:
    for item, counts in result.counts.items():
        yield f"  {item:34} {', '.join(f'{groups} {outcome}' for outcome, groups in counts.items())}"


def _cell(value: Fraction | Any) -> str:
    return "    -" if value is None else f"{float(value):.{DECIMALS}f}"
