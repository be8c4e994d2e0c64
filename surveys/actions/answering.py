"""Answering: the receipt and the counts, both or neither. Nothing here is logged, and nothing is returned."""

import datetime as dt
from collections.abc import Mapping

from django.db import connection, transaction

from accounts.models import User
from surveys import rules, tallies
from surveys.errors import AnsweredAlready, BadAnswers, NotAsked, NotOpen
from surveys.models import Receipt, Window
from surveys.questions import keys
from surveys.releasing import VALUES, add, one


@transaction.atomic
def answer(window: Window, user: User, given: Mapping[str, int], *, at: dt.datetime) -> None:
    """Count ``given``, a value from 1 to 5 for each question of ``window``.

    The tally is locked first: closing and other people's answers wait, and a window that closed meanwhile has none.
    """
    if set(given) != set(keys(window.asked)) or not all(value in VALUES for value in given.values()):
        raise BadAnswers
    tally = tallies.locked([window]).get(window.pk)
    if tally is None or not Window.objects.open_at(at).filter(pk=window.pk).exists():
        raise NotOpen
    if rules.seat(user, window) is None:
        raise NotAsked
    if not _receive(window, user):
        raise AnsweredAlready
    told = tallies.counts(window, tally)
    tallies.write(window, tally, {item: add(told[item], one(value)) for item, value in given.items()})


def _receive(window: Window, user: User) -> bool:
    """Whether this is the first answer of ``user``; the primary key decides, also between two at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {Receipt._meta.db_table} (window_id, user_id) values (%s, %s) on conflict do nothing",  # noqa: S608
            [window.pk, user.pk],
        )
        return bool(cursor.rowcount)
