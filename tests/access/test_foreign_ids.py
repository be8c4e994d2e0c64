"""An id of another house in any field of any form is refused, as if there were nothing by that id."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from deep.hostile import Forms
from tests.access.table import Row, rows
from tests.access.test_access import VISITORS
from tests.access.world import House, taken_back

pytestmark = pytest.mark.django_db
REFUSED = {400, 403, 404, 409, 410, 422}
#: Fields that name nothing there is: the id that something new is to get, and the program whose ring is drawn.
OF_NOTHING = {"new_id", "program"}
NOUNS = (
    "institution", "department", "program", "group", "guide", "membership", "room", "slot", "intake", "session",
    "text", "contact", "report", "resident", "intervisor", "coordinator", "director", "administrator",
    "independent", "officer", "stranger",
)  # fmt: skip


def twins(here: House, there: House) -> dict[str, str]:
    """Of each thing of one house its like in the other."""
    pairs = ((getattr(here, noun), getattr(there, noun)) for noun in NOUNS)
    return {str(ours.pk): str(theirs.pk) for ours, theirs in pairs}


def is_id(value: str) -> bool:
    try:
        return bool(UUID(value))
    except ValueError:
        return False


def posts(row: Row, here: House, client: Client) -> list[tuple[str, dict[str, list[str]]]]:
    """What whoever may send here: what the table sends, and the forms of the page as they are."""
    url = reverse(row.name, kwargs=row.at(here))
    if row.method == "post":
        return [
            (
                url,
                {
                    name: [str(value)]
                    for name, value in row.data(here).items()
                    if isinstance(value, str | UUID)
                },
            )
        ]
    with taken_back():
        answer = client.get(url, row.data(here), headers=row.headers)
        page = "" if answer.streaming else answer.content.decode(errors="replace")
    found = []
    for action, method, fields in Forms(page).found:
        data: dict[str, list[str]] = {}
        for name, values in fields:
            data.setdefault(name, []).extend(sorted(values, key=is_id)[-1:])
        if method == "post":
            found.append((action or url, data))
    return found


def crossed(data: dict[str, list[str]], other: dict[str, str]) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """The same post with one field's ids exchanged for those of the other house; which of them, if none is alike."""
    for name, values in data.items():
        if name not in OF_NOTHING and any(is_id(value) for value in values):
            alike = [other[value] for value in values if value in other]
            for theirs in alike or sorted(set(other.values())):
                yield name, data | {name: [theirs]}


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_an_id_of_another_house_is_refused_in_every_field():
    here, there = House(), House()
    other = twins(here, there)
    tried, accepted = set(), []
    for row in rows():
        client = VISITORS["right"](row, here, there)
        client.raise_request_exception = False
        for url, data in posts(row, here, client):
            for name, sent in crossed(data, other):
                with taken_back():
                    status = client.post(url, sent).status_code
                tried.add((row.name, name))
                accepted += [f"{row}: {url} {sent}: {status}"] if status not in REFUSED else []

    assert accepted == []
    assert len(tried) > 10
