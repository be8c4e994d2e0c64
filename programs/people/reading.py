"""Read people from a file or pasted text: every row with its values and all that is wrong with it.

Nothing here raises, stores, sends or looks anybody up. ``read_file`` and ``read_pasted`` give a Reading;
``read_row`` reads one row again after it was mended on the page, and ``recheck`` and ``pairs_in`` then look at
all rows together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from openpyxl.utils import get_column_letter

from programs.people import cells
from programs.people.columns import Columns, fields_of, recognise, required_of
from programs.people.csv_table import read_csv
from programs.people.csv_table import read_pasted as pasted_table
from programs.people.names import SamePerson, pairs_of_similar_names
from programs.people.problems import Problem
from programs.people.table import MOST_BYTES, Line, Table
from programs.people.xlsx_table import OLD_OFFICE, ZIP, read_xlsx

READERS: dict[str, Any] = {
    "name": cells.read_name,
    "email": cells.read_email,
    "training_year": cells.read_training_year,
    "specialty": cells.read_text,
    "discipline": cells.read_text,
    "department": cells.read_text,
    "supervisors": cells.read_supervisors,
    "grid": cells.read_half_days,
    "personnel_number": cells.read_text,
}


@dataclass(frozen=True, slots=True)
class Values:
    """One person as the file says; empty or None is not known.

    ``grid`` is fourteen letters as in ``half_days``. ``supervisors`` are names or e-mail addresses.
    """

    name: str = ""
    email: str = ""
    training_year: int | None = None
    specialty: str = ""
    discipline: str = ""
    department: str = ""
    supervisors: tuple[str, ...] = ()
    grid: str = ""
    personnel_number: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``number`` is its line in a CSV file or its row in a sheet, from 1.

    ``cells`` hold what was typed, for showing a row that has to be mended. ``errors`` go by field, and
    under ``row`` what is wrong with the row as a whole.
    """

    number: int
    cells: Mapping[str, str]
    values: Values
    errors: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        return not self.errors


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole file. With ``problems`` nothing of it can be used and there are no rows.

    ``ignored`` are columns that are not read; ``absent`` fields have no column and stay not known.
    ``same_person`` asks about rows of different addresses whose names are alike.
    """

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    same_person: tuple[SamePerson, ...] = ()

    @property
    def good(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.is_good)

    @property
    def bad(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.is_good)


def read_file(content: bytes, filename: str, *, program_format: str) -> Reading:
    """Read a CSV or XLSX file. What it is, is seen from its first bytes; its name only helps with damage."""
    if len(content) > MOST_BYTES:
        return Reading(problems=(Problem("too_big", {"megabytes": MOST_BYTES // 1024**2}),))
    is_workbook = content.startswith((ZIP, OLD_OFFICE)) or filename.lower().endswith(
        (".xlsx", ".xlsm", ".xls")
    )
    return _reading(read_xlsx(content) if is_workbook else read_csv(content), program_format)


def read_pasted(text: str, *, program_format: str) -> Reading:
    """Read what was copied from a spreadsheet or a CSV file, its first row included."""
    if len(text) > MOST_BYTES:
        return Reading(problems=(Problem("too_big", {"megabytes": MOST_BYTES // 1024**2}),))
    return _reading(pasted_table(text), program_format)


def read_row(
    number: int, typed: Mapping[str, str], *, program_format: str, places: Mapping[str, int] | None = None
) -> Row:
    """Read one row from its cells by field; ``places`` are its columns from 0, for naming a cell."""
    wanted = fields_of(program_format)
    order = places or {name: place for place, name in enumerate(wanted)}
    values: dict[str, Any] = {}
    errors: dict[str, tuple[Problem, ...]] = {}
    for name in wanted:
        place = f"{get_column_letter(order.get(name, 0) + 1)}{number}"
        value, problem = cells.read_cell(name, typed.get(name, ""), READERS[name], place=place)
        if problem is None and value is None and name in required_of(program_format):
            problem = Problem("required")
        if problem:
            errors[name] = (problem,)
        elif value is not None:
            values[name] = value
    found = Values(**values)
    if {found.email.casefold(), found.name.casefold()} & {one.casefold() for one in found.supervisors} - {""}:
        errors["supervisors"] = (Problem("own_supervisor"),)
    return Row(number, {name: typed[name] for name in wanted if typed.get(name)}, found, errors)


def recheck(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Mark rows that repeat the address or personnel number of an earlier one, after forgetting old marks."""
    emails: dict[str, int] = {}
    numbers: dict[str, int] = {}
    checked = []
    for row in rows:
        errors = {name: kept for name, found in row.errors.items() if (kept := _without_marks(found))}
        for name, code, seen in (
            ("email", "duplicate_email", emails),
            ("personnel_number", "duplicate_personnel_number", numbers),
        ):
            value = str(getattr(row.values, name)).casefold()
            if not value or name in errors:
                continue
            first = seen.setdefault(value, row.number)
            if first != row.number:
                errors[name] = (Problem(code, {"first": first}),)
        checked.append(replace(row, errors=errors))
    return tuple(checked)


def _without_marks(found: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(problem for problem in found if not problem.code.startswith("duplicate_"))


def _reading(table: Table, program_format: str) -> Reading:
    if table.problems:
        return Reading(problems=table.problems)
    columns = recognise(table.header, program_format)
    if columns.problems:
        return Reading(problems=columns.problems, ignored=columns.ignored, absent=columns.absent)
    rows = recheck(_row(line, columns, len(table.header), program_format) for line in table.lines)
    return Reading(
        rows=rows,
        problems=() if rows else (Problem("no_rows"),),
        ignored=columns.ignored,
        absent=columns.absent,
        same_person=pairs_in(rows),
    )


def pairs_in(rows: Iterable[Row]) -> tuple[SamePerson, ...]:
    """Rows that may be one person under two addresses; rows with errors in name or address are left out."""
    return pairs_of_similar_names(
        (row.number, row.values.name, row.values.personnel_number)
        for row in rows
        if not {"name", "email", "personnel_number"} & set(row.errors) and row.values.name
    )


def _row(line: Line, columns: Columns, width: int, program_format: str) -> Row:
    typed = {name: line.cells[at] for name, at in columns.places.items() if at < len(line.cells)}
    if line.problem:
        return Row(line.number, typed, Values(), {"row": (line.problem,)})
    row = read_row(line.number, typed, program_format=program_format, places=columns.places)
    if any(cell.strip() for cell in line.cells[width:]):
        return replace(row, errors={**row.errors, "row": (Problem("too_many_cells"),)})
    return row
