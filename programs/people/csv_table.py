"""Bytes or pasted text into lines of cells. Never raises: what cannot be read is a problem with its line."""

import codecs
import csv
import re
from collections.abc import Iterator

from programs.people.columns import field_of
from programs.people.problems import Problem
from programs.people.table import MOST_CELLS, MOST_ROWS, Line, Table

DELIMITERS = (";", ",", "\t")
# A person's row has few line breaks inside quotes; more means that a quotation mark was forgotten.
MOST_LINES_IN_ROW = 10
LONGEST_LINE = 20_000

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_csv(content: bytes) -> Table:
    """UTF-8 with or without BOM, UTF-16 with BOM, or cp1252, whichever spoils the fewest lines."""
    if content.startswith(_UTF16):
        return _read(content.decode("utf-16", errors="replace"), broken=None)
    has_bom = content.startswith(codecs.BOM_UTF8)
    content = content.removeprefix(codecs.BOM_UTF8)
    if b"\0" in content:
        return Table(problems=(Problem("not_a_table"),))
    raw = re.split(rb"\r\n|\r|\n", content)
    encoding = "utf-8" if has_bom else _encoding_of(raw)
    broken = {number for number, line in enumerate(raw, start=1) if not _decodes(line, encoding)}
    return _read("\n".join(line.decode(encoding, errors="replace") for line in raw), broken=broken)


def read_pasted(text: str) -> Table:
    """A table copied from a spreadsheet (tabs) or from a CSV file."""
    return _read(text, broken=None)


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _encoding_of(raw: list[bytes]) -> str:
    """UTF-8 if lines with accents are more often valid UTF-8 than not, else cp1252."""
    accented = [line for line in raw if not line.isascii()]
    valid = sum(_decodes(line, "utf-8") for line in accented)
    return "utf-8" if 2 * valid >= len(accented) else "cp1252"


def _read(text: str, *, broken: set[int] | None) -> Table:
    """Read ``text``; ``broken`` are the lines with bytes that did not decode, None to look for the marks."""
    lines = re.split(r"\r\n|\r|\n", text)
    if broken is None:
        broken = {number for number, line in enumerate(lines, start=1) if "\ufffd" in line}
    start = next((number for number, line in enumerate(lines) if line.strip()), None)
    if start is None:
        return Table(problems=(Problem("empty"),))
    told = re.fullmatch(r' *"?sep=([;,\t])"?[;,\t ]*', lines[start], re.IGNORECASE)
    start += 1 if told else 0
    delimiter = told[1] if told else _delimiter_of(lines[start : start + MOST_LINES_IN_ROW])
    header: tuple[str, ...] | None = None
    rows: list[Line] = []
    for line in _records(lines, start, delimiter, broken):
        if header is None:
            header = line.cells
        elif len(rows) == MOST_ROWS:
            return Table(problems=(Problem("too_many_rows", {"most": MOST_ROWS}),))
        else:
            rows.append(line)
    return Table(header or (), tuple(rows)) if header else Table(problems=(Problem("empty"),))


def _delimiter_of(first_lines: list[str]) -> str:
    """The separator under which the first row names most columns that we know, then most columns."""

    def found(delimiter: str) -> tuple[int, int]:
        text, _ = _join(first_lines, 0, delimiter)
        cells = _split(text or "", delimiter) or []
        return sum(field_of(cell) is not None for cell in cells), len(cells)

    return max(DELIMITERS, key=found)


def _records(lines: list[str], start: int, delimiter: str, broken: set[int]) -> Iterator[Line]:
    """Rows with the number of their first line from 1; empty rows are passed over."""
    at = start
    while at < len(lines):
        number = at + 1
        text, after = _join(lines, at, delimiter)
        damaged = next((line for line in range(number, after + 1) if line in broken), None)
        at = after
        if text is None:
            yield Line(
                number, _split_plainly(lines[number - 1], delimiter), Problem("open_quote", {"line": number})
            )
            continue
        cells = _split(text, delimiter)
        if cells is None:
            yield Line(number, (), Problem("too_long", {"line": number}))
        elif damaged is not None:
            yield Line(number, tuple(cells), Problem("undecodable", {"line": damaged}))
        elif any(cell.strip() for cell in cells):
            yield Line(number, tuple(cells))


def _join(lines: list[str], at: int, delimiter: str) -> tuple[str | None, int]:
    """The row that begins in line ``at`` with the line breaks inside its quotes, and the line after it.

    None instead of the row, and only one line used up, when a quotation mark is never closed.
    """
    is_open = _is_open(lines[at], delimiter, is_open=False)
    after = at + 1
    while is_open and after < min(at + MOST_LINES_IN_ROW, len(lines)):
        is_open = _is_open(lines[after], delimiter, is_open=True)
        after += 1
    return (None, at + 1) if is_open else ("\n".join(lines[at:after]), after)


def _is_open(line: str, delimiter: str, *, is_open: bool) -> bool:
    """Whether ``line`` ends inside quotes; a mark in the middle of an unquoted cell is a plain character."""
    if '"' not in line:
        return is_open
    at_start = not is_open
    for char in line[:LONGEST_LINE]:
        if char == '"' and (is_open or at_start):
            is_open = not is_open
            at_start = not is_open  # a doubled mark opens again
        elif not is_open:
            at_start = char == delimiter
    return is_open


def _split(text: str, delimiter: str) -> list[str] | None:
    """The cells of one row, None when it cannot be one."""
    if len(text) > LONGEST_LINE:
        return None
    try:
        return next(csv.reader([text], delimiter=delimiter), [])[: MOST_CELLS + 1]
    except csv.Error:
        return None


def _split_plainly(line: str, delimiter: str) -> tuple[str, ...]:
    return tuple(cell.strip('"') for cell in line[:LONGEST_LINE].split(delimiter)[:MOST_CELLS])
