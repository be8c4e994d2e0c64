import datetime as dt

from django.db import connection

from catalogue import retention


def purge(*, at: dt.datetime) -> dict[str, int]:
    """Let events go that are older than people were told. The database refuses any sooner."""
    with connection.cursor() as cursor:
        cursor.execute("select vault_purge_events(%s)", [retention.cutoff("access_events", at)])
        return {"access_events": int(cursor.fetchone()[0])}
