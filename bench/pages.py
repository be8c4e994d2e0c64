"""CPU per request of our hot pages beside the bare floor, in one run on engines of its own.

``python -m bench.pages [REQUESTS]`` prints a table and writes var/bench.json. Milliseconds are CPU of the real web
server and of its database, so that a busy machine moves them little; what counts is the ratio to the floor.
"""

import gzip
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path

from bench.server import Server, serving

REQUESTS, ROUNDS, ROWS, WARM = 30, 5, 200, 10
MOST_TIMES, MOST_BYTES, MOST_QUERIES = 3.0, 40 * 1024, 8
#: Opened on a phone from a mail.
LIGHT, MOST_BYTES_LIGHT = {"choice of a time"}, 15 * 1024
EXPLAINED = """
x floor: CPU of the page, the web server's and the database's, in those of the bare floor asked right before it.
rows: rows of tables, list items, terms and choices on the page. rows, x: what as many rows add to the floor as a plain
table of four columns, in this run. allowed: three floors and the rows."""


@dataclass
class Line:
    name: str
    ms: float
    times: float
    rows: int
    #: What so many rows cost in the floor's plain table, in floors.
    rows_times: float
    queries: int
    first_load: int

    @property
    def allowed(self) -> float:
        return MOST_TIMES + self.rows_times

    @property
    def verdict(self) -> str:
        """What is too much, or "fits"."""
        over = {
            "time": self.times > self.allowed,
            "SQL": self.queries > MOST_QUERIES,
            "bytes": self.first_load > (MOST_BYTES_LIGHT if self.name in LIGHT else MOST_BYTES),
        }
        return ", ".join(f"too much {what}" for what, holds in over.items() if holds) or "fits"


#: Pages as a hospital has them: without the demonstration's bar and clock.
REAL = {"DEMO": "0", "HTTPS": "0", "DJANGO_SETTINGS_MODULE": "intervision.settings", "LOG_LEVEL": "CRITICAL"}


def main(requests: int) -> list[Line]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder} | REAL
        import django

        django.setup()
        with (
            demonstration() as database,
            serving(floor=True, database=database) as bare,
            serving(floor=False, database=database) as ours,
        ):
            return measure(ours, bare, requests)


@contextmanager
def demonstration() -> Iterator[int]:
    """Fill one with what a demonstration has; yields the number of its database's process."""
    from django.conf import settings

    from intervision.embedded.engines import Engines
    from tests.factories.signing_in import stand_for_both_factors

    started = Engines(settings.PLACE)
    started.start()
    try:
        filling = [sys.executable, "manage.py", "prepare"]
        subprocess.run(filling, check=True, env=os.environ | {"DEMO": "1"}, cwd=settings.BASE_DIR)
        stand_for_both_factors()
        yield started.database.pid
    finally:
        started.stop()


def measure(ours: Server, bare: Server, requests: int, only: Collection[str] = ()) -> list[Line]:
    """The floor first, then the hot pages; ``only`` these of them."""
    site, plain = Site(ours), Site(bare, floor=True)
    floor = plain.visit("coordinator", "/")
    rows = plain.visit("coordinator", f"/{ROWS}/")
    pages = {name: site.visit(role, address) for name, (role, address) in hot_pages(only).items()}
    everything = {"rows": rows, **pages}
    for visit in (floor, *everything.values()):
        visit.cpu(WARM)
    found = [beside(floor, everything, requests) for _round in range(ROUNDS)]
    ms, times = (
        {name: statistics.median(one[name][nth] for one in found) for name in everything} for nth in (0, 1)
    )
    bare_ms = statistics.median(one["rows"][0] / one["rows"][1] for one in found)
    per_row = (times["rows"] - 1) / ROWS
    return [
        Line("bare floor", round(bare_ms, 2), 1.0, 0, 0.0, queries(floor), len(gzip.compress(floor()))),
        *(line(name, visit, ms[name], times[name], per_row) for name, visit in pages.items()),
    ]


def beside(floor: "Visit", visits: "Mapping[str, Visit]", requests: int) -> dict[str, tuple[float, float]]:
    """Milliseconds of each, and their ratio to the floor asked right before it: a machine has slow moments."""
    found = {}
    for name, visit in visits.items():
        bare, ms = floor.cpu(requests), visit.cpu(requests)
        found[name] = (ms, ms / bare)
    return found


def line(name: str, visit: "Visit", ms: float, times: float, per_row: float) -> Line:
    html = visit()
    rows = len(re.findall(rb"<(?:tr|li|dt|option)\b", html))
    return Line(
        name, round(ms, 2), round(times, 2), rows, round(rows * per_row, 2), queries(visit), weight(html)
    )


class Site:
    """Ours or the floor, as the web server serves it and, for counting queries, in this process."""

    def __init__(self, server: Server, *, floor: bool = False) -> None:
        from django.core.handlers.wsgi import WSGIHandler
        from django.test import override_settings

        self.server, self.floor = server, floor
        self.settings = override_settings(**import_module("bench.floor").overrides() if floor else {})
        with self.settings:
            self.handler = WSGIHandler()

    def visit(self, role: str, address: str) -> "Visit":
        from django.conf import settings
        from django.middleware.csrf import CSRF_SECRET_LENGTH
        from django.test import Client

        from accounts.models import User

        client, user = Client(HTTP_HOST="127.0.0.1"), User.objects.get(email=f"{role}@demo.example")
        with self.settings:
            client.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
        name = settings.SESSION_COOKIE_NAME
        cookies = {name: client.cookies[name].value, settings.CSRF_COOKIE_NAME: "c" * CSRF_SECRET_LENGTH}
        return Visit(self, address, "; ".join(f"{key}={value}" for key, value in cookies.items()))


@dataclass
class Visit:
    """One page, asked by the browser of somebody signed in, that was here before."""

    site: Site
    address: str
    cookie: str

    def __call__(self) -> bytes:
        from django.test import RequestFactory

        headers = {"HTTP_COOKIE": self.cookie, "HTTP_HOST": "127.0.0.1"}
        environ = RequestFactory()._base_environ(PATH_INFO=self.address, **headers)  # type: ignore[attr-defined]
        answered: list[str] = []
        with self.site.settings:
            response = self.site.handler(environ, lambda status, sent: answered.append(status))
            body = b"".join(response)
            response.close()
        if not answered[0].startswith("200"):
            raise RuntimeError(f"{self.address} answered {answered[0]}")
        return body

    def cpu(self, requests: int) -> float:
        return self.site.server.cpu(self.address, self.cookie, requests)


def queries(visit: Visit) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as counted:
        visit()
    return len(counted)


def weight(html: bytes) -> int:
    """Bytes of a first load: the page and every file it asks for at once, compressed as they are served."""
    from django.conf import settings

    found = re.findall(rb'(?:href|src)="(/static/[^"]+)"', html)
    if b'hx-trigger="load' in html:
        found += re.findall(rb'name="htmx-source" content="(/static/[^"]+)"', html)
    total = len(gzip.compress(html))
    for name in {match.decode() for match in found}:
        file = Path(settings.STATIC_ROOT) / name.removeprefix("/static/")
        packed = file.with_name(file.name + ".gz")
        total += (packed if packed.exists() else file).stat().st_size
    return total


def hot_pages(only: Collection[str] = ()) -> dict[str, tuple[str, str]]:
    from django.urls import reverse

    from accounts.models import User
    from programs.models import Membership, Program
    from sessions.models import GroupSession

    # A copy's title goes on where the first one's ends.
    own = Program.objects.coordinated_by(User.objects.get(email="coordinator@demo.example"))
    running = own.filter(stage="running", format="intervision").order_by("title").first()
    if running is None:
        raise RuntimeError("the demonstration has no program to measure")
    group = running.groups.order_by("name").first()
    place = Membership.objects.get(user__email="resident@demo.example", program__stage="intakes")
    unlogged = GroupSession.objects.filter(group=group, state="planned").order_by("starts_at").first()
    if group is None or unlogged is None:
        raise RuntimeError("the demonstration has no group or session to measure")
    roles = ("coordinator", "intervisor", "resident", "director", "administrator")
    pages = {f"worklist, {role}": (role, "/") for role in roles} | {
        "programs": ("coordinator", reverse("programs:list")),
        "program": ("coordinator", reverse("desk:program", args=[running.pk])),
        "program, rings": ("coordinator", reverse("checklist:program", args=[running.pk])),
        "program, one layer": (
            "coordinator",
            reverse("checklist:program-layer", args=[running.pk, "preparation"]),
        ),
        "program, table": ("coordinator", reverse("checklist:program-table", args=[running.pk])),
        "group": ("coordinator", reverse("desk:group", args=[group.pk])),
        "choice of a time": ("resident", reverse("programs:my-time", args=[place.pk])),
        "log of a session": ("intervisor", reverse("sessions:log", args=[unlogged.pk])),
    }
    return {name: page for name, page in pages.items() if not only or name in only}


def table(lines: list[Line]) -> str:
    head = (
        f"{'page':24} {'CPU ms':>8} {'x floor':>8} {'rows':>6} {'rows, x':>8} {'allowed':>8} {'SQL':>5} "
        f"{'gzip kB':>8}  verdict"
    )
    text = [
        f"{one.name:24} {one.ms:8.2f} {one.times:8.2f} {one.rows:6} {one.rows_times:8.2f} {one.allowed:8.2f} "
        f"{one.queries:5} {one.first_load / 1024:8.1f}  {one.verdict}"
        for one in lines
    ]
    return "\n".join([head, *text, EXPLAINED])


if __name__ == "__main__":
    var = Path(os.environ.get("VAR_DIR") or "var")
    measured = main(int(sys.argv[1]) if sys.argv[1:] else REQUESTS)
    print(table(measured))
    var.mkdir(exist_ok=True)
    (var / "bench.json").write_text(json.dumps([asdict(one) for one in measured], indent=2) + "\n")
