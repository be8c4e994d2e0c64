"""Scores a stored program."""

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from checklist import whole
from checklist.assessing import assess
from checklist.management.commands.score import as_text
from intervision import clock
from programs.models import Program


class Command(BaseCommand):
    help = "Score a stored program: items, factors, layers, coverage, overall, range and flags."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("program", metavar="ID", help="the program's id, as in its address")
        parser.add_argument("--format", choices=("text", "json"), default="text", help="text is the default")

    def handle(self, *, program: str, format: str, **options: Any) -> None:
        found = assess(_program(program), clock.now())
        if format == "json":
            self.stdout.write(json.dumps({"id": program, **whole.plain(found.score)}, indent=2))
        else:
            self.stdout.write(as_text(program, found.score))


def _program(given: str) -> Program:
    try:
        return Program.objects.select_related("institution").get(pk=UUID(given))
    except (ValueError, Program.DoesNotExist) as error:
        raise CommandError(f"there is no program {given}", returncode=2) from error
