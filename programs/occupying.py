"""Takes a person or a room for a while; the database refuses to take them twice."""

import datetime as dt
import uuid
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from programs.models import Occupation

ONE_AFTER_ANOTHER = """
    select pg_advisory_xact_lock(hashtextextended(%s || day::date, 0))
      from generate_series(%s::date, %s::date, interval '1 day') day
"""


@transaction.atomic
def take(
    period: DateTimeTZRange,
    *,
    person_id: uuid.UUID | None = None,
    room_id: uuid.UUID | None = None,
    **about: Any,
) -> None:
    """Store that one person or one room is taken for ``period``. Raises IntegrityError where they are taken already.

    The exclusion constraints look for others only after they wrote: of two who take the same at one moment each waits
    for the other, until the database ends one with "deadlock detected". So whoever takes the same person or room on
    the same day waits here, until the other has committed or was refused, and then finds what is there.
    """
    days = [end.astimezone(dt.UTC).date() for end in (period.lower, period.upper)]
    with connection.cursor() as cursor:
        cursor.execute(ONE_AFTER_ANOTHER, [str(person_id or room_id), *days])
    Occupation.objects.create(period=period, person_id=person_id, room_id=room_id, **about)
