import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.look import pages

pytestmark = [pytest.mark.urls("tests.look.pages"), pytest.mark.django_db(transaction=True)]

PAGES = [
    "/gallery/",
    "/gallery/?said",
    "/light/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/nowhere/",
]


@pytest.fixture
def listened(page: Page) -> Iterator[list[str]]:
    """What the console said; a refused status is the page's own answer and no fault of it."""
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    yield said
    assert [line for line in said if "Failed to load resource" not in line] == []


def open_all(page: Page, server: Any, language: str) -> Iterator[str]:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": server.url}])
    for path in PAGES:
        page.goto(server.url + path)
        yield path
    page.goto(f"{server.url}/gallery/")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector(".errors")
    yield "/gallery/ with errors"


@pytest.mark.parametrize(
    ("width", "language", "theme"),
    [(390, "nl", "light"), (390, "en", "dark"), (1280, "en", "light"), (1280, "nl", "dark")],
)
def test_no_page_has_a_barrier_or_a_complaint(
    live_server: Any, page: Page, listened: list[str], width: int, language: str, theme: str
) -> None:
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 900})

    for where in open_all(page, live_server, language):
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["target"]) for rule in found] == [], where


def test_no_page_scrolls_sideways_on_the_smallest_phone(live_server: Any, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})

    for where in open_all(page, live_server, "nl"):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, where


def test_what_a_finger_hits_is_large_enough(live_server: Any, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/light/")

    low = page.eval_on_selector_all(
        "button, label.choice, .help, summary",
        "all => all.filter(e => e.offsetHeight < 44).map(e => e.outerHTML)",
    )

    assert low == []


@pytest.mark.parametrize(
    ("path", "limit"), [("/gallery/", 40_000), ("/accounts/login/", 40_000), ("/light/", 15_000)]
)
def test_a_first_load_is_small_and_from_one_host(live_server: Any, page: Page, path: str, limit: int) -> None:
    loaded: dict[str, int] = {}

    def weigh(response: Any) -> None:
        body = response.body()
        loaded[response.url] = len(body) if response.url.endswith(".woff2") else len(gzip.compress(body, 9))

    page.on("response", weigh)
    page.goto(live_server.url + path, wait_until="networkidle")

    assert sum(loaded.values()) <= limit, loaded
    assert all(url.startswith(live_server.url) for url in loaded)


def test_errors_get_the_focus_and_lead_to_their_fields(live_server: Any, page: Page) -> None:
    page.goto(f"{live_server.url}/gallery/")
    page.get_by_role("button", name="Save").click()

    expect(page.locator(".errors")).to_be_focused()
    assert page.title().startswith("Error:")
    page.locator(".errors").get_by_role("link", name="Slot").click()
    expect(page.locator("#id_slot_0_0")).to_be_focused()


def test_a_double_click_sends_once(live_server: Any, page: Page) -> None:
    pages.received.clear()
    page.goto(f"{live_server.url}/gallery/")
    page.get_by_label("Title").fill("twice")
    page.get_by_role("button", name="Save").dblclick()
    page.wait_for_selector(".errors")

    assert pages.received == ["twice"]


def test_the_language_switch_keeps_the_page_and_what_was_typed(live_server: Any, page: Page) -> None:
    page.goto(f"{live_server.url}/gallery/?sort=name")
    page.get_by_label("Title").fill("Half a sentence")
    page.get_by_text("12:00–12:45").click()
    page.get_by_label("Errors").check()
    page.get_by_role("button", name="Nederlands").click()

    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page.get_by_role("link", name="Ik wil met iemand praten")).to_be_visible()
    assert page.url.endswith("?sort=name")
    expect(page.get_by_label("Title")).to_have_value("Half a sentence")
    expect(page.locator("input[name=slot][value='2']")).to_be_checked()
    expect(page.get_by_label("Errors")).to_be_checked()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".errors")).to_be_focused()


def test_colours_change_at_once_and_stay(live_server: Any, page: Page) -> None:
    page.goto(f"{live_server.url}/gallery/")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Dark").click()
    after = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()

    assert before != after
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == after
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")


def test_escape_closes_an_open_menu_and_returns_the_focus(live_server: Any, page: Page) -> None:
    page.goto(f"{live_server.url}/gallery/")
    page.evaluate(
        "document.querySelector('.end').insertAdjacentHTML('beforeend',"
        " '<details class=menu><summary>Me</summary><ul><li><a href=/x>Out</a></li></ul></details>')"
    )
    page.get_by_text("Me", exact=True).click()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    assert page.locator("details.menu").get_attribute("open") is None
    expect(page.locator("details.menu summary")).to_be_focused()


@pytest.fixture
def plain(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(java_script_enabled=False)
    yield context
    context.close()


def test_the_switches_work_without_script(live_server: Any, plain: BrowserContext) -> None:
    page = plain.new_page()
    page.goto(f"{live_server.url}/gallery/?sort=name")
    page.get_by_role("button", name="Dark").click()
    page.get_by_role("button", name="Nederlands").click()

    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.url.endswith("/gallery/?sort=name")


def test_the_switch_leads_to_no_page_of_others(live_server: Any, client: Any) -> None:
    answer = client.post("/theme/", {"theme": "dark", "next": "https://example.org/"})

    assert answer["Location"] == "/"


def test_paper_has_no_navigation(live_server: Any, page: Page) -> None:
    page.goto(f"{live_server.url}/gallery/")
    page.emulate_media(media="print")

    for gone in (".top", ".bottom", ".search", ".actions"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator("svg.rings").first).to_be_visible()
