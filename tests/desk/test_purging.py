"""Each kind of the retention table goes when its time is over, not before, and only once."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import BusyTime, PurgeReport, User
from catalogue import retention
from checklist import reading
from desk.actions import purging
from outbox.models import Message
from programs.models import PeopleImport, Program, StageChange
from sessions.models import Attendance, SessionLog
from tests.access.world import House
from tests.factories.accounts import AppointmentFactory, UserFactory
from tests.factories.outbox import MessageFactory
from tests.factories.programs import EvaluativeRelationFactory, MembershipFactory

pytestmark = pytest.mark.django_db
THEN = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def months(number: int) -> dt.datetime:
    return THEN + dt.timedelta(days=round(number * 30.44))


@pytest.fixture
def house():
    """A house whose program ended on the day ``THEN``."""
    with time_machine.travel(THEN, tick=False):
        made = House()
        made.session.state = "logged"
        made.session.save()
        Attendance.objects.create(session=made.session, membership=made.membership, state="present")
        SessionLog.objects.create(session=made.session, own_case=True, logged_by=made.intervisor)
        Program.objects.filter(pk=made.program.pk).update(stage="completed")
        StageChange.objects.create(program=made.program, from_stage="running", to_stage="completed")
    return made


def test_after_its_time_attendance_is_a_number_and_the_log_is_gone(house):
    purging.purge(at=months(23))
    assert Attendance.objects.get().membership == house.membership
    assert SessionLog.objects.exists()

    report = purging.purge(at=months(25))

    assert Attendance.objects.get().membership is None
    assert house.session.attendances.filter(state="present").count() == 1
    assert not SessionLog.objects.exists()
    assert report.counts["attendance"] == 2
    assert purging.purge(at=months(25)).counts["attendance"] == 0


def test_a_nameless_attendance_counts_like_any_other(house):
    def present() -> int:
        groups = reading.read(house.program, months(1)).scope.groups
        return sum(len(session.present) for group in groups for session in group.sessions)

    named = present()
    purging.purge(at=months(25))

    assert named == present() == 1


def test_a_program_that_goes_on_keeps_everything(house):
    Program.objects.filter(pk=house.program.pk).update(stage="running")

    purging.purge(at=months(60))

    assert Attendance.objects.get().membership == house.membership


def test_messages_days_away_and_lists_that_nobody_confirmed_go(house):
    MessageFactory(state="sent", sent_at=THEN, due_at=THEN, recipient=house.resident)
    BusyTime.objects.create(user=house.resident, kind="leave", from_at=THEN, until_at=THEN + DAY)
    with time_machine.travel(THEN, tick=False):
        PeopleImport.objects.create(program=house.program, rows=[{"n": 2, "cells": {"name": "A"}}])

    kept = purging.purge(at=THEN + 20 * DAY)
    report = purging.purge(at=months(8))

    assert not any(kept.counts.values())
    assert (report.counts["messages"], report.counts["availability"], report.counts["part"]) == (1, 1, 1)
    assert not Message.objects.exists()
    assert not BusyTime.objects.exists()
    assert PeopleImport.objects.get().rows == []


def test_people_go_a_year_after_their_last_tie_and_not_before(house):
    with time_machine.travel(THEN, tick=False):
        idle, busy = UserFactory(), UserFactory()
        AppointmentFactory(user=idle, institution=house.institution, until_on=THEN.date())
        AppointmentFactory(user=busy, institution=house.institution)
        evaluator = EvaluativeRelationFactory(institution=house.institution, resident=busy).evaluator
        left = MembershipFactory(group=house.group, state="left", left_on=THEN.date()).user
    gone = {idle.pk, left.pk, house.resident.pk}

    purging.purge(at=months(11))
    assert not User.objects.filter(erased_at__isnull=False).exists()

    report = purging.purge(at=months(13))

    erased = set(User.objects.filter(erased_at__isnull=False).values_list("pk", flat=True))
    assert erased >= gone
    assert not erased & {busy.pk, evaluator.pk, house.coordinator.pk, house.intervisor.pk}
    assert report.counts["accounts"] == len(erased)
    assert purging.purge(at=months(13)).counts["accounts"] == 0


def test_every_kind_with_a_period_is_purged_by_some_room(house):
    counted = set(purging.purge(at=THEN).counts)

    with_period = {key for key, kind in retention.load().items() if kind.period}
    assert with_period - counted == set()


def test_a_room_that_fails_holds_up_no_other_and_is_named(house, monkeypatch):
    monkeypatch.setattr("outbox.retention.purge", lambda **asked: 1 / 0)

    report = purging.purge(at=months(25))

    assert report.failed == ["outbox"]
    assert report.counts["attendance"] == 2
    with pytest.raises(CommandError, match="outbox"):
        call_command("purge")


def test_the_command_says_how_much_of_each_kind(house, capsys):
    with time_machine.travel(months(25), tick=False):
        call_command("purge")

    assert "2  Attendance and session log" in capsys.readouterr().out


def test_in_an_installation_of_several_nobody_reads_how_much_of_another_house_went(client, house):
    other = House()
    PurgeReport.objects.create(ran_at=THEN, counts={"attendance": 12}, failed=["outbox"])

    for reader in (house.officer, house.administrator, other.officer):
        client.force_login(reader)
        said = client.get(reverse("desk:purges")).content.decode()
        assert "12" not in said.partition("<tbody")[2].partition("</tbody>")[0].replace("12:00", "")
        assert "Attendance and session log" not in said
        assert "Not everything" in said


def test_few_own_texts_that_went_are_not_counted_out(client, house):
    PurgeReport.objects.create(ran_at=THEN, counts={"goal": 1, "private_line": 5})
    client.force_login(house.officer)

    said = client.get(reverse("desk:purges")).content.decode()

    assert "A learning goal: fewer than five" in said
    assert "after a session: 5"


def test_the_administrator_reads_what_each_night_let_go_of(client, house):
    PurgeReport.objects.create(ran_at=THEN, counts={"attendance": 12, "messages": 0})
    client.force_login(house.administrator)

    said = client.get(reverse("desk:purges")).content.decode()

    assert "Attendance and session log: 12" in said
    assert reverse("checklist:nights") in said
    client.force_login(house.officer)
    assert reverse("checklist:nights") not in client.get(reverse("desk:purges")).content.decode()
    assert "Messages" not in said.partition("<table")[2].partition("</table>")[0]


@pytest.mark.parametrize(
    ("who", "page", "before"),
    [
        ("administrator", "how_long", ["institution"]),
        ("officer", "how_long", ["opened"]),
        ("administrator", "purges", ["institution", "how_long"]),
        ("officer", "purges", ["opened", "how_long"]),
        ("administrator", "nights", ["institution", "purges"]),
    ],
)
def test_each_page_about_keeping_leads_back_to_where_its_reader_came_from(client, house, who, page, before):
    slug = house.institution.slug
    addresses = {
        "institution": reverse("accounts:institution", args=[slug]),
        "how_long": reverse("desk:how-long", args=[slug]),
        "opened": reverse("desk:opened"),
        "purges": reverse("desk:purges"),
        "nights": reverse("checklist:nights"),
    }
    client.force_login(getattr(house, who))

    said = client.get(addresses[page]).content.decode()
    crumbs = said.partition('class="crumbs"')[2].partition("</nav>")[0]

    assert re.findall('href="([^"]+)"', crumbs) == [addresses[name] for name in before]
    assert all(client.get(addresses[name]).status_code == 200 for name in before)
