"""Keeps scores in a process of its own: ``python -m tests.checklist.keeper DATABASE MOMENT STATEMENT``.

It kills itself before that statement to the database, the first being 1; at 0 it lives.
"""

import datetime as dt
import os
import signal
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django
import time_machine
from django.conf import settings


def main(database: str, moment: str, statement: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()

    from time import monotonic

    from django.db import connection

    from checklist import keeping

    said = 0

    def die(execute, sql, params, many, context):
        nonlocal said
        said += 1
        if said == int(statement):
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with time_machine.travel(dt.datetime.fromisoformat(moment), tick=False), connection.execute_wrapper(die):
        keeping.keep_due(until=monotonic() + 600)


if __name__ == "__main__":
    main(*sys.argv[1:])
