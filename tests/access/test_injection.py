"""Markup and template code in every text that is stored: no page runs any of it, and no file for a spreadsheet does."""

import csv
import io
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.urls import reverse

from intervision import clock
from programs.models import Membership
from tests.access.sessions import over
from tests.access.table import OK, Row, rows
from tests.access.test_access import signed_in
from tests.access.test_canaries import TYPED
from tests.access.world import House
from tests.intervision.full_house import fill

pytestmark = pytest.mark.django_db
MARK = "oops"
HOSTILE = f"=<b id={MARK}>\"'{{{{ 'run'|add:'-{MARK}' }}}}{{% now 'Y' %}}"
ROOMS = ("accounts", "programs", "intervision_sessions", "concerns", "surveys", "checklist", "outbox")
#: Written by us and read by machines: nobody types into these.
OURS = {
    "password",
    "state",
    "kind",
    "path",
    "time_zone",
    "join_key",
    "key",
    "key_hash",
    "claim",
    "error_class",
}
SHORTEST = 30


def typed(model: type[models.Model]) -> "Iterator[models.Field[Any, Any]]":
    """Columns that hold somebody's words."""
    for field in model._meta.concrete_fields:
        words = type(field) in (models.CharField, models.TextField) and not field.choices
        if words and field.name not in OURS and (field.max_length or SHORTEST) >= SHORTEST:
            yield field


def poison() -> set[str]:
    """Write it into every text of every row, as far as the database lets anything into it; which columns have it."""
    done = set()
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    for model in apps.get_models():
        if model._meta.app_label not in ROOMS:
            continue
        for field in typed(model):
            for pk in model._base_manager.values_list("pk", flat=True):
                try:
                    with transaction.atomic():
                        text = HOSTILE[: field.max_length or None]
                        changed = model._base_manager.filter(pk=pk).update(**{field.name: text})
                except DatabaseError:  # a column that must differ, or a row that nobody may change
                    continue
                if changed:
                    done.add(f"{model._meta.label}.{field.name}")
    return done


def harmless(said: str) -> bool:
    """Neither an element of a page nor what a template makes of it."""
    return f"<b id={MARK}" not in said and f"run-{MARK}" not in said


def cells_begin_harmlessly(said: str) -> bool:
    table = csv.reader(io.StringIO(said.lstrip("\ufeff")), delimiter=";" if ";" in said else ",")
    return not [cell for line in table for cell in line if cell[:1] in ("=", "+", "@", "\t")]


def visits(house: House) -> list[tuple[Row, str]]:
    """Everything that can be looked at, with its address: made before anything is poisoned."""
    shown = [row for row in rows() if row.method == "get" and row.right == OK]
    return [(row, reverse(row.name, kwargs=row.at(house))) for row in shown]


def test_nothing_that_was_typed_is_read_as_markup_code_or_formula() -> None:
    house = House()
    fill(house, 3)
    known = visits(house)
    columns = poison()
    wrong, met = [], 0

    for row, path in known:
        client = Client()
        client.force_login(getattr(house, row.by))
        answer = client.get(path, row.data(house), headers=row.headers)
        kind, body = (
            answer.headers.get("Content-Type", ""),
            b"".join(answer) if answer.streaming else answer.content,
        )
        said = body.decode(errors="replace")
        met += MARK in said
        if kind.startswith(("text/html", "image/svg")) and not harmless(said):
            wrong.append(f"{row}: markup")
        if kind.startswith("text/csv") and not cells_begin_harmlessly(said):
            wrong.append(f"{row}: formula")

    assert wrong == []
    assert columns >= {
        "accounts.User.name",
        "programs.Program.title",
        "programs.Group.name",
        "programs.Room.name",
    }
    assert met > 40


def confide(house: House) -> None:
    """Type it into every sealed field, through the pages; shared with the guide where that can be."""
    Membership.objects.filter(pk=house.membership.pk).update(invited_at=clock.now(), accepted_at=clock.now())
    resident, place, share = signed_in(house.resident), [house.membership.pk], str(house.guide.pk)
    sealed = dict.fromkeys(TYPED, HOSTILE)
    for page in (
        reverse("programs:my-preparation", args=place),
        reverse("programs:new-goal", args=place),
        reverse("sessions:line", kwargs=over(house)),
    ):
        typed = sealed | {"share": share, "goal_id": "00000000-0000-4000-8000-000000000001"}
        assert resident.post(page, typed).status_code == 302


def test_no_sealed_text_is_read_as_markup_or_code() -> None:
    house = House()
    confide(house)
    owner, guide = signed_in(house.resident), signed_in(house.intervisor)
    pages = [
        reverse(f"programs:{name}", args=[house.membership.pk]) for name in ("my-preparation", "my-goals")
    ]
    pages += [reverse("sessions:line", kwargs=over(house)), reverse("desk:everything")]

    said = [owner.get(page).content.decode() for page in pages]
    said.append(guide.post(reverse("programs:read-shared", args=[house.membership.pk])).content.decode())

    assert [page for page in said if not harmless(page)] == []
    assert [page for page in said if HOSTILE not in unescape(page)] == []
