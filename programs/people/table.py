"""A file as lines of cells, before anybody knows what they mean."""

from dataclasses import dataclass

from programs.people.problems import Problem

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
MOST_CELLS = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the number of its line (CSV) or row (XLSX) from 1, and what made it unreadable."""

    number: int
    cells: tuple[str, ...]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The first row and those under it, or the problems for which there is neither."""

    header: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    problems: tuple[Problem, ...] = ()
