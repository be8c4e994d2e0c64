"""A workbook into lines of cells. Never raises: a workbook that cannot be read is a problem."""

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from openpyxl import load_workbook

from programs.people.problems import Problem
from programs.people.table import MOST_CELLS, MOST_ROWS, Line, Table

MOST_UNZIPPED = 25 * 1024 * 1024
MOST_PARTS = 500
# A list of 20,000 rows and 15 columns has 1.2 million; reading takes time for each.
MOST_TAGS = 2_000_000
# Rows that are looked at, empty ones included: a sheet can claim a million.
MOST_LOOKED_AT = 100_000

DOCTYPE = b"<!DOCTYPE"
ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_xlsx(content: bytes) -> Table:
    """The first sheet that is not hidden; a formula counts as the value that was last calculated."""
    problem = _refusal(content)
    if problem:
        return Table(problems=(problem,))
    try:
        return _read(content)
    except Exception:  # openpyxl raises whatever its parsers do: KeyError, ParseError, struct.error ...
        return Table(problems=(Problem("broken_workbook"),))


def _refusal(content: bytes) -> Problem | None:
    """Look into the archive before it is unpacked."""
    if content.startswith(OLD_OFFICE):
        # A workbook with a password is wrapped in the old format.
        is_locked = b"E\0n\0c\0r\0y\0p\0t\0" in content
        return Problem("locked_workbook" if is_locked else "old_excel")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNZIPPED:
                return Problem("workbook_too_big")
            if any(part.flag_bits & 1 for part in parts):
                return Problem("locked_workbook")
            tags, declares = zip(*(_look_into(archive, part) for part in parts), strict=True)
            if any(declares):
                return Problem("broken_workbook")
            if sum(tags) > MOST_TAGS:
                return Problem("workbook_too_big")
            if "[Content_Types].xml" not in archive.namelist():
                return Problem("not_a_table")
    except Exception:  # a damaged archive fails in many ways: BadZipFile, NotImplementedError, zlib.error ...
        return Problem("broken_workbook")
    return None


def _look_into(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[int, bool]:
    """The tags of a part, and whether it declares a document type, with which entities blow the parser up."""
    tags, declares, last = 0, False, b""
    with archive.open(part) as file:
        while piece := file.read(1024 * 1024):
            tags += piece.count(b"<")
            joined = last + piece.replace(b"\0", b"")  # UTF-16 too
            declares = declares or DOCTYPE in joined
            last = joined[1 - len(DOCTYPE) :]
    return tags, declares


def _read(content: bytes) -> Table:
    workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = next((sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"), None)
        if sheet is None:
            return Table(problems=(Problem("empty"),))
        sheet.reset_dimensions()  # what the file claims to span is not to be trusted
        return _table(sheet.iter_rows(max_col=MOST_CELLS, max_row=MOST_LOOKED_AT, values_only=True))
    finally:
        workbook.close()


def _table(rows: Iterable[tuple[Any, ...]]) -> Table:
    header: tuple[str, ...] | None = None
    lines: list[Line] = []
    for number, values in enumerate(rows, start=1):
        cells = tuple(_text(value) for value in values)
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = cells
        elif len(lines) == MOST_ROWS:
            return Table(problems=(Problem("too_many_rows", {"most": MOST_ROWS}),))
        else:
            lines.append(Line(number, cells))
    return Table(header, tuple(lines)) if header else Table(problems=(Problem("empty"),))


def _text(value: Any) -> str:
    """A cell as somebody would have typed it: 3.0 is 3, a date is written as in ISO."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value)
