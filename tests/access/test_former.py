"""The whole table once more, for who had a right, or has a reason to be kept out beside a right of their own."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.models import User
from intervision import clock
from programs.models import Membership
from tests.access.table import FORBIDDEN, NOT_FOUND, Row, rows
from tests.access.test_access import ask, signed_in
from tests.access.world import House, taken_back
from tests.factories.programs import (
    EvaluativeRelationFactory,
    GroupFactory,
    MembershipFactory,
    ProgramFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
ROWS = rows()
CLOSED = (FORBIDDEN, NOT_FOUND)
#: What who left a group still has: their own attendance and certificate, and reporting that something left it.
AFTER_LEAVING = {"concerns:new", "sessions:certificate", "sessions:my-attendance"}
#: What whose role ended still has: their own sign-ins, what they said themselves, and reporting; of work they began how
#: far it is, in numbers.
AFTER_A_ROLE = {
    "accounts:end-sign-in",
    "concerns:new",
    "outbox:job",
    "outbox:stop-job",
    "programs:declared",
}


def answered(asked: list[Row], change: Callable[[House, User], User]) -> Iterator[tuple[Row, int]]:
    """What each page answers to whoever ``change`` makes of the person that may open it, in their open sign-in."""
    for row in asked:
        with taken_back():
            house = House()
            person = getattr(house, row.by)
            at, client = row.at(house), signed_in(person)
            other = change(house, person)
            yield row, ask(client if other == person else signed_in(other), row, house, at).status_code


def wrong(found: Iterator[tuple[Row, int]], expected: Callable[[Row], Any]) -> dict[str, tuple[int, Any]]:
    return {str(row): (status, expected(row)) for row, status in found if status != expected(row)}


def deactivated(house: House, person: User) -> User:
    User.objects.filter(pk=person.pk).update(is_active=False)
    return person


def left(house: House, person: User) -> User:
    Membership.objects.filter(pk=house.membership.pk).update(state="left", left_on=clock.today())
    return person


def appointment_ended(house: House, person: User) -> User:
    person.appointments.update(until_on=clock.today() - dt.timedelta(days=1))
    return person


def evaluates_and_is_a_member_elsewhere(house: House, person: User) -> User:
    other = MembershipFactory(group=GroupFactory(program=ProgramFactory(institution=house.institution))).user
    EvaluativeRelationFactory(institution=house.institution, evaluator=other, resident=house.resident)
    return other


def test_whose_account_is_closed_gets_what_somebody_unknown_gets() -> None:
    assert wrong(answered(ROWS, deactivated), lambda row: row.anonymous) == {}


def test_who_left_gets_what_somebody_elsewhere_gets_but_for_what_is_their_own() -> None:
    of_members = [row for row in ROWS if row.by == "resident"]

    assert (
        wrong(
            answered(of_members, left), lambda row: row.right if row.name in AFTER_LEAVING else row.elsewhere
        )
        == {}
    )


def test_whose_role_ended_has_nothing_of_it_left() -> None:
    of_roles = [row for row in ROWS if row.by not in ("resident", "stranger") and row.wrong_role in CLOSED]
    found = answered(of_roles, appointment_ended)

    assert {row.name for row, status in found if status not in CLOSED} == AFTER_A_ROLE


def test_who_evaluates_a_member_and_sits_in_another_group_gets_nothing_of_this_one() -> None:
    def expected(row: Row) -> int:
        own_role = row.wrong_role == FORBIDDEN and row.elsewhere not in CLOSED
        return FORBIDDEN if own_role else row.elsewhere

    assert wrong(answered(ROWS, evaluates_and_is_a_member_elsewhere), expected) == {}
