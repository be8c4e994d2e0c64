"""How far long work is, told while its transaction is still open."""

import uuid
from time import monotonic
from types import TracebackType
from typing import Self

from django.db import connection

#: Seconds between two reports to the database; steps in between cost nothing.
INTERVAL = 0.5


class Progress:
    """Reports over a connection of its own, so that the page sees it although the work has not committed.

    That connection also holds a lock on the job for as long as this process lives: a job that runs and whose
    lock is free was left behind.
    """

    def __init__(self, job_id: uuid.UUID) -> None:
        self.job_id = job_id
        self.stop_asked = False
        self._own = connection.copy()
        self._reported = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._own.close()

    def is_first(self) -> bool:
        """Whether nobody else is busy with this job; from now on nobody else can be."""
        with self._own.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s)", [self.job_id.int >> 65])
            return bool(cursor.fetchone()[0])

    def step(self, done: int, message: str = "", *, total: int | None = None) -> bool:
        """Report ``done`` and what is going on; False once the person asked to stop and keep."""
        if monotonic() - self._reported >= INTERVAL or total is not None:
            self._report(done, message, total)
            self._reported = monotonic()
        return not self.stop_asked

    def _report(self, done: int, message: str, total: int | None) -> None:
        with self._own.cursor() as cursor:
            cursor.execute(
                "update outbox_job set done = %s, message = %s, total = coalesce(%s, total)"
                " where id = %s returning stop_asked_at is not null",
                [done, message[:200], total, self.job_id],
            )
            row = cursor.fetchone()
        self.stop_asked = bool(row and row[0])
