"""wapiti against the demonstration, once as each visitor, each time against one that nobody has touched.

``DEEP_MINUTES`` is what one visitor's scan takes: a fifth of it to find pages, the rest to attack them. What wapiti
cannot end in two times (its own file of findings is locked where the machine is busy) is a finding, the others go on;
``python -m deep.scan coordinator`` scans again as that visitor alone. Modules
that need a host of their own on the internet (ssrf, xxe) or look for products that are not here are left out.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from deep.findings import REPORTS, ROOT, Finding, report
from deep.site import VISITORS, Site, demonstration

MINUTES = float(os.environ.get("DEEP_MINUTES", "3"))
WAPITI = ROOT / ".venv-deep" / "bin" / "wapiti"
MODULES = (
    "cookieflags", "csp", "http_headers", "csrf", "methods", "htaccess", "crlf", "redirect", "xss", "permanentxss",
    "sql", "exec", "file", "ldap", "upload", "backup",
)  # fmt: skip
#: As deep.site.ENDING, in wapiti's words.
LEFT_OUT = (
    "accounts/logout/*", "accounts/sessions/*", "accounts/2fa/*", "accounts/reauthenticate/*", "me/sign-ins/*",
    "my-data/erase/*", "my-data/end/*", "demo/clock/*", "demo/mail/*", "demo/", "demo/?*", "link/*", "static/*",
)  # fmt: skip


#: What is the same for everybody is attacked once.
ONLY_ANONYMOUS = ("language/*", "theme/*", "accounts/login/*", "accounts/password/*")


def scan(site: Site, as_: str) -> tuple[list[Finding], str]:
    visitor, starts = site.come_in(as_)
    home = f"http://127.0.0.1:{site.port}/"
    REPORTS.mkdir(parents=True, exist_ok=True)
    written, log = REPORTS / f"wapiti-{as_}.json", REPORTS / f"wapiti-{as_}.txt"
    seconds = 60 * MINUTES
    left_out = LEFT_OUT if as_ == "anonymous" else LEFT_OUT + ONLY_ANONYMOUS
    command = [
        str(WAPITI), "--url", home, "--module", ",".join(MODULES), "--format", "json", "--output", str(written),
        "--max-scan-time", str(seconds / 5), "--max-attack-time", str(seconds * 4 / 5 / len(MODULES)),
        "--max-files-per-dir", "20", "--max-parameters", "60", "--tasks", "4", "--timeout", "30",
        "--skip", "csrfmiddlewaretoken",
        "--cookie", str(cookies(site, visitor.cookies)), "--no-bugreport", "--endpoint", home,
        "--store-config", str(site.var / "wapiti-config"),
        *(part for path in starts for part in ("--start", home + path.lstrip("/"))),
        *(part for path in left_out for part in ("--exclude", home + path)),
    ]  # fmt: skip
    if ended := first_that_ends(command, site, log):
        return [Finding("wapiti", f"ended with {ended}", as_, str(log))], f"{as_}: not scanned to the end."
    return read(json.loads(written.read_text()), site, as_)


def first_that_ends(command: list[str], site: Site, log: Path) -> int:
    """How wapiti ended: begun anew once, with a file of its own, where it did not end well."""
    ended = 1
    for time in ("first", "second"):
        with log.open("w") as output:
            store = ["--store-session", str(site.var / f"wapiti-{time}")]
            ended = subprocess.run([*command, *store], cwd=ROOT, stdout=output, stderr=output).returncode
        if not ended:
            break
    return ended


def cookies(site: Site, held: dict[str, str]) -> Path:
    blank = {"expires": None, "secure": False, "port": None, "version": 0}
    path = site.var / "cookies.json"
    path.write_text(json.dumps({"127.0.0.1": {"/": {name: blank | {"value": held[name]} for name in held}}}))
    return path


def read(told: dict, site: Site, as_: str) -> tuple[list[Finding], str]:
    found = [
        Finding(
            "wapiti",
            kind,
            f"{one['method']} {one['path'].split('?')[0]}",
            f"{as_}: {one['info']} {one['parameter']}",
        )
        for part in ("vulnerabilities", "anomalies")
        for kind, each in told[part].items()
        for one in each
    ]
    found += [Finding("log", "error", as_, line) for line in site.faults()]
    return (
        found,
        f"{as_}: {told['infos']['crawled_pages_nbr']} pages, {len(found)} findings; {site.figures()}.",
    )


def main() -> None:
    found, figures = [], []
    for as_ in sys.argv[1:] or VISITORS:
        with demonstration() as site:
            here, figure = scan(site, as_)
        print(figure, *here, sep="\n", flush=True)
        found += here
        figures.append(figure)
    report("scan", found, figures)


if __name__ == "__main__":
    main()
