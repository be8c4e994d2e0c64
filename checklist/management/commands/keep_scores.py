from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand

from checklist import keeping

LONG = 24 * 3600


class Command(BaseCommand):
    help = "Keeps how every program stands tonight, without a broker; does nothing when that is done."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{keeping.keep_due(until=monotonic() + LONG)} snapshots kept")
