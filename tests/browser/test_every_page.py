"""Every page of the demonstration and of the access table: no barrier, no complaint, no sideways scroll."""

from itertools import product
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from accounts.models import User
from tests.access.table import OK, rows
from tests.access.world import House
from tests.desk import demo_site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(3600)]

ROLES = ["coordinator", "intervisor", "resident", "director", "administrator", "privacy"]
LANGUAGES, WIDTHS, THEMES = ("en", "nl"), (1280, 390), ("light", "dark")
#: Letters of the mailbox bring their own look; a sent letter is looked at where mail is tested. A file is not opened.
LEFT_OUT = {
    "mailbox:letter",
    "mailbox:letter-html",
    "account_logout",
    "desk:everything-page",
    "sessions:certificate",
    "checklist:report",
    "checklist:board-report",
}
MOST_PAGES = 60
#: Pieces that come into a page after it: each must have come into one that was looked at.
PIECES = {"checklist:preparation-ring", "checklist:summary", "programs:frame-notes"}
AXE = Axe().axe_script
#: All rules in light; in dark those of colours, since nothing else is different there.
COLOURS = "{runOnly: {type: 'rule', values: ['color-contrast', 'link-in-text-block']}}"
RULES = {"light": "{}", "dark": COLOURS}
VIOLATIONS = "axe.run({resultTypes: ['violations'], ...%s}).then(({violations}) => violations)"
#: Waits until nothing moves or changes colour any more and the typeface is there.
STILL = """() => new Promise((done) => {
  const still = () => document.fonts.status === "loaded" && document.getAnimations().length === 0;
  const look = () => (still() ? done() : setTimeout(look, 20));
  requestAnimationFrame(look);
})"""
#: Brings the pieces of a page that come later: with the first touch, when seen, or when a form changes.
#: Answers with those that did not come.
STIR = """async () => {
  const later = "[hx-trigger*=load], [hx-trigger*=intersect], [hx-trigger*='change from']";
  const pieces = [...document.querySelectorAll(later)];
  const address = (piece) => piece.getAttribute("hx-get") || piece.getAttribute("hx-post");
  const missing = new Set(pieces.map(address));
  if (!missing.size) return [];
  const until = async (reached) => {
    for (let times = 0; times < 1500 && !reached(); times++) await new Promise((next) => setTimeout(next, 20));
  };
  document.addEventListener("htmx:afterSettle", ({detail}) => missing.delete(detail.requestConfig.path));
  document.dispatchEvent(new Event("pointerover"));
  await until(() => window.htmx);
  for (const piece of pieces) {
    piece.scrollIntoView();
    await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
    const form = piece.getAttribute("hx-trigger").match(/change from:(#[\\w-]+)/)?.[1];
    if (form) document.querySelector(form).dispatchEvent(new Event("change", {bubbles: true}));
  }
  await until(() => !missing.size);
  scrollTo(0, 0);
  return [...missing];
}"""


class Visitor:
    """Somebody signed in, in a browser of their own; ``findings`` is all that was wrong."""

    def __init__(self, context: BrowserContext, server: str, user: User | None) -> None:
        self.context, self.server, self.findings = context, server, list[str]()
        self.pieces = set[str | None]()
        self.page: Page = context.new_page()
        self.page.on("console", lambda said: self.hears(said))
        self.page.on("pageerror", lambda error: self.complain(str(error)))
        self.page.on("requestfinished", lambda asked: self.pieces.add(name_of(urlsplit(asked.url).path)))
        if user is not None:
            client = Client()
            client.force_login(user)
            self.cookie(settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value)

    def cookie(self, name: str, value: str) -> None:
        self.context.add_cookies([{"name": name, "value": value, "url": self.server}])

    def hears(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            self.complain(said.text)

    def complain(self, text: str) -> None:
        self.findings.append(f"{urlsplit(self.page.url).path}: {text}")

    def opens(self, path: str) -> bool:
        """Whether ``path`` is a page to look at: there, ours, HTML, and no fragment of one."""
        answer = self.page.request.get(urljoin(self.server, path))
        html = answer.headers.get("content-type", "").startswith("text/html")
        return answer.ok and html and "<html" in answer.text()

    def looks_at(self, path: str) -> None:
        for language in LANGUAGES:
            self.cookie("django_language", language)
            self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
            self.page.goto(urljoin(self.server, path))
            for piece in self.page.evaluate(STIR):
                self.complain(f"{piece} did not come")
            self.page.evaluate(AXE)
            for width, theme in product(WIDTHS, THEMES):
                self.page.set_viewport_size({"width": width, "height": 900})
                self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                self.page.evaluate(STILL)
                for rule in self.page.evaluate(VIOLATIONS % RULES[theme]):
                    where = f"{path} {language} {width} {theme}"
                    self.findings.append(f"{where}: {rule['id']} {rule['nodes'][0]['target']}")
            self.page.set_viewport_size({"width": 320, "height": 640})
            if self.page.evaluate("document.documentElement.scrollWidth") > 320:
                self.findings.append(f"{path} {language}: scrolls sideways at 320 px")

    def links(self) -> list[str]:
        found = self.page.eval_on_selector_all(
            "a[href]", "all => all.map(a => new URL(a.getAttribute('href'), location).href)"
        )
        ours = [urldefrag(address)[0] for address in found if address.startswith(self.server)]
        return [address.removeprefix(self.server) for address in ours]


def name_of(path: str) -> str | None:
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return None


def walk(visitor: Visitor, seen: set[str]) -> None:
    """Follow links from the worklist on; each kind of page is looked at once."""
    waiting, known = ["/"], set[str]()
    while waiting and len(known) < MOST_PAGES:
        path = waiting.pop(0)
        name = name_of(path)
        if name is None or name in known | LEFT_OUT or not visitor.opens(path):
            continue
        known.add(name)
        if name in seen and name != "desk:home":
            visitor.page.goto(urljoin(visitor.server, path))
        else:
            visitor.looks_at(path)
        seen.add(name)
        waiting += visitor.links()


@pytest.fixture
def hospital(settings: Any) -> None:
    settings.DEMO = True
    settings.ROOT_URLCONF = demo_site.__name__
    call_command("demo")


def test_no_page_has_a_barrier_a_complaint_or_a_sideways_scroll(
    hospital: None, live_server: Any, new_context: Any
) -> None:
    seen, findings, pieces = set[str](), list[str](), set[str | None]()
    for role in ROLES:
        visitor = Visitor(new_context(), live_server.url, User.objects.get(email=f"{role}@demo.example"))
        walk(visitor, seen)
        findings += visitor.findings
        pieces |= visitor.pieces
    stranger = Visitor(new_context(), live_server.url, None)
    walk(stranger, seen - {"desk:home"})
    findings += stranger.findings

    house = House()
    for row in rows():
        if row.method != "get" or row.right != OK or row.name in seen | LEFT_OUT or row.headers:
            continue
        visitor = Visitor(new_context(), live_server.url, getattr(house, row.by))
        path = reverse(row.name, kwargs=row.at(house))
        if visitor.opens(path):
            seen.add(row.name)
            visitor.looks_at(path)
        findings += visitor.findings
        pieces |= visitor.pieces
        visitor.context.close()

    assert len(seen) > 60, "too few pages were reached"
    assert not findings, "\n".join(findings)
    assert PIECES - pieces == set(), "pieces of pages that came into none"
