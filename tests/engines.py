"""A folder for the engines of one run of the tests, so that several runs in one checkout do not meet."""

import fcntl
import os
from itertools import count
from pathlib import Path
from typing import TextIO

CHOSEN = "TEST_ENGINES"
_locks: list[TextIO] = []


def folder() -> Path:
    """The first folder under var/test that no other run holds; workers of a run get the one of their run."""
    if CHOSEN in os.environ:
        return Path(os.environ[CHOSEN])
    for number in count():
        place = Path(__file__).resolve().parent.parent / "var" / "test" / str(number)
        place.mkdir(parents=True, exist_ok=True)
        lock = (place / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        _locks.append(lock)  # held until this process ends
        os.environ[CHOSEN] = str(place)
        return place
    raise AssertionError("count() does not end")
