"""What we write, a spreadsheet opens without running it."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.people.export import csv_bytes, safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "＝1"])
def test_dangerous_cells_are_prefixed(text):
    assert safe_cell(text) == f"'{text}"


def test_numbers_plain_text_and_nothing_stay_as_they_are():
    assert [safe_cell(value) for value in (-3, 2.5, "a-b", None, "")] == ["-3", "2.5", "a-b", "", ""]


def test_the_file_opens_in_dutch_excel_and_reads_back():
    content = csv_bytes(["naam", "=x"], [["Zoë; Bé", 'a "b"\nc']])

    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines(keepends=True), delimiter=";"))
    assert rows == [["naam", "'=x"], ["Zoë; Bé", 'a "b"\nc']]


@given(st.text())
def test_no_cell_begins_with_a_sign(text):
    assert not safe_cell(text).strip().startswith(("=", "+", "-", "@"))
