import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection

from intervision import roles


class Command(BaseCommand):
    help = "Makes ready to serve: migrates, compiles words, collects files, fills an empty demonstration."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if self.changed("words", (settings.BASE_DIR / "locale").rglob("*.po")):
            call_command("translations", "--compile")
            self.note("words")
        lock = settings.BASE_DIR / "requirements.txt"
        if self.changed("files", [lock, *(settings.BASE_DIR / "static").rglob("*")]):
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
            self.note("files")
        if settings.DEMO and "demo" in get_commands() and not get_user_model().objects.exists():
            self.stdout.write("Filling the demonstration ...")
            call_command("demo")
            with roles.owner(), connection.cursor() as cursor:
                call_command("enlarge_demo", settings.DEMO_SIZE)
                cursor.execute("analyze")  # plans of the first minutes would be made for empty tables

    def changed(self, name: str, sources: Iterable[Path]) -> bool:
        """Whether ``sources`` differ from those at the last ``note(name)``."""
        digest = hashlib.sha256()
        for path in sorted(path for path in sources if path.is_file()):
            digest.update(str(path).encode() + b"\0" + path.read_bytes())
        self.digest = digest.hexdigest()
        kept = self.kept(name)
        return not kept.exists() or kept.read_text() != self.digest

    def note(self, name: str) -> None:
        """Remember what ``changed`` saw, once the work is done: a kill in between only repeats it."""
        self.kept(name).write_text(self.digest)

    def kept(self, name: str) -> Path:
        return Path(settings.PLACE.var / f"{name}.sha256")
