"""A process that answers is killed between its statements, as by the kernel: both count, or neither."""

import os
import signal

import pytest
from django.db import connection, transaction

from surveys import tallies
from surveys.actions.answering import answer
from surveys.models import Receipt, Tally
from tests.factories.surveys import DURING, PULSE, group_of, window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
KILLS = 200
GOOD = {question.key: 5 for question in PULSE}
#: The statement before or after which it happens; the second and the third are between receipt and counts.
PLACES = [
    ("surveys_receipt", False),
    ("surveys_receipt", True),
    ("surveys_tally", False),
    ("surveys_tally", True),
]


class Kill:
    """Ends this process as ``kill -9`` does, before or after its first statement that writes ``table``."""

    def __init__(self, table: str, *, after: bool) -> None:
        self.table, self.after = table, after

    def __call__(self, execute, sql, params, many, context):
        mine = self.table in sql and not sql.lstrip().lower().startswith("select")
        if mine and not self.after:
            die()
        result = execute(sql, params, many, context)
        if mine:
            die()
        return result


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(work) -> int:
    """The signal that ended a process of its own, with a connection of its own, while it did ``work``."""
    pid = os.fork()
    if pid == 0:
        try:
            inherited, connection.connection = connection.connection, None  # left open: it is the parent's
            work()
            del inherited
        finally:
            os._exit(1)
    _, status = os.waitpid(pid, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def standing(asked) -> tuple[int, int]:
    tally = Tally.objects.get(window=asked)
    return Receipt.objects.count(), tallies.answers(tallies.counts(asked, tally))


def test_two_hundred_kills_between_receipt_and_counts_leave_both_or_neither():
    group, users = group_of(7)
    asked = window(group)

    def answering(number: int):
        table, after = PLACES[number % len(PLACES)]

        def work() -> None:
            with connection.execute_wrapper(Kill(table, after=after)):
                answer(asked, users[number % 7], GOOD, at=DURING)

        return work

    found = []
    for number in range(KILLS):
        assert killed(answering(number)) == signal.SIGKILL
        found.append(standing(asked))

    assert found == [(0, 0)] * KILLS


def test_a_kill_right_after_the_commit_leaves_both():
    group, users = group_of(7)
    asked = window(group)

    def work() -> None:
        with transaction.atomic():
            transaction.on_commit(die)
            answer(asked, users[0], GOOD, at=DURING)

    assert killed(work) == signal.SIGKILL
    assert standing(asked) == (1, 1)
    answer(asked, users[1], GOOD, at=DURING)
    assert standing(asked) == (2, 2)
