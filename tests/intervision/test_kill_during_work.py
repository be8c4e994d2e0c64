"""Every part of a running program is killed while people work in it and mail leaves by a real SMTP server.

Afterwards nothing is left running that should not, what was acknowledged is there, and each message that was
due is out or shown as uncertain: a reminder never twice, an invitation again only as the same e-mail.
"""

import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings

from outbox import delivery, kinds
from tests.intervision.people_at_work import LINK, AtWork, Coordinator, Intervisor, Resident
from tests.intervision.running import Running, wait_for
from tests.outbox.post_office import PostOffice

pytestmark = pytest.mark.slow

REMINDERS = 12  # due in every round
THIRD = 3
RESIDENTS = 4
TICKS = 140  # seconds in which the tick runs twice, with room for a busy machine
SETTLED = ("sent", "unknown", "dead", "cancelled")


class House:
    """The demonstration with people at work in it, and the post office its mail goes to."""

    def __init__(self, var: Path, office: PostOffice) -> None:
        self.office = office
        mail = {"EMAIL_URL": f"smtp://127.0.0.1:{office.port}", "LOG_LEVEL": "ERROR"}
        self.run = Running(var, DEMO="1", **mail)
        self.chance = random.Random(10)
        self.people: list[AtWork] = []

    def open(self) -> None:
        self.run.start(within=240)
        self.before = {
            row[0] for row in self.run.query("select message_id from outbox_message where state = 'sent'")
        }
        wait_for(lambda: len(self.residents_written_to()) > RESIDENTS, seconds=120)
        self.people = [
            Coordinator(self.run, self.chance),
            Intervisor(self.run, self.chance),
            *self.residents(),
        ]

    def residents_written_to(self) -> dict[str, str]:
        """The first personal link that each person's mail holds."""
        found: dict[str, str] = {}
        for mail in list(self.office.accepted):
            link = LINK.search(text_of(mail))
            if link:
                found.setdefault(str(mail["To"]), link[0])
        return found

    def residents(self) -> list[Resident]:
        links = self.residents_written_to().values()
        found = [one for link in links if (one := Resident(self.run, self.chance, link)).has_a_time]
        assert len(found) >= RESIDENTS
        return found[:RESIDENTS]

    def plan_reminders(self) -> set[str]:
        """Reminders of coming sessions that fall due now; their Message-IDs."""
        rows = self.run.query(
            f"""insert into outbox_message (id, dedupe_key, kind, about_id, recipient_id, address, language,
                                            due_at, state, attempts, message_id, created_at, error_class)
                select gen_random_uuid(), concat_ws(':', 'due', session.id, place.user_id), 'session-in-2-days',
                       session.id, place.user_id, '', '', now(), 'pending', 0,
                       concat(gen_random_uuid(), '@localhost'), now(), ''
                  from intervision_sessions_groupsession session
                  join programs_group grouping on grouping.id = session.group_id
                  join programs_program program on program.id = grouping.program_id
                  join programs_membership place on place.group_id = grouping.id
                 where program.stage = 'running' and session.state = 'planned' and place.state = 'active'
                   and session.starts_at > now() + interval '1 day'
                   and not exists (select from outbox_message there where there.dedupe_key
                                    = concat_ws(':', 'due', session.id, place.user_id))
                 order by session.starts_at, place.id limit {REMINDERS}
                returning message_id"""
        )
        assert len(rows) == REMINDERS
        return {row[0] for row in rows}

    def work_until_killed(self, way: Callable[[Running], None], mails: str, point: str) -> float:
        """Have everybody work, and kill when the third of ``mails`` is at ``point``; that moment."""
        reminders, passed, killed = self.plan_reminders(), Counter[str](), list[float]()

        def watch(here: str) -> None:
            is_reminder = bool(self.office.accepted) and self.office.message_ids[-1].strip("<>") in reminders
            passed[here] += is_reminder == (mails == "reminders")
            if here == point and passed[here] == THIRD and not killed:
                self.run.processes()
                way(self.run)
                killed.append(time.time())

        self.office.watch = watch
        self.work()
        wait_for(lambda: killed, seconds=90)
        self.office.watch = lambda point: None
        return killed[0]

    def work(self) -> None:
        for person in self.people:
            person.begin()

    def gets_on(self) -> None:
        """Wait until everybody, still signed in as before, was acknowledged something new."""
        for person in self.people:
            person.acknowledged = 0
        wait_for(lambda: all(person.acknowledged for person in self.people), seconds=60)

    def rest(self) -> None:
        for person in self.people:
            person.stop()

    def forget_leases(self, killed_at: float) -> None:
        """Let the minute pass that the leases of a sender killed at ``killed_at`` still have."""
        last = killed_at + delivery.LEASE.total_seconds()
        self.run.query(
            f"update outbox_message set lease_until = now() where lease_until <= to_timestamp({last})"
        )

    def tick(self) -> None:
        """Have the program's own worker do one tick; returns when nothing is due or nothing moves."""
        asked = self.run.query("select now()")[0][0]
        broker = Celery(broker=f"redis+socket://{self.run.place.broker_socket}", set_as_current=False)
        broker.send_task("outbox.tasks.tick")
        broker.close()
        wait_for(lambda: self.beaten_after(asked), seconds=90)
        deadline = time.monotonic() + 20
        while self.unsettled() and time.monotonic() < deadline:
            time.sleep(0.2)

    def beaten_after(self, moment: object) -> bool:
        beaten = self.run.query("select beaten_at from outbox_heartbeat where name = 'tick'")
        return bool(beaten and beaten[0][0] > moment)

    def unsettled(self) -> list[tuple]:
        """What is due and neither out, nor shown to somebody as uncertain or not delivered."""
        return self.run.query(
            f"""select kind, state, dedupe_key from outbox_message
                 where due_at <= now() and state not in {SETTLED} and error_class = ''"""
        )

    def check_mail(self) -> None:
        accepted = Counter(name.strip("<>") for name in self.office.message_ids)
        rows = self.run.query("select message_id, kind, state, error_class from outbox_message")
        told = {name: (kind, state) for name, kind, state, _ in rows}
        never_twice = kinds.promised("at_most_once")
        assert set(accepted) <= set(told), "a mail under a Message-ID that no row has"
        assert [name for name in accepted if accepted[name] > 1 and told[name][0] in never_twice] == []
        out = {name for name, (_, state) in told.items() if state == "sent"} - self.before
        assert {told[name] for name in out - set(accepted)} == set(), "marked as sent, and nobody got it"
        reminded = {state for name, (kind, state) in told.items() if accepted[name] and kind in never_twice}
        assert reminded <= {"sent", "unknown"}


def text_of(mail) -> str:
    plain = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    return plain.get_payload(decode=True).decode()


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    folder = settings.PLACE.var / f"work of test {os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    with PostOffice() as office:
        found = House(folder, office)
        try:
            found.open()
            yield found
        finally:
            office.watch = lambda point: None
            found.run.kill()
    shutil.rmtree(folder)


@pytest.fixture
def at_work(house) -> Iterator[House]:
    yield house
    house.office.watch = lambda point: None
    house.rest()


def kill(name: str, which: slice = slice(1)):
    """How to kill of a program's processes, the oldest first, those in ``which``: its first one alone."""

    def way(run: Running) -> None:
        for number in run.children(name)[which]:
            os.kill(number, signal.SIGKILL)

    return way


def kill_worker(run):
    """It and its child that sends, together."""
    os.killpg(run.children("worker")[0], signal.SIGKILL)


def kill_supervisor(run):
    os.kill(run.supervisor, signal.SIGKILL)


def kill_make(run):
    run.make.kill()


def terminate_make(run):
    run.make.terminate()


def interrupt(run):
    os.killpg(run.make.pid, signal.SIGINT)


def check(house: House) -> None:
    for person in house.people:
        person.check()
    assert house.unsettled() == []
    house.check_mail()


def two_ticks_later(house: House, killed_at: float) -> None:
    for _ in range(2):
        house.forget_leases(killed_at)
        house.tick()


EVERY = slice(None)
PARTS = {
    "worker, a reminder in hand": (kill_worker, "reminders", "data"),
    "worker, an invitation in hand": (kill_worker, "others", "data"),
    "worker's first process": (kill("worker"), "reminders", "data"),
    "database, a reminder in hand": (kill("database", EVERY), "reminders", "data"),
    "database's first process": (kill("database"), "others", "answered"),
    "web": (kill("web"), "others", "data"),
    "tick": (kill("beat"), "reminders", "data"),
    "broker": (kill("broker"), "reminders", "data"),
}
SENDERS = ("worker", "database")


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_killed_comes_back_and_loses_nothing(at_work, part):
    house, (way, mails, point) = at_work, PARTS[part]

    killed_at = house.work_until_killed(way, mails, point)
    wait_for(lambda: house.run.answers() and house.run.has_database(), seconds=60)
    house.gets_on()
    house.rest()
    two_ticks_later(house, killed_at if part.startswith(SENDERS) else 0)

    check(house)


def test_without_any_help_two_ticks_settle_what_a_killed_worker_had_in_hand(at_work):
    at_work.work_until_killed(kill_worker, "reminders", "data")
    at_work.rest()

    wait_for(lambda: not at_work.unsettled(), seconds=TICKS)

    check(at_work)


@pytest.mark.parametrize("way", [kill_supervisor, kill_make, terminate_make, interrupt])
def test_however_all_of_it_ends_nothing_is_left_running_and_nothing_is_lost(at_work, way):
    killed_at = at_work.work_until_killed(way, "reminders", "data")
    at_work.run.gone()
    at_work.rest()

    at_work.run.seen.clear()
    at_work.run.start()
    two_ticks_later(at_work, killed_at)

    check(at_work)
    at_work.work()
    at_work.gets_on()
