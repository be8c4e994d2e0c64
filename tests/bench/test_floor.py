"""Nobody wins against the floor by slowing it: what it does is written down here."""

from pathlib import Path

import pytest
from django.test import override_settings

from bench import floor, pages
from tests.factories.accounts import InstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_floor_is_one_query_in_thirty_lines_of_template_behind_six_middlewares(
    client, django_assert_num_queries
):
    InstitutionFactory(slug="waterpoort")
    client.force_login(UserFactory())
    with (
        override_settings(
            ROOT_URLCONF="bench.floor",
            MIDDLEWARE=floor.MIDDLEWARE,
            TEMPLATES=pages.templates(floor.CONTEXT),
        ),
        django_assert_num_queries(3),  # session, user, and its one
    ):
        assert client.get("/").status_code == 200

    lines = Path(floor.__file__).with_name("templates").joinpath("floor.html").read_text().splitlines()
    assert len(lines) == 30
    assert len(floor.MIDDLEWARE) == 6
