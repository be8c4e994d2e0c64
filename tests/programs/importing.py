"""Does one job in a process of its own, as a worker does, so that a test can kill it half-way.

``python -m tests.programs.importing DATABASE JOB``
"""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django
from django.conf import settings


def main(database: str, pk: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()

    from outbox.tasks import run_job

    run_job(pk)


if __name__ == "__main__":
    main(*sys.argv[1:])
