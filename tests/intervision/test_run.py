"""make run is stopped, killed and killed in part: nothing is left running and nothing committed is lost."""

import os
import shutil
import signal
import subprocess

import pytest
from django.conf import settings

from tests.intervision.running import CHECKOUT, Running, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def var():
    """A folder other users can reach; the database would otherwise land in the system's state folder."""
    folder = settings.PLACE.var / f"run of test {os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def running(var):
    run = Running(var).start()
    run.query("insert into intervision_democlock (id, ahead) values (1, '0') on conflict do nothing")
    run.query("update intervision_democlock set ahead = ahead + interval '1 hour'")
    yield run
    run.kill()


def hours(run):
    return run.query("select extract(epoch from ahead)::int / 3600 from intervision_democlock")


def signal_group(run):
    os.killpg(run.make.pid, signal.SIGINT)


def terminate_make(run):
    run.make.terminate()


def kill_make(run):
    run.make.kill()


def kill_supervisor(run):
    os.kill(run.supervisor, signal.SIGKILL)


@pytest.mark.parametrize("way", [signal_group, terminate_make, kill_make, kill_supervisor])
def test_however_it_ends_nothing_is_left_running_and_no_row_is_lost(running, way):
    before = hours(running)
    running.processes()

    way(running)

    running.gone()
    again = Running(running.var).start()
    try:
        assert hours(again) == before
        again.end()
    finally:
        again.kill()


def test_every_program_that_is_killed_starts_again(running):
    for name in ("web", "worker", "beat", "broker", "database"):
        killed = running.children(name)[0]
        os.kill(killed, signal.SIGKILL)
        wait_for(lambda name=name, killed=killed: set(running.children(name)) - {killed}, seconds=20)
        wait_for(running.answers, seconds=20)
        wait_for(running.has_database, seconds=20)

    assert len(hours(running)) == 1
    wait_for(lambda: running.status("/readyz") == 200, seconds=90)
    running.end()


def test_a_second_one_in_the_same_checkout_says_so_and_leaves_the_first_alone(running):
    second = subprocess.run(
        ["make", "run"], cwd=CHECKOUT, env=os.environ | running.variables, capture_output=True, text=True
    )

    assert second.returncode
    assert "Already running in this checkout." in second.stderr
    assert running.answers()


def test_a_taken_port_is_named(running, tmp_path):
    variables = running.variables | {"VAR_DIR": str(tmp_path)}
    second = subprocess.run(
        ["make", "run"], cwd=CHECKOUT, env=os.environ | variables, capture_output=True, text=True
    )

    assert second.returncode
    assert f"Port {running.port} is in use." in second.stderr
