"""Pictures of each role's main pages for the README: ``make pictures`` writes docs/pictures/.

A demonstration of its own is started, so that the pictures show what ``make run`` shows.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
PROGRAM = "Intervisie 2026: eerste ronde"
#: By role: the name of a picture, and the names of the links to follow from the worklist.
PAGES: dict[str, dict[str, list[str | re.Pattern[str]]]] = {
    "coordinator": {
        "worklist": [],
        "program": [PROGRAM],
        "checklist": [PROGRAM, "What is met, what is not, and what to do next"],
        "group": [PROGRAM, re.compile("^Gro(up|ep) 1$")],
        "new-program": ["New program"],
    },
    "intervisor": {"worklist": [], "log": ["Log"]},
    "resident": {"worklist": [], "answer": ["See and answer"]},
    "director": {"worklist": [], "all-programs": ["All programs"]},
    "administrator": {"worklist": [], "institution": ["Hours, days closed and whom to call"]},
}


@contextmanager
def demonstration() -> Iterator[str]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environ = os.environ | {"VAR_DIR": folder, "PORT": str(port), "LOG_LEVEL": "CRITICAL"}
        server = subprocess.Popen([sys.executable, "-m", "intervision.supervisor"], env=environ)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/healthz")
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def wait_for(address: str) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(address)


def picture(browser: Browser, address: str, role: str, size: str, theme: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, base_url=address, locale="en-GB"
    )
    page = context.new_page()
    page.goto("/demo/")
    page.locator(f"button[value='{role}@demo.example']").click()
    for name, links in PAGES[role].items():
        page.goto("/")
        for link in links:
            follow(page, link)
        page.wait_for_load_state("networkidle")
        page.wait_for_function("document.fonts.status === 'loaded'")
        page.screenshot(
            path=FOLDER / f"{role}-{name}-{size}-{theme}.jpg", type="jpeg", quality=78, animations="disabled"
        )
    context.close()


def follow(page: Page, link: str | re.Pattern[str]) -> None:
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name=link).first.click()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.jpg"):
        old.unlink()
    sandbox = [] if os.getuid() else ["--no-sandbox"]
    with demonstration() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.found(), args=sandbox)
        for role in PAGES:
            for size in SIZES:
                for theme in ("light", "dark"):
                    picture(browser, address, role, size, theme)
        browser.close()
    print(f"{len(list(FOLDER.glob('*.jpg')))} pictures in {FOLDER}")  # noqa: T201


if __name__ == "__main__":
    main()
