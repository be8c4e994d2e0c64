"""Workbooks are read like CSV files, and hostile ones are refused before they are unpacked."""

import zipfile
from collections.abc import Sequence
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from programs.people import xlsx_table
from programs.people.reading import Reading, read_file

HEADER = ["Naam", "E-mail", "Jaar", "Personeelsnummer", "Afdeling"]


def workbook(*rows: Sequence[object]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def archive(**parts: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def read(content: bytes) -> Reading:
    return read_file(content, "list.xlsx", program_format="intervision")


def test_numbers_and_dates_are_read_as_typed_and_empty_rows_keep_the_numbering():
    reading = read(
        workbook(
            HEADER,
            ["An Smit", "an@huis.nl", 3, 17.0, "Zuid"],
            [],
            ["Bo Wit", "bo@huis.nl", "vier", None, date(2027, 1, 4)],
        )
    )

    first, second = reading.rows
    assert (first.values.training_year, first.values.personnel_number) == (3, "17")
    assert (second.number, second.values.department) == (4, "2027-01-04")
    assert second.errors["training_year"][0].code == "not_a_year"


def test_text_that_begins_like_a_formula_is_refused_by_cell():
    content = workbook(
        HEADER, ["An Smit", "an@huis.nl", 3, "17", "'+1"], ["Bo Wit", "bo@huis.nl", 3, "@18", ""]
    )

    good, bad = read(content).rows

    assert good.is_good
    assert bad.errors["personnel_number"][0].message.startswith("Cell D3 begins with @")


def test_a_hidden_sheet_is_not_read():
    book = Workbook()
    hidden, shown = book.active, book.create_sheet("shown")
    assert hidden is not None
    hidden.append(["secret"])
    hidden.sheet_state = "hidden"
    shown.append(HEADER)
    shown.append(["An Smit", "an@huis.nl", 3])
    out = BytesIO()
    book.save(out)

    assert [row.values.name for row in read(out.getvalue()).rows] == ["An Smit"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (
            archive(**{"[Content_Types].xml": b"<a/>", "big.xml": b" " * (51 * 1024 * 1024)}),
            "workbook_too_big",
        ),
        (archive(**{"[Content_Types].xml": b"<a/>", "sheet.xml": b"<c/>" * 2_000_001}), "workbook_too_big"),
        (archive(**{f"{n}.xml": b"" for n in range(501)}), "workbook_too_big"),
        (archive(**{"word.txt": b"a plain archive"}), "not_a_table"),
        (archive(**{"[Content_Types].xml": b"<a/>"}), "broken_workbook"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked_workbook"),
        (workbook(), "empty"),
    ],
)
def test_a_workbook_that_cannot_be_used_is_refused(content, code):
    reading = read(content)

    assert [problem.code for problem in reading.problems] == [code]
    assert reading.problems[0].message


def test_more_rows_than_we_take_are_refused(monkeypatch):
    monkeypatch.setattr(xlsx_table, "MOST_ROWS", 2)

    reading = read(workbook(HEADER, *[["An Smit", f"{n}@huis.nl", 3] for n in range(3)]))

    assert [problem.code for problem in reading.problems] == ["too_many_rows"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("before", [0, 4000, 1024 * 1024 - 3])
def test_a_workbook_that_declares_entities_is_not_opened(before, encoding):
    """Also where a long comment stands before it, or half of it in the next piece that is read."""
    with zipfile.ZipFile(BytesIO(GOOD)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    text = parts[sheet].decode().removeprefix("<?xml version='1.0'?>")
    hostile = f'<!--{"x" * before}--><!DOCTYPE a [<!ENTITY b "c">]>{text}'.encode(encoding)

    assert read(archive(**parts)).problems == ()
    assert [problem.code for problem in read(archive(**parts | {sheet: hostile})).problems] == [
        "broken_workbook"
    ]


GOOD = workbook(HEADER, ["An Smit", "an@huis.nl", 3, 17, "Zuid"])


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=4), st.integers(0, len(GOOD)))
def test_a_damaged_workbook_never_raises(at, junk, end):
    damaged = (GOOD[:at] + junk + GOOD[at + len(junk) :])[: max(end, 4)]

    reading = read(damaged)

    assert reading.problems or reading.rows
