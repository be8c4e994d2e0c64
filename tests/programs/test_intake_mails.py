import datetime as dt

import pytest
import time_machine
from django.utils import translation

from outbox import kinds
from outbox.mail import Gone
from outbox.models import Message
from outbox.rendering import compose
from programs.actions import intake_messages, intakes
from programs.models import IntakeSlot, Membership, Program
from tests.factories.programs import GuideFactory, IntakeSlotFactory, MembershipFactory, RoomFactory

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2027, 1, 4, 7, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def on_a_monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def guide():
    return GuideFactory(group__program__stage="recruiting", user__name="Guide Who Listens")


@pytest.fixture
def place(guide):
    return MembershipFactory(group=guide.group, invited_at=MONDAY, user__name="Resident O'Neill")


@pytest.fixture
def slot(guide):
    room = RoomFactory(institution=guide.group.program.institution, name="Garden room")
    start = MONDAY + 3 * DAY
    end = start + dt.timedelta(minutes=45)
    return IntakeSlotFactory(
        program=guide.group.program, guide=guide.user, starts_at=start, ends_at=end, room=room
    )


def told(kind, row, person, language="en", at=MONDAY):
    with translation.override(language):
        answer = kinds.find(kind).render(row.pk, person, at)
        if isinstance(answer, Gone):
            return answer.reason
        message = Message(message_id="x@y")
        email = compose(answer, message, to=person.email, at=at)
        return f"{email.subject}\n{email.body}\n{email.alternatives[0][0]}"


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("kept", [False, True])
def test_each_mail_says_when_and_where_and_names_nobody(place, slot, guide, kept, language):
    intakes.reserve(slot, membership=place)
    if kept:
        intakes.keep(place)
    expected = {"intake-booked", "intake-tomorrow"} | (
        set() if kept else {"reserved-time", "intake-not-booked"}
    )

    for kind in ("reserved-time", "intake-booked", "intake-tomorrow", "intake-not-booked"):
        mail = told(kind, place, place.user, language, at=slot.starts_at - DAY)
        if kind not in expected:
            assert mail in ("changed", "answered")
            continue
        assert "08:00–08:45" in mail
        assert "Garden room" in mail
        assert "/link/" in mail
        assert "Listens" not in mail
        assert "Neill" not in mail


@pytest.mark.parametrize(
    ("language", "asks"), [("en", "your guide calls you. Mail your number to"), ("nl", "Mail je nummer naar")]
)
@pytest.mark.parametrize("channel", ["phone", "video", "room"])
def test_who_is_called_is_told_where_to_mail_their_number(place, slot, guide, channel, language, asks):
    IntakeSlot.objects.filter(pk=slot.pk).update(channel=channel)
    intakes.reserve(slot, membership=place)

    for kind in ("reserved-time", "intake-tomorrow"):
        mail = told(kind, place, place.user, language, at=slot.starts_at - DAY)
        # Once in the plain text; in the other as words and as link.
        assert (mail.count(asks), mail.count(guide.user.email)) == ((2, 3) if channel == "phone" else (0, 0))
        assert "Listens" not in mail
        assert "Neill" not in mail


def test_a_cancelled_time_is_told_only_while_there_is_no_other(place, slot):
    assert "does not go ahead" in told("intake-cancelled", place, place.user)

    intakes.reserve(slot, membership=place)

    assert told("intake-cancelled", place, place.user) == "changed"


@pytest.mark.parametrize("kind", ["reserved-time", "intake-booked", "intake-tomorrow", "intake-not-booked"])
def test_nothing_is_told_to_who_declined_or_about_a_program_that_ended(place, slot, kind):
    intakes.reserve(slot, membership=place)
    Program.objects.update(stage="cancelled")
    assert told(kind, place, place.user) in ("changed", "answered")
    Program.objects.update(stage="recruiting")
    IntakeSlot.objects.update(membership=None)
    Membership.objects.filter(pk=place.pk).update(state="declined", group=None)
    assert told(kind, place, place.user) in ("changed", "answered")


def test_the_guide_is_told_once_for_the_changes_of_half_an_hour_and_reads_no_names_in_the_mail(
    place, slot, guide
):
    intakes.book_intake(slot, membership=place)
    intakes.release(place)

    message = Message.objects.get(kind="intake-list")
    mail = told("intake-list", guide.group.program, guide.user)

    assert (message.recipient, message.due_at) == (guide.user, MONDAY + intake_messages.GATHER)
    assert "Neill" not in mail
    assert "/link/" in mail


def test_a_guide_who_stopped_is_told_nothing(place, slot, guide):
    guide.until_on = dt.date(2026, 1, 1)
    guide.save()

    assert told("intake-list", guide.group.program, guide.user) == "no longer guides"


def test_at_the_start_the_reminders_of_reserved_times_are_written_and_nothing_leaves(place, slot):
    Membership.objects.update(invited_at=None)
    intakes.reserve(slot, membership=place)
    assert not Message.objects.exclude(kind="intake-list").exists()

    intake_messages.announce_times(place.program, at=MONDAY)
    intake_messages.announce_times(place.program, at=MONDAY)

    assert [m.kind for m in Message.objects.filter(state="pending").exclude(kind="intake-list")] == [
        "intake-tomorrow"
    ]
