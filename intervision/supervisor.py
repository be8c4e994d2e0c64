"""``make run``: starts everything, starts again what falls over, and stops everything with itself.

Knows nothing of Django; what needs it is a child. Should this process be killed, the kernel signals each
child, and this process should make be killed, so that nothing is left running.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from intervision.embedded import children, postgres, secret, valkey
from intervision.embedded.engines import wait_until
from intervision.embedded.places import Place

CHECKOUT = Path(__file__).resolve().parent.parent
PORTS = range(8000, 8010)
GRACE = 3.0  # seconds for pages and tasks that are being worked on
STEADY = 10.0  # seconds; a child that ended sooner than this is falling over
LONGEST_PAUSE = 5.0  # seconds before a child that keeps falling over is started again


class Refusal(Exception):
    """Why nothing was started, in one line for the person at the keyboard."""


class Stop(Exception):
    """Somebody asked us to stop."""


@dataclass
class Program:
    """One child: how it starts, and the signal that stops it."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    sign: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float | None = None
    pause: float = 0.0

    def run(self) -> None:
        self.process = self.start()
        self.started_at = time.monotonic()

    def heal(self) -> None:
        """Start it again if it has ended: at once, or after a growing pause if it keeps falling over."""
        if self.process is None or not children.ended(self.process):
            return
        now = time.monotonic()
        if self.due_at is None:
            say(f"{self.name} ended with status {self.process.returncode}; starting it again")
            self.pause = 0.0 if now - self.started_at > STEADY else min(self.pause + 1, LONGEST_PAUSE)
            self.due_at = now + self.pause
        if now >= self.due_at:
            self.due_at = None
            self.run()


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


class Ear:
    """Hears SIGINT and SIGTERM, and tells them at our next pause.

    A handler that raised would do so wherever Python happened to be, and some places swallow it.
    """

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.hear)

    def hear(self, number: int, frame: object) -> None:
        self.asked = True

    def pause(self, seconds: float) -> None:
        """Wait, and raise Stop if somebody has asked for it."""
        time.sleep(seconds)
        if self.asked:
            raise Stop


@contextmanager
def alone(var: Path) -> Iterator[None]:
    var.mkdir(parents=True, exist_ok=True)
    with (var / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal("Already running in this checkout.") from None
        yield


def is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose_port(wished: str) -> int:
    """The port in PORT, or the first free one from 8000 on."""
    if wished and not (wished.isdigit() and 0 < int(wished) < 65536):
        raise Refusal(f"PORT must be a number from 1 to 65535, not {wished!r}.")
    for port in [int(wished)] if wished else PORTS:
        if is_free(port):
            return port
    taken = wished or f"{PORTS[0]} to {PORTS[-1]}"
    raise Refusal(f"Port {taken} is in use. Choose another one: make run PORT=9000")


def environment(var: Path, port: int) -> dict[str, str]:
    """What the children read. The demonstration is on by itself only with an engine of our own.

    The same is left in var/env for commands typed in this checkout.
    """
    own_database = "DATABASE_URL" not in os.environ
    chosen = {"BASE_URL": f"http://127.0.0.1:{port}", "HTTPS": "0"}
    if own_database:
        chosen["DEMO"] = "1"
    chosen |= {name: os.environ[name] for name in chosen if name in os.environ}
    (var / "env").write_text("".join(f"{name}={value}\n" for name, value in chosen.items()))
    if not own_database and "SECRET_KEY" not in os.environ:
        chosen["SECRET_KEY"] = secret.kept_in(var / "secret-key")
    quiet_root = "ignore:You're running the worker with superuser privileges"
    return os.environ | chosen | {"VAR_DIR": str(var), "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": quiet_root}


class Supervisor:
    def __init__(self, var: Path, port: int, pause: Callable[[float], None]) -> None:
        self.var, self.port, self.place, self.pause = var, port, Place(var), pause
        self.env = environment(var, port)
        self.engines: list[Program] = []
        self.programs: list[Program] = []

    def python(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = (sys.executable, *arguments)
        return children.spawn(command, death=signal.SIGTERM, cwd=CHECKOUT, env=self.env)

    def celery(self, *arguments: str) -> subprocess.Popen[bytes]:
        return self.python("-m", "celery", "--app", "intervision.celery", "--quiet", *arguments)

    def worker(self, name: str, queue: str) -> Program:
        lean = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        arguments = ("worker", "--queues", queue, "--hostname", f"{name}@%h", "--concurrency", "1", *lean)
        return Program(name, lambda: self.celery(*arguments))

    def start_engines(self) -> None:
        database = Program("database", lambda: postgres.start(self.place), postgres.STOP)
        broker = Program("broker", lambda: valkey.start(self.place), valkey.STOP)
        if "REDIS_URL" not in os.environ:
            self.engines.append(broker)
            broker.run()
        if "DATABASE_URL" not in os.environ:
            postgres.settle(self.place)
            self.engines.append(database)
            database.run()
            server = database.process
            if server is not None:
                wait_until(lambda: postgres.is_ready(self.place, server), server, "PostgreSQL", self.pause)
            postgres.make_roles(self.place)

    def prepare(self) -> None:
        """Migrate, compile, collect, and fill an empty demonstration; Refusal when it fails."""
        preparing = Program("preparation", lambda: self.python("manage.py", "prepare"))
        self.programs = [preparing]
        preparing.run()
        while preparing.process is not None and not children.ended(preparing.process):
            self.pause(0.02)
        self.programs = []
        if preparing.process is None or preparing.process.returncode:
            raise Refusal("Preparing the database failed; the lines above say why.")

    def start_web(self) -> None:
        threads = ("--workers", "2", "--blocking-threads", "2", "--no-ws", "--respawn-failed-workers")
        # One that was signalled while it started can miss it, and would outlive us if we are killed.
        ending = ("--workers-kill-timeout", str(round(GRACE)))
        where = ("--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning")
        target = ("--interface", "wsgi", "intervision.wsgi:application")
        web = Program("web", lambda: self.python("-m", "granian", *threads, *ending, *where, *target))
        self.programs.append(web)
        web.run()
        while not self.answers():
            web.heal()
            self.pause(0.05)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def start_background(self) -> None:
        (self.var / "beat").mkdir(exist_ok=True)
        schedule = str(self.var / "beat" / "schedule")
        beat = Program("beat", lambda: self.celery("beat", "--pidfile", "", "--schedule", schedule))
        for program in (self.worker("worker", "celery"), self.worker("long-worker", "long"), beat):
            self.programs.append(program)
            program.run()

    def run(self) -> None:
        """Start everything and keep it running until Stop is raised."""
        self.start_engines()
        self.prepare()
        self.start_web()
        say(f"Intervision is at http://127.0.0.1:{self.port} (Ctrl-C stops everything)")
        self.start_background()
        while True:
            for program in (*self.engines, *self.programs):
                program.heal()
            self.pause(0.1)

    def stop(self) -> None:
        """Pages and tasks first, while the engines can still take what they finish."""
        for group, seconds in ((self.programs, GRACE), (self.engines, 10.0)):
            running = [(program.process, program.sign) for program in group if program.process]
            children.stop(running, within=seconds)
        if any(engine.name == "database" for engine in self.engines):
            postgres.end_leftovers(self.place)


def main() -> int:
    var = Path(os.environ.get("VAR_DIR") or CHECKOUT / "var").absolute()
    ear = Ear()
    children.end_with_parent(signal.SIGTERM, os.getppid())
    try:
        with alone(var):
            supervisor = Supervisor(var, choose_port(os.environ.get("PORT", "")), ear.pause)
            try:
                supervisor.run()
            finally:
                supervisor.stop()
    except Stop:
        say("Stopped.")
        return 0
    except (Refusal, RuntimeError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
