"""Finds a browser for the tests, or gets one: ``python -m tests.chromium``.

Playwright's driver needs libatomic, which a small Debian lacks and its chromium does not bring.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

HOW = "set CHROMIUM=/path/to/chromium, or leave the browser out with make test-fast"


def found() -> str | None:
    """The browser to start: CHROMIUM, or the system's; None where Playwright's own is to be used."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def has_libatomic() -> bool:
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def has_own() -> bool:
    """Whether Playwright has installed a browser of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def try_apt() -> bool:
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return False
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    wanted = ["install", "--yes", "--no-install-recommends", "chromium", "libatomic1"]
    return all(is_done([*apt, *words]) for words in (["update"], wanted))


def try_playwright() -> bool:
    return is_done([sys.executable, "-m", "playwright", "install", "chromium"])


def is_done(command: list[str]) -> bool:
    unasked = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, stdout=subprocess.DEVNULL, env=unasked).returncode == 0


def main() -> str | None:
    """Make sure there is a browser. Returns why there is none, in one line."""
    if os.environ.get("CHROMIUM"):
        there = shutil.which(os.environ["CHROMIUM"])
        return None if there else f"CHROMIUM={os.environ['CHROMIUM']} is no program: {HOW}"
    if has_libatomic() and (found() or has_own()):
        return None
    print("Getting a browser for the tests ...", flush=True)  # noqa: T201
    if try_apt() or (has_libatomic() and try_playwright()):
        return None
    return f"No browser for the tests, and none could be installed here: {HOW}"


if __name__ == "__main__":
    sys.exit(main())
