"""A sender in a process of its own, so that a test can kill it: ``python -m tests.outbox.worker DATABASE PORT``."""

import os
import sys
from pathlib import Path
from time import monotonic

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django
from django.conf import settings


def main(database: str, port: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    settings.EMAIL_BACKEND = "outbox.smtp.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(port)
    settings.TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "templates")
    django.setup()

    from outbox import delivery, kinds
    from tests.outbox.kinds import all_kinds

    kinds._kinds.update(all_kinds())
    delivery.deliver_due(until=monotonic() + 60)


if __name__ == "__main__":
    main(*sys.argv[1:])
