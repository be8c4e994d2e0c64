from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from intervision import translations


class Command(BaseCommand):
    help = "Brings the Dutch catalogs in step with the code, and compiles them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("rooms", nargs="*", metavar="ROOM", help="only these rooms (default: all)")
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail when something is missing"
        )
        parser.add_argument("--compile", action="store_true", help="only compile what is there")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self.check_complete()
        elif options["compile"]:
            translations.compile_all(settings.BASE_DIR)
        else:
            self.write(options["rooms"] or translations.ROOMS)

    def check_complete(self) -> None:
        if found := translations.problems(settings.BASE_DIR):
            raise CommandError("\n".join([*found, "run: python manage.py translations"]))

    def write(self, rooms: list[str] | tuple[str, ...]) -> None:
        if unknown := set(rooms) - set(translations.ROOMS):
            raise CommandError(f"no such room: {', '.join(sorted(unknown))}")
        for room, missing in translations.write(settings.BASE_DIR, rooms).items():
            if missing:
                self.stdout.write(f"{room}: {missing} without Dutch")
        translations.compile_all(settings.BASE_DIR)
