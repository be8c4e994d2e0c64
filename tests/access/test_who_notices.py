"""What is confidential is changed in the database; whose pages change by it is exactly who may know it.

Nobody's page, picture or file may differ for what they must not know: neither by a word, nor by a number, nor by the
shape of a line.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from sessions.models import Attendance, GroupSession, SessionLog
from surveys.actions.closing import close_due
from surveys.models import Pool, Result, Window
from surveys.questions import Question
from tests.access.world import House, taken_back
from tests.factories.programs import GroupFactory, MembershipFactory
from tests.factories.surveys import all_answer, window
from vault.models import AccessEvent

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]
NOON = dt.datetime(2027, 1, 11, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
FELT = "min-safety-felt"
OF_PROGRAM = (
    "checklist:program", "checklist:program-table", "checklist:summary", "checklist:check", "checklist:next",
    "checklist:what-if", "checklist:over-time", "checklist:by-group", "checklist:answers", "checklist:json",
    "checklist:csv", "surveys:program", "desk:program", "desk:changes",
)  # fmt: skip
OF_GROUP = ("checklist:group", "checklist:group-table", "surveys:group", "desk:group", "sessions:group")
OF_HOUSE = ("checklist:house", "surveys:house", "surveys:climate", "desk:how-long")
OF_ONESELF = (
    "desk:home", "desk:my-data", "desk:everything-json", "desk:director", "desk:opened", "desk:opened-csv",
    "desk:purges", "programs:opened-by", "programs:list",
)  # fmt: skip
LAYERS = ("preparation", "minimal", "optimizing", "climate")
#: Made anew for each page.
ANEW = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


@pytest.fixture
def house() -> Iterator[House]:
    """A group whose questions are open, with a session that was logged, and another group of the program."""
    with time_machine.travel(NOON, tick=False):
        made = House()
        made.fellows = [MembershipFactory(group=made.group) for _ in range(6)]  # type: ignore[attr-defined]
        made.other = MembershipFactory(group=GroupFactory(program=made.program)).user  # type: ignore[attr-defined]
        began = {"starts_at": NOON - 50 * HOUR, "ends_at": NOON - 48 * HOUR}
        GroupSession.objects.filter(pk=made.session.pk).update(state="logged", **began)
        SessionLog.objects.create(session=made.session, logged_by=made.intervisor)
        for place, state in zip(made.fellows, ("present", "absent"), strict=False):  # type: ignore[attr-defined]
            Attendance.objects.create(session=made.session, membership=place, state=state)
        made.window = window(  # type: ignore[attr-defined]
            made.group, questions=(Question(FELT),), opens_at=NOON - HOUR, closes_at=NOON + 24 * HOUR,
            waits_until=NOON + 48 * HOUR, pool_closes_at=NOON + 48 * HOUR,
        )  # fmt: skip
        yield made


def people(house: House) -> dict[str, Client]:
    names = (
        "coordinator", "intervisor", "resident", "director", "administrator", "officer", "independent",
        "stranger", "other",
    )  # fmt: skip
    found = {}
    for name in names:
        found[name] = Client()
        found[name].force_login(getattr(house, name))
        found[name].cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return found


def pages(house: House) -> list[str]:
    program, group = house.program.pk, house.group.pk
    found = [reverse(name, args=[program]) for name in OF_PROGRAM]
    found += [reverse("checklist:program-layer", args=[program, layer]) for layer in LAYERS]
    found += [reverse(name, args=[group]) for name in OF_GROUP]
    found += [reverse("checklist:group-layer", args=[group, layer]) for layer in LAYERS]
    found += [reverse(name, args=[house.institution.slug]) for name in OF_HOUSE]
    return found + [reverse(name) for name in OF_ONESELF]


def seen(house: House, everybody: dict[str, Client]) -> dict[tuple[str, str], bytes]:
    """Each page as each of them gets it."""
    with taken_back():
        return {
            (name, page): ANEW.sub(b"", client.get(page).content)
            for name, client in everybody.items()
            for page in pages(house)
        }


def who_notices(house: House, *changes: Callable[[House], object]) -> set[str]:
    """Whose pages differ between the first and the second of ``changes``, or between none and the only one."""
    everybody, found = people(house), []
    first, second = changes if len(changes) == 2 else (lambda house: None, *changes)
    for change in (first, second):
        with taken_back():
            change(house)
            found.append(seen(house, everybody))
    without, changed = found
    return {name for name, page in without if without[name, page] != changed[name, page]}


def answers(value: int, count: int) -> Callable[[House], object]:
    def change(house: House) -> None:
        users = [place.user for place in house.fellows[:count]]  # type: ignore[attr-defined]
        all_answer(house.window, users, value)  # type: ignore[attr-defined]

    return change


def closed(value: int, count: int) -> Callable[[House], object]:
    """Answered by so many and closed since, at the same moment for the pages."""

    def change(house: House) -> None:
        answers(value, count)(house)
        Window.objects.update(closes_at=NOON - HOUR / 2)
        close_due(at=NOON)

    return change


def result(of_group: bool) -> Callable[[House], object]:
    def change(house: House) -> None:
        Result.objects.create(
            program=house.program, group=house.group if of_group else None, kind="pulse", slot=1,
            words={FELT: "attention"}, people_at_least=5, released_at=NOON - HOUR,
        )  # fmt: skip

    return change


def themes(house: House) -> None:
    SessionLog.objects.update(
        themes=["workload"], own_case=True, next_step=True, answers={"min-depth-felt": 1}
    )


def opened(house: House) -> None:
    AccessEvent.objects.create(
        at=NOON - HOUR, actor_id=house.intervisor.pk, owner_id=house.resident.pk, kind="programs.learninggoal",
        about_id=house.membership.pk, house_id=house.institution.pk,
    )  # fmt: skip


def test_answers_are_noticed_by_nobody_before_they_are_released(house: House) -> None:
    assert who_notices(house, answers(1, 6), answers(5, 6)) == set()


def test_what_too_few_answered_is_noticed_by_nobody_also_when_it_is_closed(house: House) -> None:
    assert who_notices(house, closed(1, 4), closed(5, 4)) == set()
    with taken_back():
        closed(1, 4)(house)
        assert Window.objects.get().state == Window.State.WAITING
        assert not Result.objects.exists()


def test_what_enough_answered_is_noticed_by_the_group_and_its_guide_alone(house: House) -> None:
    assert who_notices(house, closed(1, 6), closed(5, 6)) == {"resident", "intervisor"}
    with taken_back():
        closed(1, 6)(house)
        assert Pool.objects.get().state == Pool.State.OPEN, "the coordinator's is still to come"


@pytest.mark.parametrize(
    ("change", "noticed"),
    [
        pytest.param(result(of_group=True), {"resident", "intervisor"}, id="words a group was shown"),
        pytest.param(result(of_group=False), {"coordinator"}, id="words of all groups of a program"),
        pytest.param(themes, {"resident", "intervisor"}, id="what a guide logged"),
        pytest.param(opened, {"resident", "officer"}, id="that a text was opened"),
    ],
)
def test_exactly_who_may_know_it_notices(
    house: House, change: Callable[[House], object], noticed: set[str]
) -> None:
    assert who_notices(house, change) == noticed
