"""What a real installation must have set, asked by ``check --deploy``, and what must hold everywhere."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection
from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED

from intervision.backups import SHORTEST_KEY


@register(Tags.database)
def isolation(**kwargs: Any) -> list[CheckMessage]:
    if connection.settings_dict["OPTIONS"].get("isolation_level") == ISOLATION_LEVEL_READ_COMMITTED:
        return []
    return [Error("The guards in the database hold at READ COMMITTED only.", id="intervision.E001")]


@register(Tags.security, deploy=True)
def real_installation(**kwargs: Any) -> list[CheckMessage]:
    faults = {
        "DEMO is on: anyone could sign in as anyone.": settings.DEMO,
        "DATABASE_URL is not set: the engine of a checkout trusts everyone on its machine.": (
            settings.EMBEDDED_DATABASE
        ),
        "REDIS_URL is not set.": settings.EMBEDDED_BROKER,
        "DATABASE_OWNER_URL is not set: nobody may migrate.": settings.DATABASE_OWNER is None,
        "DATABASE_OWNER_URL names the application's own role.": (
            settings.DATABASE_OWNER is not None
            and settings.DATABASE_OWNER["USER"] == settings.DATABASES["default"]["USER"]
        ),
        f"BACKUP_KEY has fewer than {SHORTEST_KEY} characters: nobody can make a backup.": (
            len(settings.BACKUP_KEY) < SHORTEST_KEY
        ),
        "EMAIL_URL is not set: no message would reach anybody.": not settings.EMAIL_CONFIG,
        "BASE_URL does not begin with https: links in messages would be open to reading.": (
            not settings.BASE_URL.startswith("https://")
        ),
    }
    return [Error(fault, id="intervision.E002") for fault, present in faults.items() if present]
