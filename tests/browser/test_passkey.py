"""A passkey in a real browser, with an authenticator that exists only there."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.test_second_factor import PASSWORD, with_password
from tests.factories.accounts import AppointmentFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def with_authenticator(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    always = {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device | always})


def test_somebody_with_a_role_sets_up_a_passkey_and_then_signs_in_with_it_alone(
    live_server: Any, page: Page
) -> None:
    user = with_password(AppointmentFactory().user)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with_authenticator(page)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])

    page.goto(f"{live_server.url}/accounts/login/?next=/programs/")
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Use a passkey").click()
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    page.get_by_role("link", name="I kept them: go on").click()

    page.goto(f"{live_server.url}/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{live_server.url}/accounts/login/?next=/programs/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page).to_have_url(re.compile("/programs/$"))
    assert complaints == []
