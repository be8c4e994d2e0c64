"""A coordinator moves the size to seven and sees the ring change, with and without script."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.checklist.stored import evening_booster
from tests.factories.programs import ProgramCoordinatorFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opened(new_context: Any, server: str, *, script: bool) -> Page:
    program = evening_booster()
    client = Client()
    client.force_login(ProgramCoordinatorFactory(program=program).user)
    known = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.SESSION_COOKIE_NAME: known, settings.LANGUAGE_COOKIE_NAME: "en"}
    context = new_context(java_script_enabled=script)
    context.add_cookies([{"name": name, "value": value, "url": server} for name, value in cookies.items()])
    page: Page = context.new_page()
    page.goto(server + reverse("checklist:program", args=[program.pk]))
    page.get_by_role("link", name="What if", exact=True).click()
    return page


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_ring_changes_when_seven_is_tried(new_context: Any, live_server: Any, script: bool) -> None:
    page = opened(new_context, live_server.url, script=script)
    size, rings = page.get_by_label("People in a group"), page.locator("#supposed svg[role=group]").last
    composition = rings.locator("a").filter(has_text="Group composition")
    expect(size).to_have_value("12")
    expect(
        page.get_by_role("status").filter(has_text="Change something to see what it does.")
    ).to_be_visible()
    before, drawn = composition.text_content(), rings.inner_html()

    size.fill("7")
    size.press("Tab")
    if not script:
        page.get_by_role("button", name="Show what changes").click()

    expect(page.get_by_role("status").filter(has_text="1 better, 0 worse")).to_be_visible(timeout=60_000)
    expect(composition).not_to_have_text(before or "", timeout=60_000)
    assert rings.inner_html() != drawn
    expect(size).to_have_value("7")
    expect(page.locator("#supposed")).to_contain_text("Form groups of five to seven residents.")
