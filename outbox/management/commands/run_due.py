from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand

from outbox import delivery, work
from outbox.models import Job


class Command(BaseCommand):
    help = "Delivers due messages and does waiting work, without a broker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seconds", type=float, default=40, help="stop after this long (default: %(default)s)"
        )

    def handle(self, *args: Any, seconds: float, **options: Any) -> None:
        until = monotonic() + seconds
        sent = delivery.deliver_due(until=until)
        self.stdout.write(f"{sent} sent")
        for pk in Job.objects.unfinished().values_list("pk", flat=True):
            if monotonic() < until:
                work.run(pk)
