import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from desk.demo.fill import fill


class Command(BaseCommand):
    help = "Fills an empty database with a fictional hospital in the middle of its programs."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is off: a demonstration is never put into a real installation.")
        if User.objects.exists():
            raise CommandError(
                "There is somebody in this database already; the demonstration needs an empty one."
            )
        logging.getLogger("surveys").setLevel(logging.WARNING)  # what happened long ago is no news
        say = self.say if options["verbosity"] > 1 else lambda words: None
        # The larger sizes hold so many programs, all copied from the first hospital.
        fill(say, shapes=settings.DEMO_SIZE == "small")

    def say(self, words: str) -> None:
        self.stdout.write(words)
