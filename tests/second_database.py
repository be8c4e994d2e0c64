"""A second, empty database of the same owner, for a backup to be put back into."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg2
from django.conf import settings
from django.db import connection
from psycopg2 import sql


@contextmanager
def second_database() -> Iterator[Callable[[], None]]:
    """Gives what moves this process there, every thread of it; afterwards it is back and the second is gone."""
    here = connection.settings_dict["NAME"]
    name = f"{here}_drill"

    def as_owner(statement: str) -> None:
        owner = psycopg2.connect(
            host=connection.settings_dict["HOST"], user=settings.DATABASE_OWNER["USER"], dbname="postgres"
        )
        owner.autocommit = True
        with owner.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))
        owner.close()

    def move() -> None:
        connection.close()
        connection.settings_dict["NAME"] = name

    as_owner("drop database if exists {}")
    as_owner("create database {}")
    try:
        yield move
    finally:
        connection.close()
        connection.settings_dict["NAME"] = here
        end_own_connections(name)
        as_owner("drop database if exists {} with (force)")


def end_own_connections(name: str) -> None:
    """A thread of the server may still hold one, and only its own role may end it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid, 30000) from pg_stat_activity"
            " where datname = %s and usename = current_user",
            [name],
        )
    connection.close()
