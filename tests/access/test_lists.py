"""Each condition of the lists that somebody is led by: whose sessions come next, wait for a log, or are late."""

import datetime as dt

import pytest

from accounts.models import Invitation, PersonalLink
from concerns import rules as concerns_rules
from intervision import clock
from sessions.models import GroupSession
from tests.access.test_conditions import but, evaluates
from tests.access.world import House, taken_back
from tests.factories.accounts import AppointmentFactory
from tests.factories.programs import EvaluativeRelationFactory, GroupFactory
from tests.factories.sessions import GroupSessionFactory
from vault.models import AccessEvent

pytestmark = pytest.mark.django_db
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@pytest.fixture
def house() -> House:
    """With a session in its group, and one in another group that nobody of this house's people is in."""
    found = House()
    found.program.stage = "running"
    found.program.save()
    GroupSessionFactory(group=GroupFactory(program=House().program))
    return found


def held(house: House, starts_at: dt.datetime, **fields: object) -> GroupSession:
    times = {"starts_at": starts_at, "ends_at": starts_at + HOUR, "first_planned_at": starts_at}
    GroupSession.objects.filter(pk=house.session.pk).update(**times, **fields)
    GroupSession.objects.exclude(pk=house.session.pk).update(**times)
    return GroupSession.objects.get(pk=house.session.pk)


def test_what_comes_next_is_ones_own_still_to_come_in_a_program_that_goes_on(house):
    now, substitute = clock.now(), house.appointed("intervisor")
    session = held(house, now + DAY, substitute=substitute)

    def coming() -> list[list[GroupSession]]:
        return [list(GroupSession.objects.next_for(user, now)) for user in theirs]

    theirs = (house.resident, house.intervisor, substitute)
    assert coming() == [[session]] * 3
    for other in (house.coordinator, house.stranger):
        assert not GroupSession.objects.next_for(other, now).exists()
    for state in ("planned", "confirmed"):
        with but(session, state=state):
            assert coming() == [[session]] * 3
    gone = [
        (session, {"state": "held"}),
        (session, {"starts_at": now - 2 * HOUR, "ends_at": now}),
        (house.group, {"paused_at": now}),
        *((house.program, {"stage": stage}) for stage in ("draft", "paused", "cancelled")),
    ]
    for row, change in gone:
        with but(row, **change):
            assert coming() == [[], [], []], change


def test_a_log_waits_for_guide_and_substitute_for_fourteen_days(house):
    now, substitute = clock.now(), house.appointed("intervisor")
    session = held(house, now - DAY, substitute=substitute)

    def waiting() -> list[list[GroupSession]]:
        return [list(GroupSession.objects.to_log_by(user, now)) for user in (house.intervisor, substitute)]

    assert waiting() == [[session]] * 2
    for other in (house.resident, house.coordinator):
        assert not GroupSession.objects.to_log_by(other, now).exists()
    for state in ("planned", "confirmed", "held"):
        with but(session, state=state):
            assert waiting() == [[session]] * 2
    gone = [
        (session, {"state": "logged"}),
        (session, {"ends_at": now + HOUR}),
        (session, {"starts_at": now - 20 * DAY, "ends_at": now - 14 * DAY}),
        (house.group, {"paused_at": now}),
        (house.program, {"stage": "paused"}),
    ]
    for row, change in gone:
        with but(row, **change):
            assert waiting() == [[], []], change


def test_a_late_log_is_for_the_coordinator_after_two_days(house):
    now = clock.now()
    session = held(house, now - 3 * DAY)

    def late() -> list[GroupSession]:
        return list(GroupSession.objects.late_logs(house.coordinator, now))

    assert late() == [session]
    assert not GroupSession.objects.late_logs(house.intervisor, now).exists()
    gone = [
        (session, {"state": "held"}),
        (session, {"ends_at": now - DAY}),
        (house.group, {"paused_at": now}),
        (house.program, {"stage": "paused"}),
    ]
    for row, change in gone:
        with but(row, **change):
            assert late() == [], change


@pytest.mark.parametrize(
    ("kind", "closing"),
    [(PersonalLink, ["revoked_at"]), (Invitation, ["revoked_at", "accepted_at"])],
)
def test_a_link_and_an_invitation_are_open_until_taken_back_used_or_over(kind, closing):
    now = clock.now()

    assert kind(expires_at=now + HOUR).is_open(now)
    assert not kind(expires_at=now).is_open(now)
    assert not kind(expires_at=now - HOUR).is_open(now)
    for field in closing:
        assert not kind(**{"expires_at": now + HOUR, field: now}).is_open(now)


def test_who_else_opened_ones_texts_is_told_to_their_owner_only(house):
    owner, guide = house.resident, house.intervisor
    made = {"at": clock.now(), "kind": "programs.learninggoal", "about_id": house.group.pk}
    event = AccessEvent.objects.create(**made, actor_id=guide.pk, owner_id=owner.pk)
    AccessEvent.objects.create(**made, actor_id=owner.pk, owner_id=owner.pk)

    assert list(AccessEvent.objects.of(owner)) == [event]
    assert not AccessEvent.objects.of(guide).exists()


def test_who_looks_into_a_report_evaluates_nobody_of_its_group_today(house):
    user, today = house.independent, clock.today()
    assert concerns_rules.can_look_into(user, house.report)

    with taken_back():
        evaluates(house.stranger, house.resident)
        assert concerns_rules.can_look_into(user, house.report), "somebody else's evaluations hinder nobody"
    for days in ({"until_on": today - DAY}, {"from_on": today + DAY}):
        with taken_back():
            made = {"institution": house.institution, "evaluator": user, "resident": house.resident}
            EvaluativeRelationFactory(**made, **days)
            assert concerns_rules.can_look_into(user, house.report)


@pytest.mark.parametrize("role", ["coordinator", "director"])
def test_a_role_that_ended_hinders_nobody_from_looking_into_a_report(house, role):
    made = {"user": house.independent, "institution": house.institution, "role": role}
    AppointmentFactory(**made, until_on=clock.today() - DAY)

    assert concerns_rules.can_look_into(house.independent, house.report)
