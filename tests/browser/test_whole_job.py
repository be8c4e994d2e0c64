"""From an empty database to a logged session, with each person at a browser of their own."""

import datetime as dt
import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from playwright.sync_api import Browser

from programs.models import Group, Guide, Membership, Program
from programs.tasks import advance
from sessions.tasks import hourly
from tests.browser import coordinating, guiding, hospital, joining, taking_part
from tests.browser.steps import Person
from tests.outbox.post_office import PostOffice

logger = logging.getLogger(__name__)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def post(settings: Any) -> Iterator[PostOffice]:
    with PostOffice() as office:
        settings.EMAIL_BACKEND = "outbox.smtp.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        yield office


def deliver() -> None:
    """What the beat does: programs and sessions move on, and what is due leaves."""
    advance()
    hourly()
    call_command("run_due", stdout=io.StringIO())


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def people(request: Any, browser: Browser, live_server: Any, post: PostOffice, settings: Any) -> Any:
    settings.BASE_URL = live_server.url

    known: list[Person] = []

    def person(email: str, width: int = 1280) -> Person:
        known.append(Person(browser, live_server.url, post, email, width=width, script=request.param))
        return known[-1]

    yield person
    for one in known:  # shown only when the test fails
        logger.warning("%s at %s\n%s", one.email, one.page.url, one.page.locator("body").inner_text())
        one.context.close()


@time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC))
def test_a_program_runs_end_to_end(people: Any) -> None:
    administrator, coordinator = people("beheer@noord.example"), people("carla@noord.example")

    coordinating.opens_the_house(administrator, first_invitation(administrator.email))
    coordinating.invites_a_coordinator(administrator, coordinator.email)
    deliver()
    coordinator.opens_the_link_of("Your invitation").signs_in_for_the_first_time()

    program = coordinating.frames_a_program(coordinator)
    coordinating.imports_the_residents(coordinator, program)
    coordinating.fills_the_directory(coordinator, program)
    coordinating.composes_groups(coordinator, program)

    groups = Group.objects.filter(program=program).order_by("name")
    coordinating.plans_dates(coordinator, program, [str(group.pk) for group in groups])

    coordinating.writes_the_ground_rules(coordinator, program)

    lead = Guide.objects.filter(group__program=program).order_by("group__name").first()
    assert lead is not None
    guide = people(lead.user.email, width=820)
    guiding.is_invited(administrator, lead.user.name)
    deliver()
    guiding.signs_in_for_the_first_time(guide)
    guiding.offers_times(guide, program)
    coordinating.reserves_a_time_for_everybody(coordinator, program)
    coordinating.starts(coordinator, program)
    deliver()
    planned = coordinating.reads_the_checklist(coordinator, program)

    booked = (
        Membership.objects.filter(group=lead.group, intake_slot__isnull=False).order_by("user__email").first()
    )
    assert booked is not None
    resident = people(booked.user.email, width=390)
    taking_part.comes_by_link(resident)
    taking_part.keeps_the_time(resident)
    taking_part.fills_the_week(resident)
    taking_part.changes_the_time(resident)

    others = [str(group.pk) for group in groups if group.pk != lead.group_id]
    joining.closes_all_but(coordinator, program, others)
    key = Program.objects.get(pk=program).join_key
    newcomer, third = people("noor@noord.example", width=390), people("thijs@noord.example", width=390)
    joining.asks_for_the_way_in(newcomer, key)
    joining.asks_for_the_way_in(third, key)
    deliver()
    joining.says_who_they_are(newcomer, "Noor Later")
    joining.says_who_they_are(third, "Thijs Third")
    joining.takes_the_last_place(newcomer)
    joining.agrees_to_the_ground_rules(newcomer)
    joining.comes_too_late_and_waits(third)

    with time_machine.travel(dt.datetime(2026, 12, 18, 17, tzinfo=dt.UTC)):
        guiding.records_the_intakes(guide, program)
    with time_machine.travel(dt.datetime(2026, 12, 24, 9, tzinfo=dt.UTC)):
        deliver()
    with time_machine.travel(dt.datetime(2027, 1, 9, 17, tzinfo=dt.UTC)):
        deliver()
    assert "Your group meets soon" in [str(letter["Subject"]) for letter in resident.letters()]
    with time_machine.travel(dt.datetime(2027, 1, 11, 14, 50, tzinfo=dt.UTC)):
        deliver()
        assert Program.objects.get(pk=program).stage == Program.Stage.RUNNING
        guiding.logs_the_session(guide, str(lead.group_id))
        coordinating.adds_somebody(coordinator, program, others[0])
        coordinating.pauses_somebody(coordinator, program, str(booked.pk))
        assert coordinating.reads_the_checklist(coordinator, program) != planned


def first_invitation(email: str) -> str:
    said = io.StringIO()
    call_command("invite_administrator", email, institution=hospital.HOUSE, stdout=said)
    return said.getvalue().strip()
