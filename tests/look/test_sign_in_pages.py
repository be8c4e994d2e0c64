from typing import Any

import pytest
from allauth.account.models import EmailAddress
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a sentence of fifteen"
PAGES = [
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/",
    "/accounts/sessions/",
    "/accounts/hospital/",
    "/accounts/hospital/stopped/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
]


@pytest.fixture
def said(page: Page) -> list[str]:
    lines: list[str] = []
    page.on(
        "console",
        lambda message: lines.append(message.text) if message.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: lines.append(str(error)))
    return lines


def sign_in(page: Page, server: Any, onward: str) -> None:
    """Through the page itself, and through the second question that follows where ``onward`` asks for it."""
    person = UserFactory()
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    page.goto(f"{server.url}/accounts/login/?next={onward}")
    page.locator("input[name=login]").fill(person.email)
    for _ in range(2):
        if page.locator("input[name=password]").count():
            page.locator("input[name=password]").fill(PASSWORD)
            page.locator("main form:has(input[name=password]) button").first.click()
            page.wait_for_load_state()
    page.wait_for_url(f"**{onward}")


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("nl", 320)])
def test_the_pages_of_an_account_are_ours(
    live_server: Any, page: Page, said: list[str], language: str, width: int
) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, live_server, "/accounts/2fa/totp/activate/")
    assert page.locator(".qr svg path").count() > 0

    for path in PAGES:
        page.goto(live_server.url + path)
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["target"]) for rule in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator(".brand").count() == 1, path
        assert page.url.endswith(path)
    assert said == []
