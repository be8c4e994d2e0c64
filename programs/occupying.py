"""Takes a person or a room for a while; the database refuses to take them twice."""

import random
import time
from typing import Any

from django.db import OperationalError, transaction
from psycopg2.errors import DeadlockDetected

from programs.models import Occupation

TRIES = 10
LONGEST_PAUSE = 0.2  # seconds


def take(**values: Any) -> None:
    """Store an occupation with ``values``. Raises IntegrityError where person or room are taken.

    Of those who take the same at one moment each may wait for the others, because the database looks for others only
    after it wrote. It ends one of them after a second. That one writes again a little later, each after a pause of its
    own: then it finds another there, and waits for that one alone.
    """
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                Occupation.objects.create(**values)
            return
        except OperationalError as error:
            if not left or not isinstance(error.__cause__, DeadlockDetected):
                raise
        time.sleep(random.uniform(0, LONGEST_PAUSE))  # noqa: S311
