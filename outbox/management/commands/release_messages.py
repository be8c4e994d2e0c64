from typing import Any

from django.core.management.base import BaseCommand

from intervision import clock
from outbox.actions import holding


class Command(BaseCommand):
    help = (
        "Lets messages leave again after a restore. Those that were due before now may have been sent already: "
        "coordinators see them as “perhaps sent”, each with a button to send it again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        marked = holding.release(at=clock.now())
        self.stdout.write(
            f"messages leave again; {marked} more may have been sent before and wait for a person"
        )
