"""Who was erased, and when: lines of a file outside the database.

A backup is older than an erasure that came after it. Restoring one reads this file and erases those people
again before anybody can sign in. It holds ids and moments, and says of nobody who they were.
"""

import datetime as dt
import json
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


def note(person: uuid.UUID, at: dt.datetime) -> None:
    """Add a line and see it on the disk. Raises OSError, and then nothing may be erased."""
    path = Path(settings.ERASURE_JOURNAL)
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"person": str(person), "at": at.isoformat()}) + "\n"
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def people() -> Iterator[tuple[uuid.UUID, dt.datetime]]:
    """Each person of the file with the moment of their erasure. A line that a crash cut off is passed over."""
    path = Path(settings.ERASURE_JOURNAL)
    for line in path.read_text().splitlines() if path.exists() else []:
        try:
            said = json.loads(line)
            yield uuid.UUID(said["person"]), dt.datetime.fromisoformat(said["at"])
        except (ValueError, KeyError):
            continue
