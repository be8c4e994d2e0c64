from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand, CommandError

from programs.actions import people_check, people_store
from programs.models import PeopleImport, Program
from programs.people.reading import read_file


class Command(BaseCommand):
    help = "Import a list of people (CSV or XLSX) into a program, as the people page does. All good rows or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("program", help="the program's id")
        parser.add_argument("file", type=Path, help="a CSV or XLSX file")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen; store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        program = self._program(options["program"])
        people_import = self._read(program, options["file"])
        try:
            self._store(people_import, dry_run=options["dry_run"])
        finally:
            # A list that was not stored is not kept.
            PeopleImport.objects.filter(pk=people_import.pk, state=PeopleImport.State.CHECKED).delete()

    def _program(self, given: str) -> Program:
        try:
            return Program.objects.select_related("institution").get(pk=UUID(given))
        except (ValueError, ObjectDoesNotExist):
            raise CommandError(f"There is no program with the id {given}.") from None

    def _read(self, program: Program, file: Path) -> PeopleImport:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        reading = read_file(content, file.name, program_format=program.format)
        if reading.problems:
            raise CommandError(" ".join(problem.message for problem in reading.problems))
        return people_check.begin(program, reading, by=None, filename=file.name)

    def _store(self, people_import: PeopleImport, *, dry_run: bool) -> None:
        outcome = people_check.evaluate(people_import)
        for row in outcome.bad:
            for field, problems in row.errors.items():
                said = " ".join(problem.message for problem in problems)
                self.stderr.write(f"row {row.number}, {field}: {said}")
        for question in outcome.questions:
            self.stderr.write(f"row {question.number}: perhaps the same person as {question.other_name}")
        if outcome.questions and not dry_run:
            raise CommandError(
                "Decide about these pairs on the people page, or mend the list. Nothing was stored."
            )
        if not dry_run:
            people_store.store(people_import, step=self._say)
        words = "will add" if dry_run else "added"
        counts = outcome.counts
        self.stdout.write(
            f"{words} {counts['add']}, change {counts['change']}, same {counts['same']}, skip {counts['skip']}"
        )

    def _say(self, done: int) -> bool:
        if self.stdout.isatty() and done:
            self.stdout.write(f"{done} ...")
        return True
