from typing import Any

from django.core.management.base import BaseCommand

from checklist import asking
from intervision import clock
from surveys.actions import closing


class Command(BaseCommand):
    help = "Opens questions around sessions and closes those whose time is past, without a broker."

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        asked = asking.ask_due(at=now)
        self.stdout.write(f"{asked} as planned, {closing.close_due(at=now)} closed")
