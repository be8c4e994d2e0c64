"""The real web server with one process, and what it and its database use."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from intervision.embedded import children
from intervision.embedded.engines import wait_until

TICK = os.sysconf("SC_CLK_TCK")


class Server:
    """One granian, as the supervisor starts it, and one connection to it that stays open."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, database: int) -> None:
        self.process, self.port, self.database = process, port, database
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(self, address: str, cookie: str) -> bytes:
        self.connection.request("GET", address, headers={"Cookie": cookie})
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{address} answered {answer.status}")
        return body

    def cpu(self, address: str, cookie: str, requests: int) -> float:
        """CPU milliseconds of one request, the server's and the database's."""
        self.ask(address, cookie)
        began = self.used()
        for _request in range(requests):
            self.ask(address, cookie)
        return 1000 * (self.used() - began) / requests

    def used(self) -> float:
        """CPU seconds so far of the server with its worker, and of the database with its connections."""
        return sum(seconds(number) for root in (self.process.pid, self.database) for number in family(root))

    def is_up(self) -> bool:
        with closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def family(root: int) -> Iterator[int]:
    """``root`` and every process below it."""
    yield root
    for task in Path(f"/proc/{root}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def seconds(process: int) -> float:
    """CPU seconds of every thread of a process, finer than /proc/PID/stat where the kernel tells."""
    schedules = list(Path(f"/proc/{process}/task").glob("*/schedstat"))
    if schedules:
        return sum(int(schedule.read_text().split()[0]) for schedule in schedules) / 1e9
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serving(*, floor: bool, database: int) -> Iterator[Server]:
    port = free_port()
    how = ("--workers", "1", "--blocking-threads", "2", "--no-ws", "--interface", "wsgi")
    where = ("--host", "127.0.0.1", "--port", str(port), "--log-level", "critical")
    command = (sys.executable, "-m", "granian", *how, *where, "bench.serving:application")
    env = dict(os.environ) | {"BARE_FLOOR": "1" if floor else ""}
    process = children.spawn(command, death=signal.SIGTERM, env=env)
    server = Server(process, port, database)
    try:
        wait_until(server.is_up, process, "the web server")
        yield server
    finally:
        children.stop([(process, signal.SIGTERM)], within=5)
