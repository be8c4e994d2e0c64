from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from desk.demo.copies import SIZES, enlarge

#: Who runs every program of the first house, however many there are.
RUNS_IT = [
    f"{role}@demo.example" for role in ("coordinator", "director", "administrator", "independent", "privacy")
]


class Command(BaseCommand):
    help = "Copies the demonstration to a larger one, as the owner of the tables; ``prepare`` does it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "size", choices=list(SIZES), help="small: 10 programs; hospital: 100; region: 1,000"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is off: a demonstration is never put into a real installation.")
        enlarge(options["size"], keep=User.objects.filter(email__in=RUNS_IT))
