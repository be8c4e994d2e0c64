"""Everybody reads of a checklist exactly what they may: on every page, in every picture, file and report."""

import csv
import datetime as dt
import io
import json

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

import catalogue
from checklist import report
from checklist.assessing import assess
from checklist.drawing import four_rings
from checklist.inputs import Answers, Inputs
from checklist.models import Declaration, Justification
from checklist.places import Place
from checklist.scoring import score
from concerns.models import LeakReport
from intervision import clock
from surveys.models import Result
from tests.access.world import House
from tests.checklist.stored import FIRST, PLANNED_AT
from tests.factories.programs import GroupFactory, GuideFactory, MembershipFactory
from tests.factories.sessions import GroupSessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
NOTE, REASON = "Kanarienoteringvogel", "Kanarieredenvogel"
#: Told to the first group alone, to the second alone, and to the coordinator, pooled.
ONE, OTHER, POOLED = "min-safety-felt", "min-depth-felt", "min-stays-in-group"
PROGRAM = ("program", "program-table", "next", "what-if", "summary", "check", "json", "csv")
LAYERS = ("preparation", "minimal", "optimizing", "climate")
GROUP = ("group", "group-table")


@pytest.fixture
def today():
    with time_machine.travel(PLANNED_AT, tick=False):
        yield


@pytest.fixture
def house():
    """Two groups that were each shown a word of their own, and a coordinator who was shown another."""
    made = House()
    made.other = GroupFactory(program=made.program, name="Group of others")
    made.other_guide = GuideFactory(group=made.other).user
    made.other_resident = MembershipFactory(group=made.other).user
    for group, item in ((made.group, ONE), (made.other, OTHER), (None, POOLED)):
        Result.objects.create(
            program=made.program, group=group, kind="pulse", slot=1, words={item: "attention"},
            people_at_least=5, released_at=PLANNED_AT,
        )  # fmt: skip
    Declaration.objects.create(program=made.program, item="min-help-route", answer="partly", note=NOTE)
    Justification.objects.create(program=made.program, item="prep-onsite", text=REASON)
    LeakReport.objects.create(group=made.group, kind="outside", reporter=made.resident, state="confirmed")
    return made


def signed_in(user):
    client = Client()
    client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def read(user, name, *args):
    """Status and text of a page."""
    answer = signed_in(user).get(reverse(f"checklist:{name}", args=args))
    return answer.status_code, answer.content.decode(errors="replace")


def pages_of_program(house):
    pages = [(name, (house.program.pk,)) for name in (*PROGRAM, "report", "board-report")]
    return pages + [("program-layer", (house.program.pk, key)) for key in LAYERS]


def pages_of_group(group):
    return [(name, (group.pk,)) for name in GROUP] + [("group-layer", (group.pk, key)) for key in LAYERS]


def everything(user, pages):
    """What ``user`` gets to read of ``pages``, which are all theirs."""
    found = {(name, *args): read(user, name, *args) for name, args in pages}
    assert {status for status, _text in found.values()} == {200}, found.keys()
    return {key: text for key, (_status, text) in found.items()}


def state(page, item):
    """The state of a condition on the page of its layer."""
    return page.partition(f'id="{item}"')[2].partition('data-status="')[2].partition('"')[0]


def minimal(user, group):
    return read(user, "group-layer", group.pk, "minimal")[1]


def test_a_group_reads_the_words_it_was_shown_and_no_other(house):
    for user, group, own, foreign in (
        (house.resident, house.group, ONE, OTHER),
        (house.intervisor, house.group, ONE, OTHER),
        (house.other_resident, house.other, OTHER, ONE),
        (house.other_guide, house.other, OTHER, ONE),
    ):
        page = minimal(user, group)
        assert [state(page, item) for item in (own, foreign, POOLED)] == ["not_met", "unknown", "unknown"]


def test_a_coordinator_reads_what_is_pooled_and_of_a_group_no_answer(house):
    pooled = read(house.coordinator, "program-layer", house.program.pk, "minimal")[1]
    of_group = minimal(house.coordinator, house.group)

    assert [state(pooled, item) for item in (POOLED, ONE, OTHER)] == ["not_met", "unknown", "unknown"]
    assert {state(of_group, item) for item in (POOLED, ONE, OTHER)} == {"unknown"}


def test_files_and_reports_hold_what_their_reader_sees_on_the_page(house):
    data = json.loads(read(house.coordinator, "json", house.program.pk)[1])
    table = read(house.coordinator, "csv", house.program.pk)[1]
    found, now = assess(house.program, clock.now()), clock.now()

    known = {row["condition"]: row["status"] for row in data["conditions"]}
    assert [known[item] for item in (POOLED, ONE, OTHER)] == ["Not met", "Not yet known", "Not yet known"]
    lines = {item: next(line for line in table.splitlines() if item in line) for item in (POOLED, ONE, OTHER)}
    assert ["Not met" in lines[item] for item in (POOLED, ONE, OTHER)] == [True, False, False]
    for board in (False, True):
        shown = report.for_board(found) if board else found
        said = report.words(shown, house.program, at=now, board=board)
        rows = [row for layer in said["conditions"] for part in layer["factors"] for row in part["rows"]]
        states = {row["condition"]: row["state"] for row in rows}
        told = [states[str(catalogue.load().items[item].statement)] for item in (POOLED, ONE, OTHER)]
        assert told == ["Not yet known" if board else "Not met", "Not yet known", "Not yet known"]


def test_no_cell_of_the_table_is_a_formula(house):
    Justification.objects.filter(item="prep-onsite").update(text='=HYPERLINK("https://evil.invalid")')

    table = read(house.coordinator, "csv", house.program.pk)[1]

    cells = [cell for row in csv.reader(io.StringIO(table.lstrip("\ufeff")), delimiter=";") for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells)


def test_a_condition_says_when_it_was_answered_its_weight_and_how_much_is_known(house):
    own = read(house.coordinator, "program-layer", house.program.pk, "minimal")[1]
    of_group = minimal(house.resident, house.group)

    for page, item in ((own, POOLED), (of_group, ONE)):
        said = page.partition(f'id="{item}"')[2].partition("</li>")[0]
        assert 'datetime="2026-09-01"' in said
        assert "<dt>Weight</dt>" in said
        assert "% known by weight" in page
    rows = csv.DictReader(io.StringIO(read(house.coordinator, "csv", house.program.pk)[1][1:]), delimiter=";")
    assert {row["condition"]: row["answered_on"] for row in rows}[POOLED] == "2026-09-01"


@pytest.mark.parametrize(("months", "is_old"), [(5, False), (7, True)])
def test_answers_of_more_than_half_a_year_ago_fade_before_they_stop_counting(house, months, is_old):
    with time_machine.travel(clock.now() + dt.timedelta(days=months * 31), tick=False):
        page = minimal(house.resident, house.group)
    said = page.partition(f'id="{ONE}"')[2].partition("</li>")[0]

    assert state(page, ONE) == "not_met"
    assert ("data-old" in said, "More than half a year ago" in said) == (is_old, is_old)


def test_what_the_coordinator_noted_stays_with_coordinators(house):
    own = everything(house.coordinator, pages_of_program(house))
    assert any(NOTE in text for text in own.values())
    assert any(REASON in text for text in own.values())

    for user in (house.resident, house.intervisor):
        texts = everything(user, pages_of_group(house.group)).values()
        assert not any(NOTE in text or REASON in text for text in texts)


def test_members_read_words_and_nothing_that_was_counted(house):
    GroupSessionFactory(group=house.group, starts_at=FIRST, state="planned")

    texts = everything(house.resident, pages_of_group(house.group))

    measured = ("In a group:", "Between sessions:", "A session:", "Reports found true")
    assert not any(words in text for words in measured for text in texts.values())
    assert any(words in read(house.intervisor, "group-table", house.group.pk)[1] for words in measured)
    assert all("of 100" not in text for text in texts.values())


def test_members_read_that_it_is_no_task_for_them_and_what_they_can_do(house):
    texts = everything(house.resident, pages_of_group(house.group))
    guides = everything(house.intervisor, pages_of_group(house.group))

    assert all("none of it is a task for you" in text for text in texts.values())
    assert not any("none of it is a task for you" in text for text in guides.values())
    first = read(house.resident, "group", house.group.pk)[1]
    assert "What you can do: answer the questions when they come" in first
    assert reverse("concerns:new", args=[house.group.pk]) in first


def test_a_member_is_not_told_that_a_report_was_made(house):
    incident = next(
        item.key for item in catalogue.load().items_by_fact("confidentiality_incidents", "intervision")
    )

    layer = catalogue.load().items[incident].layer
    pages = [
        read(user, "group-layer", house.group.pk, layer)[1] for user in (house.resident, house.intervisor)
    ]

    assert [state(page, incident) for page in pages] == ["unknown", "not_met"]
    assert "Stop and look" not in read(house.resident, "group", house.group.pk)[1]


@pytest.mark.parametrize(
    "name", ["resident", "intervisor", "director", "administrator", "stranger", "independent"]
)
def test_pages_of_the_program_are_for_those_who_run_it(house, name):
    for page, args in pages_of_program(house):
        status, text = read(getattr(house, name), page, *args)
        assert status in (403, 404), page
        assert NOTE not in text


@pytest.mark.parametrize("name", ["other_resident", "other_guide", "director", "administrator", "stranger"])
def test_a_group_is_not_there_for_others(house, name):
    for page, args in pages_of_group(house.group):
        assert read(getattr(house, name), page, *args)[0] == 404


@pytest.mark.parametrize(("of", "alike"), [("group", True), ("program", False)])
def test_a_picture_of_a_group_tells_no_more_than_its_word(house, of, alike):
    """62 and 78 of 100 are both workable."""
    pictures = []
    asked = [item.key for item in catalogue.load().items.values() if item.measure.kind == "resident_feedback"]
    for mean in (3.5, 4.1):
        inputs = Inputs(resident=dict.fromkeys(asked, Answers(mean, 5)))
        found = score(catalogue.load(), "intervision", inputs)
        pictures.append(four_rings(found, Place(of, house.group.pk), title="The conditions"))

    assert (pictures[0] == pictures[1]) is alike
