import pytest
import time_machine
from django.urls import reverse

from outbox.models import Message
from programs.errors import NothingToUndo
from programs.models import Occupation, Program
from sessions.actions import changes, series, undo
from sessions.errors import PeopleTold, RoomBusy
from sessions.models import GroupSession
from tests.sessions.world import DAY, HOUR, MONDAY, meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    with time_machine.travel(MONDAY, tick=False):
        here = meeting()
        start = MONDAY + 30 * DAY
        series.plan_series(
            here.group, [series.Moment(start, start + 2 * HOUR)], by=None, place=series.Place(here.room)
        )
        here.session = here.group.sessions.get()
        yield here


def in_silence(here):
    here.program.memberships.update(invited_at=None)
    Program.objects.update(stage="draft")


def move(here):
    start = here.session.starts_at + DAY
    return changes.move_session(here.session, starts_at=start, ends_at=start + HOUR, by=here.guide)


def test_a_cancelled_session_that_nobody_was_told_of_is_brought_back_on_its_page(client, here):
    in_silence(here)
    client.force_login(here.coordinator)
    url = reverse("sessions:undo-change", args=[here.session.pk])
    page = client.post(reverse("sessions:cancel", args=[here.session.pk]), {"reason": "no_room"}, follow=True)
    assert page.content.decode().count(url) == 2

    page = client.post(url, follow=True)

    assert "as it was" in page.content.decode()
    here.session.refresh_from_db()
    assert (here.session.state, here.session.cancel_reason, here.session.sequence) == ("planned", "", 2)
    assert set(Occupation.objects.values_list("person", "room")) == {
        (here.guide.pk, None),
        (None, here.room.pk),
    }
    assert "cannot be taken back" in client.post(url, follow=True).content.decode()


def test_a_session_whose_messages_have_not_left_comes_back_with_its_reminders_and_without_the_news(here):
    changes.cancel_session(here.session, reason="no_room", by=here.guide)

    undo.undo(here.session)

    pending = Message.objects.filter(state="pending")
    assert not pending.filter(kind="session-cancelled").exists()
    assert pending.filter(kind="session-in-2-days").count() == 4


@pytest.mark.parametrize("state", [{"state": "sent", "sent_at": MONDAY}, {"state": "unknown"}])
def test_a_change_that_somebody_was_told_of_stays(here, state):
    moved = move(here)
    Message.objects.filter(kind="session-changed").update(**state)

    with pytest.raises(PeopleTold):
        undo.undo(moved)

    here.session.refresh_from_db()
    assert here.session.starts_at == moved.starts_at


def test_only_the_last_change_of_a_session_is_taken_back(here):
    in_silence(here)
    move(here)
    changes.change_room(here.session, room=None, by=here.guide)

    back = undo.undo(here.session)

    assert (back.room, back.starts_at) == (here.room, here.session.starts_at + DAY)
    with pytest.raises(NothingToUndo):
        undo.undo(here.session)


def test_a_room_that_was_taken_meanwhile_refuses_the_way_back(here):
    in_silence(here)
    changes.cancel_session(here.session, reason="no_room", by=here.guide)
    period = (here.session.starts_at, here.session.ends_at)
    Occupation.objects.create(room=here.room, period=period, about_id=here.group.pk)

    with pytest.raises(RoomBusy):
        undo.undo(here.session)

    assert GroupSession.objects.get().is_cancelled


def test_a_session_is_not_moved_back_into_the_past(here):
    in_silence(here)
    move(here)

    with time_machine.travel(here.session.starts_at, tick=False), pytest.raises(NothingToUndo):
        undo.undo(here.session)
