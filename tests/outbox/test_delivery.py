import datetime as dt
import re
from pathlib import Path
from time import monotonic

import pytest
import time_machine
from django.db.models.functions import Now

from outbox import delivery
from outbox.models import Claim, Message
from tests.factories.accounts import UserFactory
from tests.factories.outbox import BEFORE, MessageFactory

pytestmark = pytest.mark.django_db
State = Message.State
LETTERS = Path(__file__).parents[2] / "templates" / "emails"


def deliver(seconds: float = 30) -> int:
    return delivery.deliver_due(until=monotonic() + seconds)


def test_a_due_message_reaches_its_recipient_once(post_office):
    message = MessageFactory(recipient__email="anna@example.org")

    assert (deliver(), deliver()) == (1, 0)

    message.refresh_from_db()
    assert (message.state, message.attempts, message.claim) == (State.SENT, 1, None)
    assert post_office.receivers == ["anna@example.org"]
    assert post_office.message_ids == [f"<{message.message_id}>"]


@time_machine.travel(BEFORE - dt.timedelta(hours=1))
def test_a_message_waits_until_it_is_due(post_office):
    MessageFactory()

    assert deliver() == 0
    assert post_office.accepted == []


def test_messages_leave_in_the_order_in_which_they_are_due(post_office):
    late = MessageFactory(due_at=BEFORE + dt.timedelta(hours=1))
    early = MessageFactory()

    deliver()

    assert post_office.receivers == [early.recipient.email, late.recipient.email]


def test_changes_leave_before_reminders(post_office):
    reminder = MessageFactory(kind="remind")
    change = MessageFactory(kind="invite")

    deliver()

    assert post_office.receivers == [change.recipient.email, reminder.recipient.email]


@pytest.mark.parametrize(("language", "word"), [("nl", "Ja"), ("en", "Yes")])
def test_a_message_speaks_its_recipients_language_and_the_houses_time(post_office, language, word):
    MessageFactory(recipient__language=language, recipient__name="Jo O'Neill")

    deliver()

    text, html = post_office.accepted[0].get_payload()
    assert text.get_payload(decode=True).decode().strip() == f"{word}, Jo O'Neill: 16:30"
    assert f'lang="{language}"' in html.get_payload(decode=True).decode()


def test_styles_stand_on_the_elements_of_the_html_part(post_office):
    MessageFactory()

    deliver()

    html = post_office.accepted[0].get_payload()[1].get_payload(decode=True).decode()
    assert '<p style="color: #123456;">' in html


def test_a_mail_says_that_a_machine_sent_it_and_where_answers_go(post_office, settings):
    settings.REPLY_TO_EMAIL = "planning@hospital.example"
    MessageFactory()

    deliver()

    mail = post_office.accepted[0]
    assert (mail["Auto-Submitted"], mail["Reply-To"]) == ("auto-generated", "planning@hospital.example")


def test_a_line_break_in_a_name_makes_no_header(post_office):
    MessageFactory(kind="injecting", recipient__name="Jo\r\nBcc: all@example.org\r\n\r\nHello")

    deliver()

    mail = post_office.accepted[0]
    assert mail["Bcc"] is None
    assert mail["Subject"] == "For Jo Bcc: all@example.org Hello"
    assert post_office.receivers == [mail["To"]]


def test_markup_in_a_name_makes_no_element_of_a_letter_and_stays_as_it_is_in_its_text(post_office):
    MessageFactory(kind="injecting", recipient__name="<b id=oops>{{ name }}")

    deliver()

    text, html = (part.get_payload(decode=True).decode() for part in post_office.accepted[0].get_payload())
    assert "<b id=oops>{{ name }}" in text
    assert "&lt;b id=oops&gt;{{ name }}" in html
    assert "<b " not in html


def test_no_letter_of_ours_takes_words_for_markup():
    letters = list(LETTERS.rglob("*.html"))

    assert len(letters) > 10
    trusting = re.compile(r"\|\s*safe\b|autoescape\s+off")
    assert [path.name for path in letters if trusting.search(path.read_text())] == []


def test_a_message_whose_premise_is_gone_is_cancelled_visibly(post_office):
    message = MessageFactory(kind="moved")

    assert deliver() == 0

    message.refresh_from_db()
    assert (message.state, message.error_class) == (State.CANCELLED, "moved")
    assert post_office.accepted == []


def test_nothing_goes_to_somebody_who_is_no_longer_active(post_office):
    message = MessageFactory(recipient__is_active=False)

    deliver()

    message.refresh_from_db()
    assert (message.state, message.error_class) == (State.CANCELLED, "inactive")


def test_a_rooms_fault_holds_up_nobody_elses_message(post_office):
    broken = MessageFactory(kind="broken")
    good = MessageFactory(due_at=BEFORE + dt.timedelta(hours=1))

    assert deliver() == 1

    broken.refresh_from_db()
    assert (broken.state, broken.error_class) == (State.PENDING, "LookupError")
    assert post_office.receivers == [good.recipient.email]


def test_a_message_of_a_kind_that_no_room_knows_stays_where_it_is(post_office):
    message = MessageFactory(kind="from-a-later-version")

    assert deliver() == 0

    message.refresh_from_db()
    assert message.state == State.PENDING


def test_more_than_a_batch_leaves_over_one_connection(post_office, monkeypatch):
    monkeypatch.setattr(delivery, "BATCH", 3)
    user = UserFactory()
    MessageFactory.create_batch(7, recipient=user)

    assert deliver() == 7


def test_what_the_budget_does_not_allow_is_given_back(post_office, monkeypatch):
    MessageFactory.create_batch(3)
    monkeypatch.setattr(delivery, "monotonic", iter([0, 0, 20, 20, 20, 20]).__next__)

    assert delivery.deliver_due(until=10) == 1

    assert Message.objects.filter(state=State.PENDING, claim=None, lease_until=None, attempts=0).count() == 2


def leased(count: int, **fields: object) -> list[Message]:
    """Rows as a worker leaves them that was killed a minute ago."""
    messages = MessageFactory.create_batch(count, **fields)
    rows = Message.objects.filter(pk__in=[message.pk for message in messages])
    claim = Claim.objects.create()
    rows.update(state=State.LEASED, claim=claim.pk, lease_until=Now() - dt.timedelta(seconds=1))
    return list(rows.order_by(*delivery.SENDING_ORDER))


def test_of_reminders_left_by_a_dead_worker_one_is_uncertain_and_the_others_leave(post_office):
    first, *others = leased(4, kind="remind")

    assert deliver() == 3

    first.refresh_from_db()
    assert (first.state, first.error_class) == (State.UNKNOWN, "interrupted")
    assert post_office.message_ids == [f"<{message.message_id}>" for message in others]
    assert list(Message.objects.undelivered()) == [first]


def test_where_the_database_crashed_too_every_reminder_of_the_batch_is_uncertain(post_office):
    leased(3, kind="remind")
    leased(2, kind="invite")
    Claim.objects.all().delete()  # as recovery does to an unlogged table

    assert deliver() == 2
    assert Message.objects.filter(kind="remind", state=State.UNKNOWN).count() == 3


def test_a_finished_batch_leaves_no_claim(post_office):
    MessageFactory.create_batch(3)

    deliver()

    assert not Claim.objects.exists()


def test_invitations_left_by_a_dead_worker_all_leave_under_their_own_message_id(post_office):
    left = leased(3, kind="invite")

    assert deliver() == 3
    assert post_office.message_ids == [f"<{message.message_id}>" for message in left]


def test_what_another_worker_holds_is_left_alone(post_office):
    held = leased(2)
    Message.objects.update(lease_until=Now() + dt.timedelta(seconds=50))

    assert deliver() == 0
    assert {message.state for message in held} == {State.LEASED}
