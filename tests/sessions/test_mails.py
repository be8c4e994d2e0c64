import re

import pytest
import time_machine
from django.core import mail as post
from django.template.loader import get_template
from django.utils import translation

from outbox import kinds
from outbox.mail import Gone, Mail
from outbox.models import Message
from outbox.rendering import get_plain, render
from programs.actions import seats
from sessions.actions import changes, messages, series
from sessions.models import GroupSession
from tests.factories.accounts import AppointmentFactory, UserFactory
from tests.factories.programs import EvaluativeRelationFactory
from tests.sessions.world import DAY, HOUR, MONDAY, meeting

pytestmark = pytest.mark.django_db
START = MONDAY + 30 * DAY
BEFORE = START - 2 * DAY


@pytest.fixture
def here():
    with time_machine.travel(MONDAY, tick=False):
        here = meeting()
        series.plan_series(
            here.group, [series.Moment(START, START + 2 * HOUR)], by=None, place=series.Place(here.room)
        )
        here.session = here.group.sessions.get()
    return here


@pytest.fixture(autouse=True)
def two_days_before():
    with time_machine.travel(BEFORE, tick=False):
        yield


def told(here, kind, to, at=BEFORE):
    found = kinds.find(kind)
    assert found is not None
    return found.render(here.session.pk, to, at)


def words(told):
    assert isinstance(told, Mail)
    return told.subject + "\n" + get_plain(told.template, dict(told.context))


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("kind", [messages.IN_14_DAYS, messages.IN_2_DAYS, messages.CHANGED])
def test_a_letter_says_when_and_where_and_names_nobody(here, kind, language):
    with translation.override(language):
        text = words(told(here, kind, here.members[0].user))

    assert "Garden Room" in text
    assert here.guide.name not in text
    assert here.members[1].user.name not in text
    assert re.search(r"/link/\S+", text)


def test_each_letter_has_a_page_for_browsers(here):
    for row in Message.objects.filter(kind=messages.IN_2_DAYS):
        kind = kinds.find(row.kind)
        assert kind is not None
        letter = render(row, kind, at=BEFORE)
        assert isinstance(letter, post.EmailMultiAlternatives)
        assert "Garden Room" in str(letter.alternatives[0])


def test_whoever_left_paused_or_was_suspended_hears_nothing_more(here):
    left, paused, suspended = here.members
    seats.leave(left, on=BEFORE.date())
    seats.pause(paused, from_on=BEFORE.date(), until_on=None)
    suspended.suspended_from = BEFORE.date()
    suspended.save()

    for member in here.members:
        assert told(here, messages.IN_2_DAYS, member.user) == Gone("left")


@pytest.mark.parametrize("stage", ["draft", "paused", "cancelled", "completed"])
def test_nothing_is_said_while_the_program_does_not_go_on(here, stage):
    here.program.stage = stage
    here.program.save()

    assert isinstance(told(here, messages.IN_2_DAYS, here.guide), Gone)


def test_a_paused_group_is_left_alone(here):
    here.group.paused_at = BEFORE
    here.group.save()

    assert isinstance(told(here, messages.IN_2_DAYS, here.guide), Gone)


def test_the_log_is_asked_for_until_it_is_there(here):
    after = START + DAY
    with time_machine.travel(after, tick=False):
        assert "Log this session" in get_html(told(here, messages.LOG_MISSING, here.guide, after))
        GroupSession.objects.update(state="logged")
        assert told(here, messages.LOG_MISSING, here.guide, after) == Gone("logged")


def get_html(told):
    assert isinstance(told, Mail)
    return get_template(f"{told.template}.html").render(dict(told.context))


def test_a_substitute_who_turns_out_to_evaluate_a_member_hears_and_sees_nothing_more(here, client):
    person = AppointmentFactory(institution=here.house, role="intervisor").user
    changes.substitute(here.session, person, by=here.coordinator)
    assert isinstance(told(here, messages.SUBSTITUTE, person), Mail)

    EvaluativeRelationFactory(institution=here.house, evaluator=person, resident=here.members[0].user)

    assert isinstance(told(here, messages.SUBSTITUTE, person), Gone)
    client.force_login(person)
    assert client.get(f"/sessions/{here.session.pk}/").status_code == 404


def test_what_needs_whom_is_found(here):
    sessions, late = GroupSession.objects, START + 3 * DAY
    member, guide, coordinator = here.members[0].user, here.guide, here.coordinator

    assert sessions.next_for(member, BEFORE).get() == here.session
    assert sessions.next_for(guide, BEFORE).get() == here.session
    assert not sessions.next_for(UserFactory(), BEFORE).exists()
    with time_machine.travel(late, tick=False):
        assert sessions.to_log_by(guide, late).get() == here.session
        assert not sessions.to_log_by(coordinator, late).exists()
        assert sessions.late_logs(coordinator, late).get() == here.session
        changes.say_took_place(here.session)
        assert not sessions.late_logs(coordinator, late).exists()
        assert sessions.to_log_by(guide, late).get() == here.session
