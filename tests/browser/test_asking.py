"""Questions in the browser: a round about the climate through its three strata, and answers without a connection."""

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from checklist.assessing import assess
from intervision import clock
from outbox import kinds
from outbox.models import Message
from surveys import tallies
from surveys.actions import climate
from surveys.actions.closing import close_due
from surveys.models import ClimateRound, Stratum, Tally
from tests.access.world import House
from tests.factories.accounts import AppointmentFactory, PlacementFactory
from tests.factories.surveys import group_of, window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
SAYS = {"residents": "Strongly agree", "intervisors": "Agree", "staff": "Strongly disagree"}
HOUR = dt.timedelta(hours=1)


def sign_in(page: Page, server: str, user: Any) -> None:
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": server}])


def says(page: Page, choice: str) -> None:
    """The same for every question, then send."""
    for group in page.locator("form.questions fieldset").all():
        group.get_by_label(choice, exact=True).check()
    page.get_by_role("button", name="Send").click()


def links(server: str) -> dict[str, list[str]]:
    """What each person's mail leads to, by the group of people they are in."""
    found: dict[str, list[str]] = {who: [] for who in SAYS}
    for message in Message.objects.filter(kind=climate.ASKED).order_by("pk"):
        told: Any = kinds.find(message.kind).render(message.about_id, message.recipient, clock.now())  # type: ignore[union-attr]
        who = Stratum.objects.get(invitations=message.about_id).who
        found[who].append(server + re.sub(r"^https?://[^/]+", "", told.context["address"]))
    return found


def test_a_round_about_the_climate_runs_through_three_strata_to_what_is_shown(
    live_server: Any, page: Page, new_context: Any
) -> None:
    house = House()
    for _ in range(4):
        PlacementFactory(department=house.department)
        AppointmentFactory(institution=house.institution, role="intervisor")
    sign_in(page, live_server.url, house.coordinator)
    page.goto(live_server.url + reverse("surveys:climate", args=[house.institution.slug]))
    page.get_by_role("link", name="Ask about the climate").click()
    page.get_by_label(house.department.name).check()
    page.get_by_role("button", name="Continue").click()
    page.locator("textarea").fill("\n".join(f"staff{number}@example.org" for number in range(5)))
    page.get_by_role("button", name="Send the questions").click()
    expect(page.get_by_role("heading", name="The climate is being asked")).to_be_visible(timeout=30_000)

    visitor = new_context().new_page()
    for who, addresses in links(live_server.url).items():
        assert len(addresses) == 5
        for address in addresses:
            visitor.goto(address)
            says(visitor, SAYS[who])
            expect(visitor.get_by_text("Thank you, your answers are counted")).to_be_visible(timeout=30_000)
    end = ClimateRound.objects.get().closes_at
    assert close_due(at=end) == 1

    page.reload()
    expect(page.get_by_role("heading", name="What they said")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Needs attention", exact=True)).to_have_count(9)
    expect(page.get_by_text("Good", exact=True)).to_have_count(9 + 5)
    assert assess(house.program, end + HOUR).score.layers["climate"].usable


def test_answers_without_a_connection_stay_and_go_out_once_when_it_is_back(
    live_server: Any, page: Page
) -> None:
    group, (user,) = group_of(1, program__stage="running")
    now = clock.now()
    asked = window(group, opens_at=now - HOUR, closes_at=now + 24 * HOUR)
    sign_in(page, live_server.url, user)
    page.goto(live_server.url + reverse("surveys:answer", args=[asked.pk]))

    page.context.set_offline(True)
    says(page, "Agree")
    expect(page.get_by_text("No connection. What you chose stays")).to_be_visible(timeout=30_000)
    assert page.locator("input:checked").count() == 3
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert tallies.answers(tallies.counts(asked, Tally.objects.get())) == 0
    page.context.set_offline(False)

    expect(page.get_by_text("Thank you, your answers are counted")).to_be_visible(timeout=30_000)
    assert tallies.counts(asked, Tally.objects.get())["min-safety-felt"] == (0, 0, 0, 1, 0)
