from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand

from checklist import keeping, picture
from intervision import clock

LONG = 24 * 3600


class Command(BaseCommand):
    help = "Keeps how every program stands tonight, and what directors are told, without a broker; once."

    def handle(self, *args: Any, **options: Any) -> None:
        picture.take_due(at=clock.now())
        self.stdout.write(f"{keeping.keep_due(until=monotonic() + LONG)} snapshots kept")
