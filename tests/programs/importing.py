"""Stores an import in a process of its own, so that a test can kill it half-way.

``python -m tests.programs.importing DATABASE IMPORT`` says each step on a line and then waits for one.
"""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django
from django.conf import settings


def main(database: str, pk: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()

    from programs.actions import people_store
    from programs.models import PeopleImport

    def step(done: int) -> bool:
        print(done, flush=True)  # noqa: T201
        return bool(sys.stdin.readline())

    people_store.store(PeopleImport.objects.get(pk=pk), step=step)


if __name__ == "__main__":
    main(*sys.argv[1:])
