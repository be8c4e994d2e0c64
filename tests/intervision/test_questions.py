"""No page asks the database more when more is stored, and none asks much."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.access.table import OK, Row, rows
from tests.access.test_access import by_link, signed_in
from tests.access.world import House
from tests.intervision.full_house import fill

pytestmark = pytest.mark.django_db
MOST = 8
#: No lists, and always the same: the score before a start, everything kept about one person, a sealed text that is
#: opened in a transaction with its event, and a page behind "is it still you?", for which allauth asks three times.
OTHERWISE = {
    "accounts:start-over": 9,
    "checklist:check": 10,
    "desk:erase": 9,
    "desk:everything": 60,
    "desk:everything-json": 60,
    "desk:everything-page": 60,
    "programs:my-goal": 9,
    "programs:my-goals": 9,
    "programs:my-preparation": 9,
}
OURS = [row for row in rows() if row.method == "get" and not row.name.startswith(("account_", "mfa_"))]


def visitors(row: Row) -> list[str]:
    """Everybody who gets to see this page, each of whom it costs something else."""
    links = ("take_part", "guide") if row.anonymous != OK else ()
    return ["right", *(who for who in links if getattr(row, who) == OK)]


def come(house: House, row: Row, visitor: str) -> Client:
    return signed_in(getattr(house, row.by)) if visitor == "right" else by_link(house, visitor)


def asked(house: House, row: Row, visitor: str) -> int:
    """How many queries the page takes, not the first time: signing in is noted then."""
    client, url = come(house, row, visitor), reverse(row.name, kwargs=row.at(house))
    client.get(url, row.data(house))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, row.data(house)).status_code == OK, url
    return len(queries)


def questions(size: int) -> dict[str, int]:
    house = House()
    fill(house, size)
    pages = [(row, who) for row in OURS if row.right == OK for who in visitors(row)]
    return {f"{row.name} {row.by} {who}": asked(house, row, who) for row, who in pages}


def test_pages_ask_as_much_for_thirty_rows_as_for_three_and_at_most_eight_times():
    few, many = questions(3), questions(30)

    assert many == few
    most = {page: OTHERWISE.get(page.split()[0], MOST) for page in few}
    assert {page: count for page, count in few.items() if count > most[page]} == {}
