"""What stands beside somebody's own, in another house or in another group of theirs, is not found and not shown."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Q
from django.urls import URLResolver, get_resolver

from accounts.models import Department, Institution, User
from programs.models import Group, Membership, Program, Room
from tests.access.open_pages import OPEN
from tests.access.table import NOT_FOUND, OK, Row, rows
from tests.access.test_access import ask, signed_in
from tests.access.world import House
from tests.factories.programs import GroupFactory, GuideFactory, MembershipFactory
from tests.factories.sessions import GroupSessionFactory

pytestmark = pytest.mark.django_db
ROWS = rows()
ELSEWHERE, BESIDE = "Zelsewhere", "Zbeside"
#: Who takes part or guides sees one group; the others see to the whole program.
ONE_GROUP = ("resident", "intervisor")
#: Pages from which a group is chosen before one has a seat.
CHOICES = {"joining:groups"}


def closed(row: Row) -> bool:
    return row.name not in OPEN and row.method == "get" and row.right == OK


def name_everything(house: House, word: str) -> None:
    """Whatever has a name in ``house`` is called ``word``."""
    theirs = Q(memberships__program__institution=house.institution) | Q(
        appointments__institution=house.institution
    )
    ids = User.objects.filter(theirs | Q(placements__department__institution=house.institution)).values_list(
        "pk", flat=True
    )
    User.objects.filter(pk__in=list(ids)).update(name=word)
    Membership.objects.filter(program__institution=house.institution).exclude(given_name="").update(
        given_name=word
    )
    Institution.objects.filter(pk=house.institution.pk).update(name=word)
    Department.objects.filter(institution=house.institution).update(name=word)
    Room.objects.filter(institution=house.institution).update(name=word)
    Program.objects.filter(institution=house.institution).update(title=word)
    for nth, group in enumerate(Group.objects.filter(program__institution=house.institution)):
        Group.objects.filter(pk=group.pk).update(name=f"{word} {nth}")


def another_group(house: House) -> None:
    """In the same program: a group, its guide, a member and a session."""
    group = GroupFactory(program=house.program, name=BESIDE)
    MembershipFactory(group=group, user__name=BESIDE)
    GuideFactory(group=group, user__name=BESIDE)
    GroupSessionFactory(group=group)


@pytest.mark.parametrize("row", [row for row in ROWS if closed(row)], ids=str)
def test_no_page_shows_what_is_in_another_house_or_another_group(row):
    here, there = House(), House()
    row.at(there)
    name_everything(there, ELSEWHERE)
    if row.name not in CHOICES:
        another_group(here)

    page = ask(signed_in(getattr(here, row.by)), row, here)

    assert page.status_code == OK
    shown = b"".join(page) if page.streaming else page.content
    assert ELSEWHERE.encode() not in shown
    if row.by in ONE_GROUP:
        assert BESIDE.encode() not in shown


def addresses(inside: Any = None, prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """The name of each URL, and what stands in it, in order."""
    for pattern in get_resolver().url_patterns if inside is None else inside:
        if isinstance(pattern, URLResolver):
            within = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from addresses(pattern.url_patterns, within)
        else:
            yield f"{prefix}{pattern.name}", list(pattern.pattern.converters)


OF_TWO = {
    name: keys for name, keys in addresses() if len(keys) > 1 and set(keys[1:]) - {"key", "kind", "says"}
}


#: A second press leads back to the list, whether there is nothing by that id any more or never was.
BACK = {"programs:remove-person"}


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.name in OF_TWO and row.elsewhere == NOT_FOUND], ids=str
)
def test_what_is_of_another_house_is_nothing_under_an_address_of_ones_own(row):
    here, there = House(), House()
    client = signed_in(getattr(here, row.by))
    ours, theirs = row.at(here), row.at(there)

    for key in OF_TWO[row.name][1:]:
        if isinstance(theirs[key], uuid.UUID):
            found = ask(client, row, here, at=ours | {key: theirs[key]})
            assert found.status_code == (302 if row.name in BACK else NOT_FOUND)


#: What takes a step back, each at an address of its own, and what it says of a step that belongs elsewhere.
UNDOING = {
    "planning:undo": 409,
    "planning:undo-dates": NOT_FOUND,
    "programs:restore-person": NOT_FOUND,
    "programs:restore-time": NOT_FOUND,
    "programs:undo-change": 409,
}


@pytest.mark.parametrize("row", [row for row in ROWS if row.name in UNDOING], ids=str)
def test_a_step_of_another_kind_is_not_taken_back_there(row):
    here = House()
    client, at = signed_in(getattr(here, row.by)), row.at(here)
    assert here.program.undoable_steps.filter(pk__in=at.values()).update(kind="other") == 1

    assert ask(client, row, here, at).status_code == UNDOING[row.name]
