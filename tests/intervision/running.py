"""``make run`` in a folder of its own, watched from outside."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import closing, suppress
from pathlib import Path

import psycopg2

from intervision.embedded.places import APPLICATION, DATABASE, Place

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PROGRAMS = {
    "web": b"granian",
    "worker": b"\0worker@%h",  # not the one for long work
    "beat": b"\0beat\0",  # not a worker, which goes without heartbeat
    "broker": b"valkey-server",
    "database": b"postgres",
}


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(condition, *, seconds, otherwise=str):
    """The seconds until ``condition()``; fails after ``seconds``, saying ``otherwise()``."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"not within {seconds} s\n{otherwise()}"
        time.sleep(0.05)
    return time.monotonic() - began


def parents() -> dict[int, int]:
    """Every process of the machine with its parent."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, rest = stat.read_text().split(" (", 1)
            state, parent = rest.rsplit(") ", 1)[1].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            found[int(number)] = int(parent)
    return found


def command(number: int) -> bytes:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


class Running:
    """One ``make run``. ``seen`` gathers every process it ever had, so that none is overlooked at the end."""

    def __init__(self, var: Path, **variables: str) -> None:
        self.var, self.port = var, free_port()
        self.place = Place(var)
        self.variables = {
            "VAR_DIR": str(var),
            "PORT": str(self.port),
            "DEMO": "0",
            "LOG_LEVEL": "ERROR",
        } | variables
        self.seen: set[int] = set()

    def launch(self) -> None:
        ours = {
            "DATABASE_URL",
            "DATABASE_OWNER_URL",
            "REDIS_URL",
            "SECRET_KEY",
            "DJANGO_SETTINGS_MODULE",
            "HTTPS",
            "TEST_ENGINES",
        }
        env = {name: value for name, value in os.environ.items() if name not in ours} | self.variables
        self.var.mkdir(parents=True, exist_ok=True)
        with (self.var / "output").open("ab") as output:
            self.make = subprocess.Popen(
                ["make", "run"], cwd=CHECKOUT, env=env, stdout=output, stderr=output, start_new_session=True
            )

    def start(self, *, within: float = 90) -> "Running":
        self.launch()
        wait_for(self.is_up, seconds=within, otherwise=self.output)
        self.processes()
        return self

    def is_up(self) -> bool:
        assert self.make.poll() is None, f"make run ended by itself\n{self.output()}"
        return self.answers() and bool(self.children("beat"))

    def output(self) -> str:
        return (self.var / "output").read_text()

    def what_is_left(self) -> str:
        return f"left: {self.left()}\n{self.output()}"

    def processes(self) -> set[int]:
        """make and everything below it, now."""
        family, known = parents(), {self.make.pid}
        while more := {child for child, parent in family.items() if parent in known} - known:
            known |= more
        self.seen |= known
        return {number for number in known if number in family}

    def children(self, name: str) -> list[int]:
        """The processes of one program, the oldest first."""
        return sorted(number for number in self.processes() if PROGRAMS[name] in command(number))

    @property
    def supervisor(self) -> int:
        family = parents()
        return next(number for number in self.processes() if family.get(number) == self.make.pid)

    def kill(self) -> None:
        """Whatever a failed test left, so that the next one starts on its own."""
        for number in self.left():
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)

    def left(self) -> dict[int, bytes]:
        """What of everything seen still runs."""
        family = parents()
        return {number: command(number) for number in self.seen if number in family}

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
                return int(response.status)
        except urllib.error.HTTPError as refusal:
            return refusal.code

    def query(self, statement: str) -> list[tuple]:
        connection = psycopg2.connect(host=str(self.place.sockets), user=APPLICATION, dbname=DATABASE)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def has_database(self) -> bool:
        try:
            return self.query("select 1") == [(1,)]
        except psycopg2.OperationalError:
            return False

    def end(self, number: signal.Signals = signal.SIGINT) -> float:
        """Ctrl-C in its terminal; the seconds until nothing is left."""
        self.processes()
        os.killpg(self.make.pid, number)
        return self.gone()

    def gone(self) -> float:
        """The seconds until make and all it ever started have ended; fails when something stays."""
        return wait_for(
            lambda: self.make.poll() is not None and not self.left(), seconds=30, otherwise=self.what_is_left
        )
