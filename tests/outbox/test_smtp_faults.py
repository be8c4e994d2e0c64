"""What becomes of a message when the server refuses, stalls or hangs up, point by point."""

import datetime as dt
from time import monotonic

import pytest
from django.db.models import F
from django.db.models.functions import Now

from outbox import delivery
from outbox.models import Message
from tests.factories.outbox import BEFORE, MessageFactory

pytestmark = pytest.mark.django_db
State = Message.State


def deliver() -> int:
    return delivery.deliver_due(until=monotonic() + 30)


def deliver_later() -> int:
    """As ``deliver``, when every wait before a further attempt is over."""
    Message.objects.filter(lease_until__isnull=False).update(lease_until=Now() - dt.timedelta(seconds=1))
    return deliver()


@pytest.mark.parametrize("kind", ["invite", "remind"])
@pytest.mark.parametrize("point", ["refuse", "greylist", "before_data"])
def test_what_was_surely_not_taken_is_tried_again_later(post_office, point, kind):
    message = MessageFactory(kind=kind)
    post_office.fail[point] = 1

    assert (deliver(), deliver()) == (0, 0)
    assert list(Message.objects.undelivered()) == [message]
    assert deliver_later() == 1

    message.refresh_from_db()
    assert (message.state, message.attempts, message.error_class) == (State.SENT, 2, "")
    assert len(post_office.accepted) == 1


@pytest.mark.parametrize("point", ["no_such_person", "reject"])
def test_a_no_for_good_is_not_tried_again(post_office, point):
    dead, other = MessageFactory(), MessageFactory(due_at=BEFORE + dt.timedelta(hours=1))
    post_office.fail[point] = 1

    assert deliver() == 1

    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == (State.DEAD, 1)
    assert post_office.receivers == [other.recipient.email]


@pytest.mark.parametrize("point", ["after_data", "stall"])
def test_a_reminder_that_may_have_been_taken_is_shown_and_not_repeated(post_office, settings, point):
    settings.EMAIL_TIMEOUT = 2
    message = MessageFactory(kind="remind")
    post_office.fail[point] = 1

    assert (deliver(), deliver_later()) == (0, 0)

    message.refresh_from_db()
    assert message.state == State.UNKNOWN
    assert len(post_office.accepted) == 1


@pytest.mark.parametrize("point", ["after_data", "stall"])
def test_an_invitation_that_may_have_been_taken_is_repeated_under_the_same_message_id(
    post_office, settings, point
):
    settings.EMAIL_TIMEOUT = 2
    message = MessageFactory(kind="invite")
    post_office.fail[point] = 1

    assert (deliver(), deliver_later()) == (0, 1)
    assert post_office.message_ids == [f"<{message.message_id}>"] * 2


@pytest.mark.parametrize("kind", ["invite", "remind"])
def test_a_server_that_hangs_up_after_each_mail_delays_nothing(post_office, kind):
    MessageFactory.create_batch(4, kind=kind)
    post_office.fail["after_accept"] = 4

    assert deliver() == 4
    assert len(set(post_office.message_ids)) == len(post_office.message_ids) == 4


def test_a_server_that_is_away_uses_up_no_attempt_and_holds_nothing(post_office):
    messages = MessageFactory.create_batch(3)
    post_office.close()

    assert deliver() == 0

    rows = Message.objects.filter(pk__in=[message.pk for message in messages])
    assert {(row.state, row.attempts, row.claim) for row in rows} == {(State.PENDING, 0, None)}
    assert rows.undelivered().count() == 1  # the one by which it was found out


def test_the_waits_double_and_the_eighth_failure_is_the_last(post_office):
    message = MessageFactory()
    post_office.fail["greylist"] = 8
    waits = []

    for _attempt in range(8):
        deliver_later()
        row = Message.objects.annotate(wait=F("lease_until") - Now()).get()
        waits.append(row.wait and round(row.wait.total_seconds() / 60))

    message.refresh_from_db()
    assert waits == [1, 2, 4, 8, 16, 32, 64, None]
    assert (message.state, message.attempts) == (State.DEAD, 8)
