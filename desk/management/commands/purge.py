from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalogue import retention
from desk.actions import purging
from intervision import clock


class Command(BaseCommand):
    help = "Lets go of everything that is kept no longer, as every night, and says how much of each kind."

    def handle(self, *args: Any, **options: Any) -> None:
        report = purging.purge(at=clock.now())
        for kind, count in report.counts.items():
            self.stdout.write(f"{count:>8}  {retention.of(kind).of_others.name.en}")
        if report.failed:
            raise CommandError(f"not done: {', '.join(report.failed)}; the log says why")
