from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from intervision import backups, clock


class Command(BaseCommand):
    help = (
        "Writes an encrypted dump of the database into a folder, and reads it back to see that it is whole."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        path = folder / f"intervision-{clock.now():%Y%m%dT%H%M%SZ}.backup"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for done in backups.dump(path):
                self.stderr.write(f"{done / 1e6:.0f} MB", ending="\r")
            backups.check(path)
        except (backups.BackupError, ImproperlyConfigured, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{path}: {path.stat().st_size} bytes")
