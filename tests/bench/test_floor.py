"""Nobody wins against the floor by slowing it: what it does is written down here."""

from pathlib import Path

import pytest
from django.test import override_settings

from bench import floor
from tests.factories.accounts import InstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_floor_is_one_query_in_thirty_lines_of_template_behind_six_middlewares(
    client, django_assert_num_queries
):
    InstitutionFactory(slug="waterpoort")
    with override_settings(**floor.overrides()):
        client.force_login(UserFactory(), floor.BACKEND)
        with django_assert_num_queries(3):  # session, user, and its one
            assert client.get("/").status_code == 200

    lines = Path(floor.__file__).with_name("templates").joinpath("floor.html").read_text().splitlines()
    assert len(lines) == 30
    assert len(floor.MIDDLEWARE) == 6
    assert not [name for name in floor.MIDDLEWARE if not name.startswith("django.")]
    assert floor.SESSION_ENGINE == "django.contrib.sessions.backends.db"
    assert floor.BACKEND == "django.contrib.auth.backends.ModelBackend"
