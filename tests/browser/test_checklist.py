"""The checklist at work in the browser: a start in spite of what is not met, and an evaluator found by an import."""

import re
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from programs.models import Program
from tests.checklist.stored import PLANNED_AT, by_the_book
from tests.factories.accounts import HelpContactFactory
from tests.factories.programs import ProgramCoordinatorFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(PLANNED_AT):
        yield


def sign_in(page: Page, server: str, user: User) -> None:
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [
            {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": server},
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": server},
        ]
    )


def test_a_coordinator_starts_with_two_conditions_that_are_not_met_and_why_stays(
    live_server: Any, page: Page
) -> None:
    program = by_the_book()
    HelpContactFactory(institution=program.institution)
    HelpContactFactory(institution=program.institution, kind="emergency")
    program.groups.update(closed=False)
    Program.objects.filter(pk=program.pk).update(title="Resilience", steps={"check": "done"})
    sign_in(page, live_server.url, ProgramCoordinatorFactory(program=program).user)
    page.goto(live_server.url + reverse("programs:start", args=[program.pk]))
    lines = page.locator("main input[name^='why-']")
    expect(lines).to_have_count(2)
    page.locator("main [name=note]").fill("The board knows.")
    lines.nth(0).fill("Somebody may still come from abroad.")
    send = page.get_by_role("button", name=re.compile("^Start and send"))

    page.locator("main form").last.evaluate("form => form.noValidate = true")
    send.click()

    expect(page.locator("main")).to_contain_text("Say in one line why it is so here.")
    expect(lines.nth(0)).to_have_value("Somebody may still come from abroad.")
    lines.nth(1).fill("The name is on the posters already.")
    send.click()
    expect(page.locator("body")).to_contain_text("Started. The invitations are on their way.")
    expect(page.locator("main")).to_contain_text("The name is on the posters already.")

    page.goto(live_server.url + reverse("checklist:program-layer", args=[program.pk, "preparation"]))
    expect(page.locator("main")).to_contain_text("Somebody may still come from abroad.")
    expect(page.locator("main")).to_contain_text("The name is on the posters already.")


def test_a_guide_who_is_imported_as_supervisor_of_a_member_raises_the_flag_with_what_to_do(
    live_server: Any, page: Page
) -> None:
    program = by_the_book()
    group = program.groups.get()
    guide, member = group.guides.get().user, group.memberships.first()
    assert member is not None
    sign_in(page, live_server.url, ProgramCoordinatorFactory(program=program).user)
    checklist = live_server.url + reverse("checklist:program", args=[program.pk])
    page.goto(checklist)
    expect(page.locator("main")).not_to_contain_text("Stop and look")

    page.goto(live_server.url + reverse("programs:people", args=[program.pk]))
    row = f"{member.user.name};{member.user.email};1;{guide.email}"
    page.locator("main [name=pasted]").fill(f"name;e-mail;training year;supervisors\n{row}")
    page.get_by_role("button", name="Check the list").click()
    page.get_by_role("button", name=re.compile("^Add 0 people")).click()
    expect(page.locator("body")).to_contain_text(re.compile("people in this program|changed"))

    page.goto(checklist)
    finding = page.locator("main .finding").first
    expect(finding).to_contain_text("Stop and look")
    page.get_by_role("link", name="Resolve, replace or pause").click()
    main = page.locator("main")
    expect(main).to_contain_text("Stop and look")
    for words in ("Resolve it", "Replace the person", f"Pause {group.name}"):
        expect(main.get_by_role("link", name=words)).to_be_visible()
