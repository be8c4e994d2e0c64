"""Two roles at the database: the owner changes tables, the application changes rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection


@contextmanager
def owner() -> Iterator[None]:
    """Speak to the database as the owner of its tables. Closes the connection on the way in and out."""
    if settings.DATABASE_OWNER is None:
        raise ImproperlyConfigured(
            "DATABASE_OWNER_URL is not set: the application's role may not change tables."
        )
    application = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict |= {key: settings.DATABASE_OWNER[key] for key in ("USER", "PASSWORD")}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= application


def grant(application: str) -> None:
    """Give the role ``application`` every row and no table. Called by the owner after each migration.

    A model with ``append_only = True`` is history: its rows can be added and read, never changed.
    """
    quote = connection.ops.quote_name
    role = quote(application)
    with connection.cursor() as cursor:
        cursor.execute(f"grant usage on schema public to {role}")
        cursor.execute(f"grant select, insert, update, delete on all tables in schema public to {role}")
        cursor.execute(f"grant usage, select on all sequences in schema public to {role}")
        cursor.execute(f"revoke insert, update, delete on django_migrations from {role}")
        for model in apps.get_models():
            if getattr(model, "append_only", False):
                cursor.execute(f"revoke update, delete on {quote(model._meta.db_table)} from {role}")
