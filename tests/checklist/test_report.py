"""The printed report: readable by everybody, whole for those who run the program, silent on answers for the board."""

import io
import json
from dataclasses import replace

import pikepdf
import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

import catalogue
from checklist import report
from checklist.assessing import assess
from checklist.inputs import Answers
from checklist.interplay import next_steps
from checklist.scoring import score
from intervision import clock
from programs.models import DepartmentRule
from tests.checklist.stored import PLANNED_AT, by_the_book, evening_booster
from tests.factories.programs import ProgramCoordinatorFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def today():
    with time_machine.travel(PLANNED_AT, tick=False):
        yield


def made(program, *, board=False):
    return report.pdf(assess(program, clock.now()), program, at=clock.now(), board=board)


def tagged(file):
    """Every element of the structure tree."""
    waiting = [file.Root["/StructTreeRoot"]]
    while waiting:
        found = waiting.pop()
        children = found.get("/K", [])
        waiting += [
            child
            for child in (children if isinstance(children, pikepdf.Array) else [children])
            if isinstance(child, pikepdf.Dictionary)
        ]
        if "/S" in found:
            yield found


def answered(found):
    """The same assessment with an answer to every question that members and guides are asked."""
    items = catalogue.load().items_of(found.score.format)
    by_kind = {
        kind: {item.key: Answers(3, 12) for item in items if item.measure.kind == kind}
        for kind in ("resident_feedback", "intervisor_feedback")
    }
    inputs = replace(
        found.inputs,
        resident=by_kind["resident_feedback"],
        intervisor=by_kind["intervisor_feedback"],
        facts={**found.inputs.facts, "own_case_share": 1, "intake_frame_share": 1},
    )
    scored = score(catalogue.load(), found.score.format, inputs)
    return replace(found, inputs=inputs, score=scored, written={})


def below(element):
    """An element of the structure tree and everything in it."""
    yield element
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            yield from below(child)


def tables(file):
    """The names of the columns of each table, and on how many pages it stands."""
    for table in (one for one in tagged(file) if one.S == "/Table"):
        parts = list(below(table))
        columns = sum(one.get("/S") == "/TH" for one in parts)
        yield columns, len({one.Pg.objgen for one in parts if "/Pg" in one})


@pytest.mark.parametrize("program", [by_the_book, evening_booster])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_belongs_together_stands_on_one_page(program, language):
    with translation.override(language):
        file = pikepdf.open(io.BytesIO(made(program())))

    found = [pages for columns, pages in tables(file) if columns == 4]

    assert len(found) > 10
    assert set(found) == {1}


@pytest.mark.parametrize("board", [False, True])
@pytest.mark.parametrize(
    ("language", "title"), [("en", "The conditions of Intervision"), ("nl", "De voorwaarden van Intervision")]
)
def test_the_file_says_title_and_language_and_every_figure_has_words(language, title, board):
    with translation.override(language):
        file = pikepdf.open(io.BytesIO(made(by_the_book(), board=board)))

    assert str(file.docinfo["/Title"]) == title
    assert str(file.Root["/Lang"]) == language
    assert file.Root["/MarkInfo"]["/Marked"]
    assert file.open_metadata()["pdfuaid:part"] == "1"
    assert [round(float(side)) for side in file.pages[0].mediabox] == [0, 0, 595, 842]
    elements = list(tagged(file))
    figures = [element for element in elements if element["/S"] == "/Figure"]
    assert figures
    assert all(str(figure["/Alt"]).strip() for figure in figures)
    kinds = {str(element["/S"]) for element in elements}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L"} <= kinds


def test_the_picture_says_its_finding_in_words():
    program = by_the_book()
    found = assess(program, clock.now())

    file = pikepdf.open(io.BytesIO(made(program)))

    [alt] = {str(element["/Alt"]) for element in tagged(file) if element["/S"] == "/Figure"}
    assert alt == report.described(found.score)
    assert "Preparation is strong" in alt
    assert "Preparation: 20 of 32 met" in alt


def test_the_report_has_every_condition_once_what_to_do_and_what_is_unknown():
    program = evening_booster()
    found = assess(program, clock.now())

    said = report.words(found, program, at=clock.now())

    rows = [row for layer in said["conditions"] for factor in layer["factors"] for row in factor["rows"]]
    items = catalogue.load().items_of("intervision")
    assert sorted(row["condition"] for row in rows) == sorted(str(item.statement) for item in items)
    assert all(row["source"] for row in rows)
    assert len(said["steps"]) == min(report.STEPS, len(next_steps(found.score)))
    unknown = [item for item in found.score.items.values() if item.status == "unknown"]
    assert len(said["unknown"]) == len(unknown)
    assert all(known for _condition, known in said["unknown"])
    assert "strong" not in json.dumps(said["layers"])


def test_what_does_for_three_conditions_at_once_stands_once_in_the_report():
    program = by_the_book()
    DepartmentRule.objects.all().delete()

    steps = report.words(assess(program, clock.now()), program, at=clock.now())["steps"]

    assert steps[0] == "Say who supervises or assesses these people."
    assert len(set(steps)) == len(steps)


def test_the_board_is_not_told_that_members_do_not_trust_again_yet_after_a_repair():
    program = by_the_book()
    found = answered(assess(program, clock.now()))
    repaired = replace(found, inputs=replace(found.inputs, after_repair="awaits"))

    said = [
        report.words(report.for_board(one), program, at=clock.now(), board=True) for one in (found, repaired)
    ]

    assert said[0] == said[1]


def test_the_board_reads_nothing_that_members_or_guides_answered():
    program = by_the_book()
    found = answered(assess(program, clock.now()))
    assert found.score.shown is not None

    board = report.for_board(found)

    told = {key for key, item in board.score.items.items() if item.status != "unknown"}
    kinds = {catalogue.load().items[key].measure.kind for key in told}
    assert kinds <= {"planned", "recorded", "coordinator_declared"}
    assert "opt-own-case" not in told
    assert board.score.overall is None
    unknown = report.words(board, program, at=clock.now(), board=True)
    assert unknown == report.words(
        report.for_board(answered(assess(program, clock.now()))), program, at=clock.now(), board=True
    )


def test_a_title_is_never_read_as_markup():
    program = by_the_book()
    program.title = '#read("/etc/passwd") *bold* " \\ $x$ <b>'
    program.save()

    assert made(program).startswith(b"%PDF-")


@pytest.mark.parametrize("title", ["Rust \U0001f33f", "\u4e2d\u6587", "\x1b[31m\x7f", "\ufeffx"])
def test_a_sign_that_the_font_does_not_have_does_not_keep_the_report_away(title):
    program = by_the_book()
    program.title = title
    program.save()

    assert made(program).startswith(b"%PDF-")


@pytest.mark.parametrize("name", ["report", "board-report"])
def test_a_coordinator_takes_the_report_along(client, name):
    program = by_the_book()
    client.force_login(ProgramCoordinatorFactory(program=program).user)

    answer = client.get(reverse(f"checklist:{name}", args=[program.pk]))

    assert answer.headers["Content-Type"] == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
