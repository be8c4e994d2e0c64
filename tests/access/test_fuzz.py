"""Every URL, asked and filled in by every visitor with values nobody means well with.

The forms are those the pages show, so that hostile values meet the fields by their names. Whatever comes: an
answer that was meant, never a 500, and never a word of another house.
"""

import os
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from deep.hostile import QUERIES, VALUES, Forms
from tests.access.table import Row, rows
from tests.access.test_access import VISITORS
from tests.access.world import House, taken_back

pytestmark = pytest.mark.django_db
MOST_FORMS = 2
#: More in `make deep`.
ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "1"))
FOREIGN = "Wildvreemd"
ALLOWED = {200, 204, 301, 302, 303, 304, 400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 503}


def ids_of(house: House) -> list[str]:
    about = (house.program, house.group, house.guide, house.membership, house.room, house.session)
    return [str(row.pk) for row in (*about, house.institution, house.department, *people(house))]


class Fuzz:
    """One visitor's attack on one row, always the same for the same row and round."""

    def __init__(self, row: Row, visitor: str, here: House, there: House, again: int) -> None:
        self.chance = random.Random(f"{row} {visitor} {again}" if again else f"{row} {visitor}")
        self.values = VALUES + ids_of(here) + ids_of(there)
        self.url = reverse(row.name, kwargs=row.at(here))
        self.client: Client = VISITORS[visitor](row, here, there)

    def value(self, usual: list[str]) -> str:
        return self.chance.choice(usual if usual and self.chance.random() < 0.6 else self.values)

    def query(self) -> str:
        asked = {name: self.value([]) for name in self.chance.sample(QUERIES, 3)}
        return urlencode(asked, errors="surrogatepass")

    def filled(self, fields: list[tuple[str, list[str]]]) -> dict[str, list[str]]:
        """Mostly what the form offers, one field in three hostile, some doubled, some left out."""
        data: dict[str, list[str]] = {}
        spoilt = self.chance.choice([0.15, 0.4, 0.9])
        for name, usual in fields:
            if self.chance.random() < 0.1:
                continue
            kept = usual if self.chance.random() > spoilt else []
            data.setdefault(name, []).append(self.chance.choice(kept) if kept else self.value([]))
        return data

    def send(self, url: str, method: str, data: dict[str, list[str]]) -> Any:
        htmx = {"HX-Request": "true"} if self.chance.random() < 0.3 else {}
        kind = "application/x-www-form-urlencoded"
        body = urlencode(data, doseq=True, errors="surrogatepass")
        with taken_back():
            if method == "get":
                answer = self.client.get(f"{url}{'&' if '?' in url else '?'}{body}", headers=htmx)
            else:
                answer = self.client.generic(method.upper(), url, body, content_type=kind, headers=htmx)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer.status_code, content.decode(errors="replace"), answer.headers

    def forms(self) -> list[tuple[str, str, list[tuple[str, list[str]]]]]:
        """A few of the forms on the page, with those of its frame left out."""
        _, page, _ = self.send(self.url, "get", {})
        found = [form for form in Forms(page).found if form[0] not in ("/language/", "/theme/")]
        return self.chance.sample(found, min(len(found), MOST_FORMS))

    def attacks(self, *, forms: bool) -> Iterator[tuple[str, str, dict[str, list[str]]]]:
        """Whoever is refused sends one post, with a query; whoever may come in also fills in forms."""
        names, asked = ["name", "group", "version"], f"{self.url}?{self.query()}"
        if forms:
            yield asked, "get", {}
            yield self.url, self.chance.choice(["put", "delete", "head", "options", "patch"]), {}
        for action, method, fields in self.forms() if forms else ():
            names = sorted({name for name, _ in fields}) or names
            yield urlsplit(action).path or self.url, method, self.filled(fields)
        yield asked, "post", {name: [self.value([])] for name in names}


@pytest.fixture
def here() -> House:
    """A house with one of everything, made before the first row so that none takes it along when it is undone."""
    return complete(House())


@pytest.fixture
def there() -> House:
    """Another house, where every name but its own, which is public, is a word that must not be read elsewhere."""
    house = complete(House())
    for row in (house.group, house.department, house.room, *people(house)):
        type(row).objects.filter(pk=row.pk).update(name=FOREIGN)
    type(house.program).objects.filter(pk=house.program.pk).update(title=FOREIGN)
    return house


def complete(house: House) -> House:
    for name in ("stranger", "text", "slot", "intake", "contact"):
        assert getattr(house, name)
    return house


def people(house: House) -> list[User]:
    return [house.resident, house.intervisor, house.coordinator, house.director, house.administrator]


@pytest.mark.parametrize("again", range(ROUNDS))
@pytest.mark.parametrize("visitor", ["right", "wrong_role", "take_part", "guide", "anonymous"])
def test_nothing_anybody_sends_breaks_a_page_or_shows_another_house(visitor, again, here, there):
    for row in rows():
        with taken_back():
            fuzz = Fuzz(row, visitor, here, there, again)
            for url, method, data in fuzz.attacks(forms=visitor == "right"):
                status, content, headers = fuzz.send(url, method, data)
                said = f"{row}: {method} {url} {data}"
                assert status in ALLOWED, said
                assert FOREIGN not in content, said
                assert urlsplit(headers.get("Location", "")).netloc in ("", "testserver"), said
