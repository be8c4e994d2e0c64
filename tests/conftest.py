import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone, translation
from hypothesis import settings as hypothesis
from playwright.sync_api import expect

from intervision import roles, translations
from intervision.embedded.engines import Engines
from tests import chromium, node
from tests.factories.signing_in import stand_for_both_factors
from tests.node.hospital import Hospital

hypothesis.register_profile("any machine", deadline=None)  # a busy machine is slow, not wrong
hypothesis.load_profile("any machine")
expect.set_options(timeout=20_000)  # the same
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the tests' thread

engines = pytest.StashKey[Engines]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the engines and compile the words, once: workers of xdist use those of the process that did."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    translations.compile_all(settings.BASE_DIR)
    config.stash[engines] = Engines(settings.PLACE)
    config.stash[engines].start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if engines in config.stash:
        config.stash[engines].stop()


@pytest.fixture(scope="session", autouse=True)
def force_login_stands_for_both_factors() -> None:
    stand_for_both_factors()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Build the test database as the owner, then use it as the application's role.

    TRUNCATE, by which Django empties tables after tests with real commits, is granted here and nowhere else.
    """
    verbosity = request.config.option.verbose
    application = connection.settings_dict["USER"]
    with django_db_blocker.unblock(), roles.owner():
        made = setup_databases(verbosity=max(verbosity - 1, 0), interactive=False)
        roles.grant(application)
        with connection.cursor() as cursor:
            cursor.execute(f"grant truncate on all tables in schema public to {application}")
    yield
    with django_db_blocker.unblock(), roles.owner():
        wait_to_be_alone()
        teardown_databases(made, verbosity=0)


def wait_to_be_alone() -> None:
    """A page that a browser no longer waits for may still be made; its connection must be gone before the database."""
    others = (
        "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    )
    with connection.cursor() as cursor:
        for _ in range(300):
            cursor.execute(others)
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.1)


@pytest.fixture(autouse=True)
def empty_cache(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """Rate limits of a test with real commits must not reach the next one."""
    yield
    marker = request.node.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction")
    if commits or {"live_server", "transactional_db"} & set(request.fixturenames):
        with django_db_blocker.unblock():
            cache.clear()


@pytest.fixture(autouse=True)
def nobody_reads() -> Iterator[None]:
    """The language and time zone of a page's reader must not reach the next test."""
    yield
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    sandbox = [] if os.getuid() else ["--no-sandbox"]  # Chromium refuses a sandbox to root
    chosen = chromium.found()
    return browser_type_launch_args | {"args": sandbox} | ({"executable_path": chosen} if chosen else {})


@pytest.fixture(scope="session")
def identity_provider() -> Iterator[Hospital]:
    """A hospital with a sign-in of its own, of two kinds."""
    there = Hospital()
    running = there.start()
    yield there
    running.terminate()
    running.wait(60)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whoever opens a page in a browser needs one; without npm there is no hospital to sign in at."""
    if not node.is_there():
        left_out = [item for item in items if "identity_provider" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        if {"page", "context", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
