from typing import Any

from django.core.management.base import BaseCommand

from intervision import clock
from vault import keyring, sealing


class Command(BaseCommand):
    help = "Prints a new key, to be put in front of those in INTERVISION_KEKS. Keeps it nowhere."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        kek = keyring.Kek(f"{clock.now():%Y-%m-%d-%H%M}", sealing.new_key())
        self.stdout.write(keyring.written(kek))
