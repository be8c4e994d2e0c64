"""The shape in which every room tells a person what it keeps about them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Value = str | int | bool | dt.date | dt.datetime | None
Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one sort about one person, with words to show them by.

    ``kind`` is a kind of the retention table: who reads this, and until when. ``key`` and the columns' names are
    those of the file that a person downloads; they stay as they are.
    """

    kind: str
    key: str
    title: Any
    #: Name of a value -> its words, in the order to show them.
    columns: Mapping[str, Any]
    rows: Sequence[Row] = field(default_factory=list)


def section(kind: str, key: str, title: Any, columns: Mapping[str, Any], rows: Iterable[Row]) -> Section:
    found = list(rows)
    strange = {name for row in found for name in row} - set(columns)
    if strange:
        raise ValueError(f"{key} has values without words: {sorted(strange)}")
    return Section(kind=kind, key=key, title=title, columns=columns, rows=found)
