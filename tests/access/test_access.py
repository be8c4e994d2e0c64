import inspect
import uuid
from collections import Counter
from importlib import import_module, util
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from django.urls import reverse

from accounts import guarded_urls
from tests.access.open_pages import OPEN
from tests.access.table import NOT_FOUND, SIGN_IN, Row, rows, views
from tests.access.world import House, taken_back
from tests.factories.links import come_by_link

ROWS = rows()
pytestmark = pytest.mark.django_db


def ask(client: Client, row: Row, house: House, at: dict[str, Any] | None = None) -> Any:
    url = reverse(row.name, kwargs=row.at(house) if at is None else at)
    client.raise_request_exception = False
    return getattr(client, row.method)(url, row.data(house), headers=row.headers)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def by_link(house: House, purpose: str) -> Client:
    client = Client()
    if purpose == "take_part":
        come_by_link(client, house.resident, purpose=purpose, about_id=house.membership.pk)
    else:
        come_by_link(client, house.intervisor, purpose=purpose, about_id=house.group.pk)
    return client


VISITORS = {
    "anonymous": lambda row, here, there: Client(),
    "take_part": lambda row, here, there: by_link(here, "take_part"),
    "guide": lambda row, here, there: by_link(here, "guide"),
    "elsewhere": lambda row, here, there: signed_in(getattr(there, row.by)),
    "wrong_role": lambda row, here, there: signed_in(getattr(here, row.wrong)),
    "right": lambda row, here, there: signed_in(getattr(here, row.by)),
}


def answers(row: Row, here: House, there: House) -> dict[str, int]:
    """What each visitor is answered; whoever may comes last, since that may change something."""
    return {
        visitor: ask(client_of(row, here, there), row, here).status_code
        for visitor, client_of in VISITORS.items()
    }


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_visitor_gets_the_answer_in_the_table(row):
    here, there = House(), House()

    assert answers(row, here, there) == {visitor: getattr(row, visitor) for visitor in VISITORS}


FOREIGN = [row for row in ROWS if row.elsewhere == NOT_FOUND != row.right]


@pytest.mark.parametrize("row", FOREIGN, ids=str)
def test_what_is_not_yours_answers_like_what_does_not_exist(row):
    here, there = House(), House()
    client = signed_in(getattr(here, row.by))
    foreign = row.at(there)
    assert foreign, "a page that can be foreign has something in its address"

    theirs, nothing = ask(client, row, there), ask(client, row, here, at=made_up(foreign))

    assert (theirs.status_code, nothing.status_code) == (404, 404)
    assert theirs.content == nothing.content
    assert telling(theirs) == telling(nothing)


NOTHING = {uuid.UUID: uuid.uuid4(), int: 10**8}


def made_up(at: dict[str, Any]) -> dict[str, Any]:
    return {key: NOTHING.get(type(value), "nowhere") for key, value in at.items()}


def telling(answer: Any) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}


def test_every_url_has_a_row_and_every_row_a_url():
    there_are = {name for name, _ in views()}
    in_tables = {row.name for row in ROWS}

    assert there_are - in_tables == set(), "URLs without a row in tests/access/"
    assert in_tables - there_are == set(), "rows without a URL"


def test_every_url_has_a_name_of_its_own():
    before_allauth = {"account_logout", *(each.name for each in guarded_urls.urlpatterns)}
    views_of = {(name, view) for name, view in views() if name not in before_allauth}
    counted = Counter(name for name, _ in views_of)

    assert [name for name in counted if name.endswith(":None") or name == "None"] == []
    assert [name for name, count in counted.items() if count > 1] == []


def test_exactly_these_pages_are_open_without_signing_in():
    assert {name for name, view in views() if not getattr(view, "login_required", True)} == OPEN


@pytest.mark.parametrize("purpose", ["take_part", "guide"])
def test_exactly_the_pages_whose_row_says_so_open_to_personal_links(purpose):
    closed = [row for row in ROWS if row.name not in OPEN]
    marked = {name for name, view in views() if purpose in getattr(view, "open_to_links", ())}

    opened = {row.name for row in closed if row.link == purpose or getattr(row, purpose) != SIGN_IN}
    assert opened == marked


def rules() -> list[str]:
    """Each ``can_…`` of each room."""
    found = []
    for config in apps.get_app_configs():
        if config.path.startswith(str(settings.BASE_DIR)) and util.find_spec(f"{config.name}.rules"):
            module = import_module(f"{config.name}.rules")
            functions = inspect.getmembers(module, inspect.isfunction)
            found += [
                f"{module.__name__}.{name}"
                for name, function in functions
                if name.startswith("can_") and function.__module__ == module.__name__
            ]
    return found


@pytest.mark.parametrize("rule", rules())
def test_a_rule_taken_away_is_noticed_here(monkeypatch, rule):
    here, there = House(), House()
    monkeypatch.setattr(rule, lambda *args, **kwargs: True)

    assert any(differs(row, "wrong_role", here, there) for row in ROWS if row.wrong_role == 403)


def scopes() -> dict[str, type[models.QuerySet[Any]]]:
    """The kinds of queries that say what somebody gets to see."""
    kinds = {type(model._default_manager.all()) for model in apps.get_models()}
    return {kind.__name__: kind for kind in kinds if "visible_to" in vars(kind)}


@pytest.mark.parametrize("name", sorted(scopes()))
def test_a_scope_taken_away_is_noticed_here(monkeypatch, name):
    here, there = House(), House()
    monkeypatch.setattr(scopes()[name], "visible_to", lambda query, user: query.all())

    assert any(differs(row, "elsewhere", here, there) for row in FOREIGN)


def differs(row: Row, visitor: str, here: House, there: House) -> bool:
    at = row.at(here)  # outside: a house remembers what it made
    with taken_back():
        answer = ask(VISITORS[visitor](row, here, there), row, here, at)
    return bool(answer.status_code != getattr(row, visitor))
