"""``make run`` in a folder of its own, watched from outside."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import psycopg2

from intervision.embedded.places import APPLICATION, DATABASE, Place

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PROGRAMS = {
    "web": b"granian",
    "worker": b"\0worker@%h",  # not the one for long work
    "beat": b"beat",
    "broker": b"valkey-server",
    "database": b"postgres",
}


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(condition, *, seconds):
    """The seconds until ``condition()``; fails after ``seconds``."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
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
        wait_for(lambda: self.answers() and self.children("beat"), seconds=within)
        self.processes()
        return self

    def output(self) -> str:
        return (self.var / "output").read_text()

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
        return min(number for number in self.processes() if b"intervision.supervisor" in command(number))

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
        took = wait_for(lambda: self.make.poll() is not None and not self.left(), seconds=15)
        return took
