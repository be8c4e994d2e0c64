"""What is confidential is changed in the database; whose pages change by it is exactly who may know it.

Nobody's page, picture or file may differ for what they must not know: neither by a word, nor by a number, nor by the
shape of a line.
"""

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import pytest
import time_machine
import typst
from django.conf import settings
from django.test import Client
from django.urls import reverse

import catalogue
from checklist import picture
from checklist.models import Declaration
from intervision import clock
from sessions.models import Attendance, GroupSession, GuideRound, SessionLog
from surveys import releasing
from surveys.actions import climate, half_years
from surveys.actions.closing import close_due
from surveys.models import ClimateResult, ClimateRound, HalfYear, Pool, Result, Window
from surveys.questions import Question, keys, stored
from surveys.tallies import PoolCounts
from tests.access.test_access import by_link
from tests.access.world import House, taken_back
from tests.checklist.test_pooling import BEFORE, a_program, keep
from tests.factories.accounts import DepartmentFactory, PlacementFactory
from tests.factories.programs import GroupFactory, MembershipFactory
from tests.factories.surveys import all_answer, window
from vault.models import AccessEvent

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]
NOON = dt.datetime(2027, 1, 11, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
FELT, DECLARED = "min-safety-felt", "min-help-route"
#: Of a guide: at the end of a log, and halfway.
LOGGED, ASKED = catalogue.load().log_questions("intervision")[0].key, "opt-hierarchy-outside"
#: The link in a guide's mail opens the log, to fill in and to correct.
LOGS = {"intervisor", "guide by link"}
OF_PROGRAM = (
    "checklist:program", "checklist:program-table", "checklist:summary", "checklist:check", "checklist:next",
    "checklist:what-if", "checklist:over-time", "checklist:by-group", "checklist:answers", "checklist:json",
    "checklist:csv", "checklist:report", "checklist:board-report", "surveys:program", "desk:program", "desk:changes",
)  # fmt: skip
OF_GROUP = (
    "checklist:group", "checklist:group-table", "surveys:group", "desk:group", "sessions:group",
    "sessions:attendance-said",
)  # fmt: skip
OF_SESSION = ("sessions:session", "sessions:log")
OF_MEMBER = ("sessions:my-attendance", "sessions:certificate")
OF_HOUSE = (
    "checklist:house", "checklist:house-report", "checklist:house-csv", "checklist:house-json", "surveys:house",
    "surveys:climate", "desk:how-long",
)  # fmt: skip
OF_OTHER_GROUP = ("checklist:group", "surveys:group", "sessions:group")
OF_ONESELF = (
    "desk:home", "desk:my-data", "desk:everything-json", "desk:director", "desk:opened", "desk:opened-csv",
    "desk:purges", "programs:opened-by", "programs:list",
)  # fmt: skip
#: Taken by a button: whoever is in it sees that.
TAKEN = {"desk:opened-csv"}
#: Without what members and guides answered: for a board.
BOARD = {"checklist:board-report"}
#: For those who run the program.
OWN_FILES = {"checklist:json", "checklist:csv", "checklist:report"}
HOUSE_FILES = {"checklist:house-report", "checklist:house-csv", "checklist:house-json"}
FILES = BOARD | OWN_FILES | HOUSE_FILES | {"sessions:certificate", "desk:everything-json", "desk:opened-csv"}
LAYERS = ("preparation", "minimal", "optimizing", "climate")
#: By person and page.
Seen = dict[tuple[str, str], bytes]
#: Made anew for each page.
ANEW = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


@dataclass(frozen=True, slots=True)
class Hidden:
    """Something hidden as it is at first and as it is then; who may know the difference, and which files tell it."""

    first: Callable[[House], object]
    then: Callable[[House], object]
    noticed: set[str]
    told_in: set[str] = field(default_factory=set)


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a PDF says and draws, not yet typeset: a hundred times as fast, and ready to compare."""
    monkeypatch.setattr(
        typst, "compile", lambda source, *, sys_inputs, **how: json.dumps(sys_inputs).encode()
    )


@pytest.fixture
def house() -> Iterator[House]:
    """A group whose questions are open, with a session that was logged, and another group of the program.

    The house is asked about its climate, and its director reads of three groups more.
    """
    with time_machine.travel(NOON, tick=False):
        made = House()
        made.fellows = [MembershipFactory(group=made.group) for _ in range(6)]  # type: ignore[attr-defined]
        made.other_group = GroupFactory(program=made.program)  # type: ignore[attr-defined]
        made.other = MembershipFactory(group=made.other_group).user  # type: ignore[attr-defined]
        began = {"starts_at": NOON - 50 * HOUR, "ends_at": NOON - 48 * HOUR}
        GroupSession.objects.filter(pk=made.session.pk).update(state="logged", **began)
        SessionLog.objects.create(session=made.session, logged_by=made.intervisor)
        made.asked = GuideRound.objects.create(  # type: ignore[attr-defined]
            group=made.group,
            kind="midway",
            questions=[ASKED],
            opens_at=NOON - HOUR,
            closes_at=NOON + 24 * HOUR,
        )
        places = (made.membership, *made.fellows)  # type: ignore[attr-defined]
        for place, state in zip(places, ("present", "present", "absent"), strict=False):
            Attendance.objects.create(session=made.session, membership=place, state=state)
        made.window = window(  # type: ignore[attr-defined]
            made.group, questions=(Question(FELT),), opens_at=NOON - HOUR, closes_at=NOON + 24 * HOUR,
            waits_until=NOON + 48 * HOUR, pool_closes_at=NOON + 48 * HOUR,
        )  # fmt: skip
        Declaration.objects.create(program=made.program, item=DECLARED, answer="partly", note="Not yet.")
        made.round = asked_about_climate(made)  # type: ignore[attr-defined]
        made.half = half_year(made)  # type: ignore[attr-defined]
        keep(a_program(made.institution, groups=3, people=4), BEFORE)
        yield made


def asked_about_climate(house: House) -> ClimateRound:
    """Staff of three departments, of which two are too small alone, and residents of one."""
    small = [DepartmentFactory(institution=house.institution) for _ in range(2)]
    for _ in range(5):
        PlacementFactory(department=house.department)
    staff = {
        place.pk: [f"{place.pk.hex}{number}@example.org" for number in range(count)]
        for place, count in zip((house.department, *small), (5, 3, 3), strict=True)
    }
    return climate.open_round(
        house.institution, [house.department, *small], staff, closes_at=NOON + 24 * HOUR,
        by=house.coordinator, at=NOON - HOUR,
    )  # fmt: skip


def half_year(house: House) -> HalfYear:
    """The half-year that is over, with nothing in it and not yet closed. So much was asked that rings can tell it."""
    items = catalogue.load().items_of("intervision")
    felt = [Question(item.key) for item in items if item.measure.kind == "resident_feedback"]
    half = HalfYear(
        institution=house.institution, format="intervision", kind="pulse", from_on=dt.date(2026, 7, 1),
        questions=stored(felt), closes_at=NOON - HOUR,
    )  # fmt: skip
    PoolCounts(half).seal()
    half.save()
    return half


def people(house: House) -> dict[str, Client]:
    names = (
        "coordinator", "intervisor", "resident", "director", "administrator", "officer", "independent",
        "stranger", "other",
    )  # fmt: skip
    found = {}
    for name in names:
        found[name] = Client()
        found[name].force_login(getattr(house, name))
    found |= {f"{purpose} by link": by_link(house, purpose) for purpose in ("guide", "take_part")}
    for client in found.values():
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return found


def pages(house: House) -> dict[str, str]:
    """The address of each, by its name."""
    program, group = house.program.pk, house.group.pk
    about: tuple[tuple[Iterable[str], object], ...] = (
        (OF_PROGRAM, program),
        (OF_GROUP, group),
        (OF_SESSION, house.session.pk),
        (OF_MEMBER, house.membership.pk),
        (OF_HOUSE, house.institution.slug),
        (["surveys:climate-round"], house.round.pk),  # type: ignore[attr-defined]
        (["sessions:guide-round"], house.asked.pk),  # type: ignore[attr-defined]
    )
    found = {name: reverse(name, args=[pk]) for names, pk in about for name in names}
    found |= {name: reverse(name) for name in OF_ONESELF}
    other = house.other_group.pk  # type: ignore[attr-defined]
    found |= {f"{name} of the other": reverse(name, args=[other]) for name in OF_OTHER_GROUP}
    for kind, pk in (("program", program), ("group", group)):
        name = f"checklist:{kind}-layer"
        found |= {f"{name} {layer}": reverse(name, args=[pk, layer]) for layer in LAYERS}
    return found


def seen(house: House, everybody: dict[str, Client]) -> Seen:
    """Each page as each of them gets it."""
    with taken_back():
        return {
            (name, page): ANEW.sub(b"", (client.post if page in TAKEN else client.get)(address).content)
            for name, client in everybody.items()
            for page, address in pages(house).items()
        }


def changed(house: House, everybody: dict[str, Client], change: Callable[[House], object]) -> Seen:
    with taken_back():
        change(house)
        picture.take_due(
            at=clock.now()
        )  # as the minute's task does: otherwise a director has nothing to read
        return seen(house, everybody)


def who_notices(house: House, first: Callable[[House], object], then: Callable[[House], object]) -> set[str]:
    """Whose pages differ between ``first`` and ``then``."""
    everybody = people(house)
    without, found = (changed(house, everybody, change) for change in (first, then))
    return {name for name, _page in otherwise(without, found)}


def otherwise(first: Seen, then: Seen) -> set[tuple[str, str]]:
    return {key for key in first if first[key] != then[key]}


def together(*changes: Callable[[House], object]) -> Callable[[House], object]:
    def change(house: House) -> None:
        for each in changes:
            each(house)

    return change


def nothing(house: House) -> None:
    """As it is."""


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
    SessionLog.objects.update(themes=["workload"], own_case=True, next_step=True)


def answered_in_log(value: int) -> Callable[[House], object]:
    return lambda house: SessionLog.objects.update(answers={LOGGED: value})


def answered_halfway(value: int) -> Callable[[House], object]:
    return lambda house: GuideRound.objects.update(
        answers={ASKED: value}, answered_by=house.intervisor, answered_at=NOON
    )


def opened(house: House) -> None:
    AccessEvent.objects.create(
        at=NOON - HOUR, actor_id=house.intervisor.pk, owner_id=house.resident.pk, kind="programs.learninggoal",
        about_id=house.membership.pk, house_id=house.institution.pk,
    )  # fmt: skip


def said_of_climate(part: str, value: int) -> Callable[[House], object]:
    """By the staff of a department shown ``alone``, of those shown ``together``, or by residents, ``few`` of them."""

    def change(house: House) -> None:
        for stratum in house.round.strata.all():  # type: ignore[attr-defined]
            large = "alone" if stratum.department == house.department else "together"
            if part == (large if stratum.who == "staff" else "few"):
                for invitation in stratum.invitations.order_by("pk")[: 3 if part == "few" else 5]:
                    climate.answer(invitation, dict.fromkeys(keys(stratum.asked), value), at=NOON)

    return change


def said_in_half_year(value: int, groups: int = 3) -> Callable[[House], object]:
    """By twelve people of so many groups."""

    def change(house: House) -> None:
        half = HalfYear.objects.get()
        sums = PoolCounts(half)
        for _ in range(12):
            sums.add(dict.fromkeys(sums.items, releasing.one(value)), 1, told=True)
        sums.seal()
        half.groups = [uuid.uuid4() for _ in range(groups)]
        half.save()

    return change


def released(house: House) -> None:
    """What was said of the climate, and in the half-year, as far as it may be."""
    ClimateRound.objects.update(closes_at=NOON)
    climate.close(house.round.pk, at=NOON)  # type: ignore[attr-defined]
    half_years.close(house.half.pk, at=NOON)  # type: ignore[attr-defined]


def declared(**fields: str) -> Callable[[House], object]:
    return lambda house: Declaration.objects.update(**fields)


def were_there(*states: str) -> Callable[[House], object]:
    """The resident of these pages and two fellows."""

    def change(house: House) -> None:
        places = (house.membership, *house.fellows)  # type: ignore[attr-defined]
        for place, state in zip(places, states, strict=False):
            Attendance.objects.filter(membership=place).update(state=state)

    return change


def test_answers_are_noticed_by_nobody_before_they_are_released(house: House) -> None:
    """Neither what they are nor that there are any."""
    climate_of_all = (said_of_climate(part, 1) for part in ("alone", "together", "few"))
    assert (
        who_notices(house, nothing, together(answers(1, 6), *climate_of_all, said_in_half_year(1))) == set()
    )


def test_what_too_few_answered_is_noticed_by_nobody_also_when_it_is_closed(house: House) -> None:
    first, then = (
        together(
            said_of_climate("alone", 5),
            said_of_climate("few", value),
            said_in_half_year(value, groups=2),
            closed(value, 4),
            released,
        )
        for value in (1, 5)
    )
    assert who_notices(house, first, then) == set()
    with taken_back():
        first(house)
        assert Window.objects.get().state == Window.State.WAITING
        assert not Result.objects.exists()
        assert set(ClimateResult.objects.values_list("who", flat=True)) == {"staff"}
        assert HalfYear.objects.get().state == HalfYear.State.DESTROYED


def test_what_enough_answered_is_noticed_by_the_group_and_its_guide_alone(house: House) -> None:
    assert who_notices(house, closed(1, 6), closed(5, 6)) == {"resident", "intervisor"}
    with taken_back():
        closed(1, 6)(house)
        assert Pool.objects.get().state == Pool.State.OPEN, "the coordinator's is still to come"


#: Of a declaration its answer counts in the rings that members and guides see too, as every condition does; what is
#: noted with it stays with those who run the program, and whom they hand their files.
HIDDEN = {
    "words a group was shown": Hidden(nothing, result(of_group=True), {"resident", "intervisor"}),
    "words of all groups": Hidden(nothing, result(of_group=False), {"coordinator"}, OWN_FILES),
    "what a guide logged": Hidden(
        nothing, themes, {"resident", "take_part by link", *LOGS}, {"desk:everything-json"}
    ),
    "what a guide answered in the log": Hidden(
        answered_in_log(5), answered_in_log(1), LOGS, {"desk:everything-json"}
    ),
    "what a guide answered halfway": Hidden(
        answered_halfway(5), answered_halfway(1), {"intervisor"}, {"desk:everything-json"}
    ),
    "that a text was opened": Hidden(
        nothing, opened, {"resident", "officer"}, {"desk:everything-json", "desk:opened-csv"}
    ),
    "words of all programs": Hidden(said_in_half_year(5), said_in_half_year(1), {"director"}, HOUSE_FILES),
    "climate where members work": Hidden(
        said_of_climate("alone", 5), said_of_climate("alone", 1),
        {"coordinator", "director", "resident", "intervisor", "other"}, OWN_FILES | BOARD,
    ),
    "climate of small departments": Hidden(
        said_of_climate("together", 5), said_of_climate("together", 1), {"coordinator", "director"}
    ),
    "what a coordinator noted": Hidden(
        nothing, declared(note="The wards refuse."), {"coordinator"}, OWN_FILES | BOARD
    ),
    "what a coordinator answered": Hidden(
        nothing, declared(answer="no"), {"coordinator", "resident", "intervisor", "other"}, OWN_FILES | BOARD
    ),
    "who of the others was there": Hidden(
        nothing, were_there("present", "absent", "present"), LOGS
    ),
    "whether one was there oneself": Hidden(
        nothing, were_there("absent", "present", "present"), {"resident", *LOGS},
        {"sessions:certificate", "desk:everything-json"},
    ),
    "how many were there": Hidden(
        nothing, were_there("present", "present", "present"), {"coordinator", *LOGS}, OWN_FILES | BOARD
    ),
}  # fmt: skip


def test_exactly_who_may_know_it_notices_and_exactly_the_files_that_may_tell_it_do(house: House) -> None:
    everybody = people(house)

    def with_then(name: str) -> Seen:
        all_of_it = (each.then if key == name else each.first for key, each in HIDDEN.items())
        return changed(house, everybody, together(*all_of_it, released))

    first = with_then("")
    found = {name: otherwise(first, with_then(name)) for name in HIDDEN}

    assert {name: {person for person, _page in pairs} for name, pairs in found.items()} == {
        name: each.noticed for name, each in HIDDEN.items()
    }
    assert {name: {page for _person, page in pairs} & FILES for name, pairs in found.items()} == {
        name: each.told_in for name, each in HIDDEN.items()
    }
