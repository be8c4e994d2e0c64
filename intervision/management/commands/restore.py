from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.management.commands import migrate
from django.db import connection

from desk.actions import erasing, purging
from intervision import backups, clock, roles
from outbox.actions import holding


class Command(BaseCommand):
    help = (
        "Fills the database from a backup: a file, or the newest in a folder. Whoever was erased since is erased "
        "again before anybody can sign in, and no message leaves until release_messages says so."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", type=Path, help="a backup, or the folder with backups")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="throw away what is in the database now; asked for if anything is",
        )

    def handle(self, *args: Any, place: Path, replace: bool, **options: Any) -> None:
        try:
            self.restore(backups.newest(place), replace=replace)
        except (backups.BackupError, ImproperlyConfigured, OSError) as error:
            raise CommandError(str(error)) from error

    def restore(self, path: Path, *, replace: bool) -> None:
        """The application's role gets its rows last: until then nothing of ours can read or send anything."""
        application = connection.settings_dict["USER"]
        backups.check(path)
        with roles.owner():
            backups.fit()
            if connection.introspection.table_names() and not replace:
                raise CommandError("the database is not empty: --replace throws away what is in it")
            self.say(f"restoring {path.name}")
            backups.empty()
            connection.close()
            backups.load(path)
            call_command(migrate.Command(), interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
            at = clock.now()
            held = holding.hold(at=at)
            self.say(f"{held} messages may have been sent before: they are shown, and not sent again")
            self.say(f"{erasing.replay()} people erased again, from {settings.ERASURE_JOURNAL}")
            purging.purge(at=at)
            roles.grant(application)
        self.say("restored; messages wait for: manage.py release_messages")

    def say(self, line: str) -> None:
        self.stdout.write(line)
