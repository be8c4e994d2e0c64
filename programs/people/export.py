"""CSV that a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Iterable, Sequence

from programs.people.cells import formula_sign

BOM = "\ufeff"


def safe_cell(value: object) -> str:
    """The text of ``value``, with an apostrophe before what a spreadsheet would run; None is empty."""
    text = "" if value is None else str(value)
    is_number = isinstance(value, int | float)
    return f"'{text}" if not is_number and formula_sign(text) else text


def csv_bytes(header: Sequence[object], rows: Iterable[Sequence[object]], *, delimiter: str = ";") -> bytes:
    """UTF-8 with BOM and, by default, semicolons: what Excel in Dutch opens with a double click."""
    out = io.StringIO(newline="")
    out.write(BOM)
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow([safe_cell(cell) for cell in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode()
