"""Database and broker of one place, started and stopped together."""

import subprocess
import time
from collections.abc import Callable, Iterable

from intervision.embedded import children, postgres, valkey
from intervision.embedded.places import Place

READY_WITHIN = 60.0  # seconds; after a kill the database first replays its log


def wait_until(
    ready: Callable[[], bool],
    server: subprocess.Popen[bytes],
    name: str,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not ready():
        if children.ended(server):
            raise RuntimeError(f"{name} ended while starting, with status {server.returncode}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"{name} was not ready within {READY_WITHIN:.0f} seconds")
        pause(0.02)


class Engines:
    """Both engines for the tests, which never write to disk on purpose: what they keep is thrown away."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def start(self, options: Iterable[str] = ("fsync=off", "synchronous_commit=off")) -> None:
        postgres.settle(self.place)
        self.broker = valkey.start(self.place)
        self.database = postgres.start(self.place, options=options)
        wait_until(lambda: postgres.is_ready(self.place, self.database), self.database, "PostgreSQL")
        wait_until(lambda: valkey.is_ready(self.place, self.broker), self.broker, "Valkey")
        postgres.make_roles(self.place, for_tests=True)

    def stop(self) -> None:
        children.stop([(self.database, postgres.STOP), (self.broker, valkey.STOP)], within=10)
