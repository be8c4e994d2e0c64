"""Workers killed in the act, and two at once: each key is told as its kind promises."""

import os
import random
import subprocess
import sys
import threading
from collections import Counter
from contextlib import closing
from time import monotonic

import pytest
from django.db import connection
from django.db.models.functions import Now

from outbox import delivery
from outbox.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.outbox import MessageFactory
from tests.outbox.post_office import PostOffice

pytestmark = pytest.mark.django_db(transaction=True)
State = Message.State
KILLS = 20


def start_worker(office: PostOffice) -> subprocess.Popen[bytes]:
    arguments = [connection.settings_dict["NAME"], str(office.port)]
    return subprocess.Popen([sys.executable, "-m", "tests.outbox.worker", *arguments])


def a_minute_later() -> None:
    Message.objects.filter(state=State.LEASED).update(lease_until=Now())


def write(count: int, kind: str) -> None:
    user = UserFactory()
    Message.objects.bulk_create(MessageFactory.build_batch(count, kind=kind, recipient=user))


@pytest.mark.slow
def test_twenty_kills_repeat_no_reminder_and_lose_nothing_silently(post_office):
    chance = random.Random(2)
    write(600, "invite")
    write(600, "remind")
    for _kill in range(KILLS):
        worker = start_worker(post_office)
        point, after = chance.choice(["rcpt", "data", "answered"]), chance.randint(5, 55)
        passed = Counter[str]()

        def kill(here: str, worker=worker, point=point, after=after, passed=passed) -> None:
            passed[here] += 1
            if here == point and passed[here] == after:
                os.kill(worker.pid, 9)

        post_office.watch = kill
        assert worker.wait(60) == -9
        a_minute_later()
    post_office.watch = lambda point: None
    assert start_worker(post_office).wait(60) == 0

    accepted = Counter(mail_id.strip("<>") for mail_id in post_office.message_ids)
    told = {kind: list(Message.objects.filter(kind=kind)) for kind in ("invite", "remind")}
    assert {message.state for message in told["invite"]} == {State.SENT}
    assert all(accepted[message.message_id] >= 1 for message in told["invite"])
    assert max(accepted[message.message_id] for message in told["remind"]) == 1
    missing = {message.pk for message in told["remind"] if not accepted[message.message_id]}
    uncertain = {message.pk for message in told["remind"] if message.state == State.UNKNOWN}
    assert missing <= uncertain
    assert len(uncertain) <= KILLS
    assert {message.state for message in told["remind"]} <= {State.SENT, State.UNKNOWN}


def test_two_ticks_at_once_send_each_message_once(post_office):
    write(120, "invite")
    write(120, "remind")
    barrier = threading.Barrier(2)
    sent = []

    def tick() -> None:
        barrier.wait()
        sent.append(delivery.deliver_due(until=monotonic() + 30))
        connection.close()

    threads = [threading.Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(sent) == len(set(post_office.message_ids)) == len(post_office.accepted) == 240


def test_no_message_is_sent_inside_a_transaction(post_office):
    write(3, "invite")
    seen = []
    post_office.watch = lambda point: seen.append(idle_in_transaction()) if point == "data" else None

    delivery.deliver_due(until=monotonic() + 30)

    assert seen == [0, 0, 0]


def idle_in_transaction() -> int:
    with closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity"
            " where state like 'idle in transaction%' and datname = current_database()"
        )
        return int(cursor.fetchone()[0])


def test_a_crash_of_the_database_empties_the_table_of_claims():
    with connection.cursor() as cursor:
        cursor.execute("select relpersistence from pg_class where relname = 'outbox_claim'")
        assert cursor.fetchone() == ("u",)  # unlogged
