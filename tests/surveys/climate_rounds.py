"""Rounds about the climate for tests: whom they ask, and what everybody says."""

import datetime as dt

from surveys.actions import climate
from surveys.questions import keys
from tests.factories.accounts import (
    AppointmentFactory,
    PlacementFactory,
    UserFactory,
)

START = dt.datetime(2027, 2, 1, 9, tzinfo=dt.UTC)
END = START + dt.timedelta(weeks=3)
DURING = START + dt.timedelta(days=1)
LEADING = "clim-management-willing"


def staffed(department, count: int) -> dict:
    return {department.pk: [f"s{n}@{department.pk.hex}.example.org" for n in range(count)]}


def placed(department, count: int):
    return [PlacementFactory(department=department).user for _ in range(count)]


def begin(house, departments, staff=None, **changes):
    times = {"closes_at": END, "at": START} | changes
    return climate.open_round(house, departments, staff or {}, by=UserFactory(), **times)


def all_say(stratum, value: int, count: int | None = None, at=DURING) -> None:
    for invitation in stratum.invitations.order_by("pk")[:count]:
        climate.answer(invitation, dict.fromkeys(keys(stratum.asked), value), at=at)


def three(house, department, sizes=(5, 5, 5)):
    """A round with residents, intervisors and staff."""
    placed(department, sizes[0])
    for _ in range(sizes[1]):
        AppointmentFactory(institution=house, role="intervisor")
    return begin(house, [department], staffed(department, sizes[2]))
