from typing import Any

from django.core.management.base import BaseCommand, CommandError

from vault import keyring, rotation
from vault.errors import CannotOpen


class Command(BaseCommand):
    help = "Wraps every key anew under the newest of INTERVISION_KEKS, while people work. May be stopped and run again."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            newest = keyring.newest()
            total = rotation.waiting()
            self.stdout.write(f"{total} keys to wrap under {newest.name}")
            failed = 0
            for done, stuck in rotation.rotate():
                failed = stuck
                self.stdout.write(f"{done} of {total}")
        except CannotOpen as error:
            raise CommandError(f"Nothing more was changed: {error.why}.") from None
        if failed:
            raise CommandError(
                f"{failed} keys could not be opened with the keys that are set, and stay as they are."
            )
        self.stdout.write(
            f"All under {newest.name}. Earlier keys may leave INTERVISION_KEKS of every process."
        )
