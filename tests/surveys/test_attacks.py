"""Somebody who reads every table tries to join answers to people; crowds and crashes try to break the count."""

import logging
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import Error, connection

from surveys import tallies
from surveys.actions.answering import answer
from surveys.errors import AnsweredAlready
from surveys.models import Receipt, Tally
from tests.cut_connection import Cut
from tests.factories.surveys import DURING, PULSE, group_of, window

KEYS = [question.key for question in PULSE]
ROUNDS = 200

everything = """
select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'
"""


def given(*values):
    return dict(zip(KEYS, values, strict=True))


def counted(asked):
    tally = Tally.objects.get(window=asked)
    return tallies.answers(tallies.counts(asked, tally))


def seen_of(tables, transaction):
    """Every row that ``transaction`` wrote, in any table: how long it is, and how its columns are named."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                f'select length(t::text) from "{table}" t where xmin = %s::text::xid order by 1',
                [transaction],
            )
            if rows := cursor.fetchall():
                found[table] = rows
    return found


def sequences():
    with connection.cursor() as cursor:
        cursor.execute("select schemaname, sequencename, last_value from pg_sequences order by 1, 2")
        return cursor.fetchall()


def watched(values):
    """What a database administrator sees after each of seven answers, the tables of all rooms together."""
    group, users = group_of(7)
    asked = window(group)
    with connection.cursor() as cursor:
        cursor.execute(everything)
        tables = [name for (name,) in cursor.fetchall()]
    before, views, sealed = sequences(), [], []
    for user, value in zip(users, values, strict=True):
        answer(asked, user, given(value, value, value), at=DURING)
        with connection.cursor() as cursor:
            cursor.execute("select xmin::text, sealed from surveys_tally where window_id = %s", [asked.pk])
            transaction, bytes_ = cursor.fetchone()
        views.append(seen_of(tables, transaction))
        sealed.append(bytes(bytes_))
    assert sequences() == before, "nothing counts who comes when"
    return views, sealed


@pytest.mark.django_db(transaction=True)
def test_whoever_reads_every_table_after_every_answer_sees_the_same_whatever_was_answered():
    one, sealed = watched([5, 1, 4, 2, 3, 5, 1])
    other, _ = watched([1, 1, 1, 1, 1, 1, 1])

    assert one == other
    assert [set(view) for view in one] == [{"surveys_receipt", "surveys_tally"}] * 7
    assert len(set(sealed)) == 7
    assert len({len(text) for text in sealed}) == 1


@pytest.mark.django_db(transaction=True)
def test_the_old_attack_joins_nothing():
    """Joined by transaction or by place on disk, receipts meet one tally that says nothing of any of them."""
    group, users = group_of(7)
    asked = window(group)
    for number, user in enumerate(users):
        answer(asked, user, given(1 + number % 5, 3, 3), at=DURING)

    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from surveys_receipt r join surveys_tally t on t.xmin::text = r.xmin::text"
        )
        met = cursor.fetchone()[0]
        cursor.execute("select sealed from surveys_tally")
        rows = cursor.fetchall()

    assert met == 1, "the last to come, and whole: their answer is one of seven inside"
    assert len(rows) == 1
    columns = {
        model: {field.column for field in model._meta.local_concrete_fields} for model in (Receipt, Tally)
    }
    assert columns == {Receipt: {"window_id", "user_id"}, Tally: {"window_id", "key", "sealed"}}


@pytest.mark.django_db
def test_answering_writes_no_line_in_any_log(caplog):
    group, (user,) = group_of(1)
    asked = window(group)
    with caplog.at_level(logging.DEBUG):
        caplog.clear()
        answer(asked, user, given(1, 2, 3), at=DURING)
    said = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert said == []


@pytest.mark.django_db(transaction=True)
def test_thirty_five_requests_of_seven_people_are_seven_answers():
    group, users = group_of(7)
    asked = window(group)
    barrier = threading.Barrier(35)

    def come(number):
        try:
            barrier.wait(60)
            answer(asked, users[number % 7], given(5, 4, 3), at=DURING)
        except AnsweredAlready:
            return "already"
        finally:
            connection.close()
        return "counted"

    with ThreadPoolExecutor(35) as pool:
        found = Counter(pool.map(come, range(35)))

    assert found == {"counted": 7, "already": 28}
    assert counted(asked) == Receipt.objects.count() == 7
    told = tallies.counts(asked, Tally.objects.get())
    assert told == {KEYS[0]: (0, 0, 0, 0, 7), KEYS[1]: (0, 0, 0, 7, 0), KEYS[2]: (0, 0, 7, 0, 0)}


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_dies_between_receipt_and_count_leaves_both_or_neither():
    group, users = group_of(7)
    asked = window(group)
    places = [
        ("surveys_receipt", False),
        ("surveys_receipt", True),
        ("surveys_tally", False),
        ("surveys_tally", True),
    ]
    ended = 0
    for number in range(ROUNDS):
        table, after = places[number % len(places)]
        cut = Cut(table, after=after)
        try:
            with connection.execute_wrapper(cut):
                answer(asked, users[number % 7], given(5, 5, 5), at=DURING)
        except Error:
            ended += 1
        connection.close()
        assert cut.done
        assert (Receipt.objects.count(), counted(asked)) == (0, 0)
    assert ended == ROUNDS

    for user in users:
        answer(asked, user, given(5, 5, 5), at=DURING)
    assert (Receipt.objects.count(), counted(asked)) == (7, 7)
