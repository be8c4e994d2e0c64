"""A demonstration of our own, and somebody at its door in each role."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from deep.findings import ROOT
from intervision.embedded import children

ROLES = ("resident", "intervisor", "coordinator", "administrator", "director", "independent", "privacy")
#: Everybody the steps come in as; "link" came by a personal link, and reaches one place only.
VISITORS = ("anonymous", "link", *ROLES)
FORM = "application/x-www-form-urlencoded"
#: What ends the visit itself: signing out, ending a sign-in, erasing oneself, coming in by another's link; and the
#: clock, which moves everything.
#: The pages are visited, their buttons are left to tests/access/test_fuzz.py.
ENDING = re.compile(
    r"^/(accounts/(logout|sessions|reauthenticate|2fa)|me/sign-ins|my-data/(erase|end)|demo/clock|demo/mail|demo/$|link)"
)


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


@dataclass
class Visitor:
    """A browser as far as the steps need one: it keeps cookies and follows nothing by itself."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, address: str, body: bytes | None = None, kind: str = FORM, **headers: str
    ) -> Answer:
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        sent |= {"Content-Type": kind} if body is not None else {}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, address, body, sent | headers)
            answer = connection.getresponse()
            told = Answer(answer.status, answer.getheaders(), answer.read())
        self.keep(told)
        return told

    def keep(self, answer: Answer) -> None:
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}

    def send(self, address: str, fields: dict[str, str]) -> Answer:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.ask("GET", address).text)
        said = fields | {"csrfmiddlewaretoken": token[1] if token else ""}
        return self.ask("POST", address, urlencode(said).encode())


@dataclass
class Site:
    port: int
    var: Path

    def come_in(self, as_: str) -> tuple[Visitor, list[str]]:
        """A visitor, and where the visit begins."""
        visitor = Visitor(self.port)
        if as_ == "link":
            return visitor, [self.follow_link(visitor)]
        if as_ != "anonymous" and visitor.send("/demo/", {"email": f"{as_}@demo.example"}).status != 302:
            raise RuntimeError(f"no sign-in as {as_}")
        return visitor, ["/", "/programs/", "/my-data/", "/me/", "/help/", "/accounts/login/"]

    def follow_link(self, visitor: Visitor) -> str:
        """Use the first personal link in the demonstration's letters that opens; the page it leads to.

        The letters leave by the worker, a while after the pages answer.
        """
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            for address in self.links():
                answer = visitor.send(address, {})
                if answer.status == 302 and answer.header("location").startswith("/"):
                    return answer.header("location")
            time.sleep(2)
        raise RuntimeError("no personal link opens")

    def links(self) -> list[str]:
        letters = "".join(path.read_text() for path in sorted((self.var / "mail").glob("*.eml")))
        return sorted(set(re.findall(r"/link/[\w.-]+/", letters.replace("=\n", ""))))

    def lines(self) -> list[str]:
        return (self.var / "output").read_text(errors="replace").splitlines()

    def faults(self) -> list[str]:
        """What the application wrote about itself that is not right. That it refused too much is right."""
        wrong = re.compile(r'"level": "(error|critical)"|"status": 5|Traceback')
        return [line for line in self.lines() if wrong.search(line) and "django.security" not in line]

    def figures(self) -> str:
        """How many requests were answered, and how."""
        answers = Counter(re.findall(r'"status": (\d)', "\n".join(self.lines())))
        return f"{sum(answers.values())} requests, " + ", ".join(
            f"{count} x {kind}xx" for kind, count in sorted(answers.items())
        )


@contextmanager
def demonstration() -> Iterator[Site]:
    """``make run`` with an installation of its own, filled as everybody's, and nothing left of it afterwards."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="deep-") as folder:
        var = Path(folder)
        var.chmod(0o755)  # the engine's user must reach its own files in it
        ours = {
            name: value for name, value in os.environ.items() if not name.endswith(("_URL", "SECRET_KEY"))
        }
        env = ours | {"VAR_DIR": folder, "PORT": str(port), "DEMO": "1", "LOG_LEVEL": "INFO"}
        with (var / "output").open("wb") as output:
            command = (sys.executable, "-m", "intervision.supervisor")
            running = children.spawn(command, death=signal.SIGTERM, cwd=ROOT, env=env, output=output.fileno())
        try:
            wait_for(port, running)
            yield Site(port, var)
        finally:
            children.stop([(running, signal.SIGTERM)], within=60)


def wait_for(port: int, running: subprocess.Popen[bytes]) -> None:
    """Filling it takes half a minute, more where the machine has other work."""
    deadline = time.monotonic() + 300
    while not is_up(port):
        if children.ended(running) or time.monotonic() > deadline:
            raise RuntimeError("the demonstration does not start")
        time.sleep(0.5)


def is_up(port: int) -> bool:
    try:
        return Visitor(port).ask("GET", "/healthz").status == 200
    except OSError:
        return False
