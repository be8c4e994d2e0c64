"""What needs somebody: each kind is said to whom it concerns and leads to its form."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Invitation
from desk.needs import ABOUT
from intervision import clock
from programs.models import Guide, Membership, Program, WaitingPlace
from sessions.models import Attendance
from surveys.actions.answering import answer
from surveys.actions.opening import Moment, ask
from surveys.models import Kind
from tests.access.world import House
from tests.desk.at_work import DAY, HOUR, accepted, running, session, slot, stage, waiting, window, worklist
from tests.factories.accounts import UserFactory
from tests.factories.outbox import MessageFactory
from tests.factories.own_texts import goal
from tests.factories.programs import (
    EvaluativeRelationFactory,
    GroundRulesFactory,
    GuideFactory,
    MembershipFactory,
)
from tests.factories.sessions import GroupSessionFactory
from tests.factories.surveys import PULSE

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return running()


def suspended(house):
    EvaluativeRelationFactory(
        institution=house.institution, evaluator=house.intervisor, resident=house.resident
    )


def undelivered(house):
    MessageFactory(about_id=house.membership.pk, state="dead")


def no_lead(house):
    house.guide.delete()


def log_late(house):
    session(house, clock.now() - 4 * DAY)


def no_room(house):
    session(house, clock.now() + 4 * DAY)


def unseated(house):
    MembershipFactory(program=house.program, group=None, joined_on=None, state="interested")


def starts_soon(house):
    Program.objects.filter(pk=house.program.pk).update(stage="intakes", starts_on=clock.today() + 3 * DAY)


def said_long_ago(house, *, days=366):
    house.program.declarations.create(
        item="min-help-route", answer="yes", answered_at=clock.now() - days * DAY
    )


COORDINATOR = {
    "suspended": suspended,
    "undelivered": undelivered,
    "no_lead": no_lead,
    "log_late": log_late,
    "no_room": no_room,
    "wait_intake": lambda house: waiting(house, "intake"),
    "wait_group": lambda house: waiting(house, "group"),
    "unseated": unseated,
    "start": starts_soon,
    "say_again": said_long_ago,
    "go_on": lambda house: stage(house, "draft"),
}


@pytest.mark.parametrize("kind", COORDINATOR)
def test_a_coordinator_is_told_and_led_to_the_form(client, house, kind):
    COORDINATOR[kind](house)

    found = worklist(client, house.coordinator)

    assert list(found) == [kind]
    assert client.get(found[kind].url).status_code == 200


def no_times(house):
    stage(house, "intakes")
    house.guide.declarations.create()


def undeclared(house):
    stage(house, "recruiting")


def over(house):
    slot(house, clock.now() - DAY, membership=house.membership)


def says_otherwise(house):
    """The same member, of two sessions."""
    for days in (9, 3):
        held = session(house, clock.now() - days * DAY, number=9 - days, state="logged")
        Attendance.objects.create(session=held, membership=house.membership, state="absent", says="present")


GUIDE = {
    "attendance_said": says_otherwise,
    "log": lambda house: session(house, clock.now() - 3 * HOUR),
    "outcome": over,
    "offer_times": no_times,
    "declare": undeclared,
}


@pytest.mark.parametrize("kind", GUIDE)
def test_a_guide_is_told_and_led_to_the_form(client, house, kind):
    GUIDE[kind](house)

    found = worklist(client, house.intervisor)

    assert list(found) == [kind]
    assert client.get(found[kind].url).status_code == 200


def asked(house):
    stage(house, "recruiting")
    house.membership.invited_at, house.membership.state = clock.now(), "placed"
    house.membership.save()


def reserved(house):
    stage(house, "intakes")
    slot(house, clock.now() + DAY, membership=accepted(house))


def without_time(house):
    stage(house, "intakes")
    accepted(house)


def rules_to_read(house):
    GroundRulesFactory(group=accepted(house).group)


def handed_over(house):
    goal(accepted(house), shared_with=house.guide)
    Guide.objects.filter(pk=house.guide.pk).update(until_on=clock.today() - DAY)
    GuideFactory(group=house.group)


MEMBER = {
    "share_again": handed_over,
    "answer": asked,
    "keep_time": reserved,
    "choose_time": without_time,
    "rules": rules_to_read,
}


@pytest.mark.parametrize("kind", MEMBER)
def test_a_resident_is_told_and_led_to_the_form(client, house, kind):
    MEMBER[kind](house)

    found = worklist(client, house.resident)

    assert list(found) == [kind]
    assert client.get(found[kind].url).status_code == 200


def test_members_who_say_otherwise_are_counted_once_and_not_by_whom_it_does_not_concern(client, house):
    says_otherwise(house)

    assert worklist(client, house.intervisor)["attendance_said"].text.startswith("1 member of")
    assert "attendance_said" not in worklist(client, house.coordinator)
    assert "attendance_said" not in worklist(client, GuideFactory(group__program=house.program).user)


def test_an_offered_place_is_said_first_to_whom_it_is_offered(client, house):
    accepted(house)
    waiting(house, "group")
    WaitingPlace.objects.update(offered_at=clock.now(), offer_until=clock.now() + DAY)

    assert list(worklist(client, house.resident)) == ["offer"]


def test_an_administrator_is_told_of_a_missing_number_and_of_invitations_that_ran_out(client, house):
    house.institution.help_contacts.all().delete()
    Invitation.objects.create(
        institution=house.institution, user=UserFactory(), email="a@example.org", expires_at=clock.now() - DAY
    )

    found = worklist(client, house.administrator)

    assert list(found) == ["no_help", "invitation"]
    assert client.get(found["no_help"].url).status_code == 200


def test_an_administrator_is_told_that_nobody_looks_into_reports(client, house):
    house.independent.appointments.all().delete()

    found = worklist(client, house.administrator)

    assert list(found) == ["no_independent"]
    assert client.get(found["no_independent"].url).status_code == 200


def test_the_independent_person_is_told_of_reports_that_wait(client, house):
    found = worklist(client, house.independent)
    assert found == {}
    assert house.report.state == "reported"

    found = worklist(client, house.independent)

    assert list(found) == ["report"]
    assert client.get(found["report"].url).status_code == 200


def test_what_is_settled_is_not_said(client, house):
    accepted(house)
    session(house, clock.now() - 4 * DAY, state="logged")
    session(house, clock.now() + 40 * DAY)
    house.guide.declarations.create()
    said_long_ago(house, days=364)

    for user in (house.coordinator, house.intervisor, house.resident, house.director):
        assert worklist(client, user) == {}


def test_nothing_of_another_house_is_said(client, house):
    for make in (suspended, undelivered, unseated):
        make(house)

    assert list(worklist(client, House().coordinator)) == ["go_on"], "its own draft"


def test_a_person_with_several_roles_has_one_list(client, house):
    elsewhere = GuideFactory(group__program__institution=house.institution, user=house.coordinator).group
    elsewhere.program.stage = "running"
    elsewhere.program.save()
    start = clock.now() - 4 * DAY
    GroupSessionFactory(group=elsewhere, starts_at=start)
    session(house, start)
    undelivered(house)

    assert list(worklist(client, house.coordinator)) == ["log", "undelivered", "log_late"]


def test_at_most_five_come_first(client, house):
    for number in range(9):
        session(house, clock.now() + (number + 1) * DAY)

    client.force_login(house.coordinator)
    page = client.get("/")

    assert (len(page.context["first"]), len(page.context["later"])) == (5, 4)


@time_machine.travel("2026-12-01 10:00Z")
def test_an_answer_is_asked_before_the_first_of_closing_day_and_reserved_time(client, house):
    """The time is late in the evening in UTC, and on the fifth in Amsterdam."""
    asked(house)
    time = slot(house, dt.datetime(2026, 12, 4, 23, 15, tzinfo=dt.UTC), membership=house.membership)

    def answer_by(day):
        closing = day and dt.date(2026, 12, day)
        Program.objects.filter(pk=house.program.pk).update(answers_until=closing)
        return worklist(client, house.resident)["answer"].detail

    before_it = "Please answer before your intake interview, Sat 5 December, 00:15."
    assert [answer_by(6), answer_by(5), answer_by(None)] == [before_it] * 3
    assert answer_by(4) == "Please answer by Fri 4 December."
    time.delete()
    assert answer_by(5) == "Please answer by Sat 5 December."
    assert answer_by(None) == ""


def test_two_rounds_of_questions_say_what_each_is_about(client, house):
    now = clock.now()
    for kind in ("pulse", "midway"):
        moment = Moment(
            kind=kind,
            about_id=house.group.pk,
            questions=PULSE,
            guides=[],
            opens_at=now - HOUR,
            closes_at=now + DAY,
            pool_closes_at=now + DAY,
            number=1,
        )
        ask(house.group, moment, at=now - HOUR)

    client.force_login(house.resident)
    found = [need.detail for need in client.get("/").context["first"] if need.kind == "questions"]

    assert sorted(detail.partition(".")[0] for detail in found) == ["About the latest session", "Half way"]


def test_every_kind_of_questions_has_words_on_the_worklist():
    assert set(ABOUT) == {f"questions_{kind}" for kind in Kind.values}


def test_questions_that_are_open_wait_until_one_has_answered_them(client, house):
    found = window(house, house.group.pk, clock.now() - HOUR)

    need = worklist(client, house.resident)["questions"]
    assert need.url == reverse("surveys:answer", args=[found.pk])

    answer(found, house.resident, {question.key: 4 for question in PULSE}, at=clock.now())
    assert "questions" not in worklist(client, house.resident)
    assert "questions" not in worklist(client, house.intervisor)


@pytest.mark.parametrize(
    "change", [{"state": "left", "left_on": "2026-01-02"}, {"paused_from": "2026-01-02"}]
)
def test_questions_do_not_wait_for_who_left_or_pauses(client, house, change):
    window(house, house.group.pk, clock.now() - HOUR)
    Membership.objects.filter(pk=house.membership.pk).update(**change)
    assert "questions" not in worklist(client, house.resident)


def test_who_has_not_said_yes_is_asked_for_that_and_for_nothing_else_about_the_group(client, house):
    window(house, house.group.pk, clock.now() - HOUR)
    asked = Membership.objects.filter(pk=house.membership.pk)
    asked.update(state="placed", invited_at=clock.now(), accepted_at=None)

    assert set(worklist(client, house.resident)) == {"answer"}
    asked.update(state="active", accepted_at=clock.now())
    assert "questions" in worklist(client, house.resident)


def test_the_guide_is_led_to_the_code_in_the_last_minutes_of_a_session(client, house):
    meeting = session(house, clock.now() - 2 * HOUR)
    window(house, meeting.pk, clock.now() - HOUR / 6)

    assert worklist(client, house.intervisor)["code"].url == reverse("surveys:show", args=[meeting.pk])
    assert "code" not in worklist(client, house.resident)
