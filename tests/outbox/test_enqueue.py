import contextlib
import datetime as dt
import re
import socket
import uuid
from time import monotonic

import pytest
from django.db import transaction
from kombu import pools

import outbox
from intervision.celery import app
from outbox import checks, kinds
from outbox.actions.messages import kick, try_again
from outbox.errors import NothingToTryAgain
from outbox.mail import link
from outbox.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.outbox import BEFORE, MessageFactory
from tests.outbox.kinds import hello

pytestmark = pytest.mark.django_db
State = Message.State


@pytest.fixture
def kicks(monkeypatch):
    """How often a worker was asked, at the edge where the broker's client begins."""
    asked = []
    monkeypatch.setattr("outbox.tasks.tick.apply_async", lambda *args, **options: asked.append(1))
    return asked


def enqueue(key="invite:1", **fields):
    values = {"about_id": uuid.uuid4(), "to": fields.pop("to", None) or UserFactory(), "at": BEFORE}
    return outbox.enqueue("invite", key=key, **values | fields)


def test_a_message_is_written_with_its_cause_and_names_itself(settings):
    settings.DEFAULT_FROM_EMAIL = "Planning <planning@hospital.example>"

    message = enqueue()

    assert (message.state, message.due_at) == (State.PENDING, BEFORE)
    assert message.message_id == f"{message.pk}@hospital.example"


def test_the_same_cause_is_told_once(kicks, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = enqueue(to=(user := UserFactory()))
        again = enqueue(to=user, due_at=BEFORE + dt.timedelta(days=1))

    assert (again, again.due_at) == (first, BEFORE)
    assert kicks == [1]


class CauseFailed(Exception):
    pass


def test_no_message_without_its_cause():
    with contextlib.suppress(CauseFailed), transaction.atomic():
        enqueue()
        raise CauseFailed

    assert not Message.objects.exists()


def test_however_many_messages_one_delivery_is_asked_for(kicks, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(5):
            enqueue(key=f"invite:{number}")

    assert kicks == [1]


def test_a_savepoint_that_failed_does_not_take_the_kick_of_another_with_it(
    kicks, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        with contextlib.suppress(CauseFailed), transaction.atomic():
            enqueue(key="invite:1")
            raise CauseFailed
        enqueue(key="invite:2")

    assert kicks == [1]


def test_nobody_is_asked_for_what_is_due_later(kicks, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        enqueue(due_at=BEFORE + dt.timedelta(hours=1))

    assert kicks == []


@pytest.fixture
def broker(monkeypatch):
    """A broker that takes calls and never answers, until its socket is closed: then it is gone."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        monkeypatch.setattr(app.conf, "broker_write_url", url)
        monkeypatch.setattr(app, "_pool", None)
        monkeypatch.setattr(app.amqp, "_producer_pool", None)
        pools.reset()
        yield server
    pools.reset()


@pytest.mark.parametrize("state", ["silent", "gone"])
def test_a_broker_that_is_away_takes_little_time_and_no_error(broker, state, caplog):
    if state == "gone":
        broker.close()
    started = monotonic()

    with caplog.at_level("WARNING", logger="outbox"):
        kick()

    assert monotonic() - started < 3
    assert [record.message for record in caplog.records] == ["kick lost"]


def test_a_kind_nobody_registered_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="no room registered"):
        outbox.enqueue("invitte", about_id=uuid.uuid4(), to=UserFactory(), key="k", at=BEFORE)


def test_what_is_taken_back_stays_visible():
    message = enqueue(key="remind:s1:u1:tuesday")
    other = enqueue(key="remind:s2:u1:tuesday")

    assert outbox.cancel(key_prefix="remind:s1:", reason="moved") == 1

    message.refresh_from_db()
    other.refresh_from_db()
    assert (message.state, message.error_class, other.state) == (State.CANCELLED, "moved", State.PENDING)


def test_conditions_of_a_cancellation_add_up():
    user, about = UserFactory(), uuid.uuid4()
    enqueue(key="a", to=user, about_id=about)
    enqueue(key="b", about_id=about)
    enqueue(key="c", to=user)

    assert outbox.cancel(kind="invite", about_id=about, to=user) == 1
    assert Message.objects.get(state=State.CANCELLED).dedupe_key == "a"


def test_a_cancellation_of_everything_is_refused():
    with pytest.raises(ValueError, match="needs a condition"):
        outbox.cancel()


def test_what_has_left_cannot_be_taken_back():
    message = MessageFactory(state=State.SENT, sent_at=BEFORE)

    assert outbox.cancel(about_id=message.about_id) == 0


@pytest.mark.parametrize(
    ("state", "error", "listed"),
    [
        ("dead", "X", True),
        ("unknown", "X", True),
        ("pending", "X", True),
        ("pending", "", False),
        ("cancelled", "X", False),
    ],
)
def test_undelivered_are_those_that_somebody_should_look_at(state, error, listed):
    message = MessageFactory(state=state, error_class=error)

    assert Message.objects.undelivered().exists() is listed
    assert message.can_be_tried_again is listed


def test_trying_again_starts_over_under_the_same_message_id():
    dead = MessageFactory(state=State.DEAD, attempts=8, error_class="SMTPDataError")

    again = try_again(dead)

    assert (again.state, again.attempts, again.error_class) == (State.PENDING, 0, "")
    assert again.message_id == dead.message_id


@pytest.mark.parametrize("fields", [{"state": "sent", "sent_at": BEFORE}, {"state": "cancelled"}, {}])
def test_only_what_did_not_arrive_is_tried_again(fields):
    with pytest.raises(NothingToTryAgain):
        try_again(MessageFactory(**fields))


def test_messages_are_found_by_what_they_are_about():
    message = MessageFactory()
    MessageFactory()

    assert list(Message.objects.about([message.about_id])) == [message]


def test_a_message_says_in_words_what_it_is():
    assert MessageFactory(kind="remind").label == "reminder"
    assert MessageFactory(kind="of-a-later-version").label == "of-a-later-version"


def test_kinds_cannot_be_registered_after_the_start():
    with pytest.raises(RuntimeError):
        kinds.register("late", hello, label="late")


def test_a_link_in_a_mail_is_a_whole_address(settings):
    settings.BASE_URL = "https://planning.hospital.example"

    assert link("/programs/1/") == "https://planning.hospital.example/programs/1/"


def test_every_kind_the_code_tells_is_registered():
    assert checks.kinds_are_registered() == []


def test_the_check_finds_a_kind_that_nobody_registered(tmp_path, monkeypatch):
    module = tmp_path / "actions.py"
    module.write_text('outbox.enqueue("remnid", key="k")\nenqueue("remind")\nstart_job("nothing")\n')
    monkeypatch.setattr(checks, "our_modules", lambda: [module])

    found = [error.msg for error in checks.kinds_are_registered()]

    assert [re.search(r":(\d+):.*'(\w+)'", text).groups() for text in found] == [
        ("1", "remnid"),
        ("3", "nothing"),
    ]
