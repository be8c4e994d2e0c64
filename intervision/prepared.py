"""Questions that hot pages ask: written once a process, and planned once a connection by the database.

Building such a statement with the ORM, and planning it, costs several times what answering it costs. A statement
is prepared with its first use on a connection, in the same round trip; from its sixth use on PostgreSQL may keep
one plan for it, and makes a new one when the tables or their statistics change.
"""

import copy
import datetime as dt
import itertools
import uuid
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar, cast
from weakref import WeakKeyDictionary

from django.db import connection, models
from psycopg2.extensions import AsIs, adapt

Row = TypeVar("Row", covariant=True)

#: What PostgreSQL calls each kind of value, and a value that stands for it in a queryset: none that a row could have.
KINDS: dict[Any, tuple[str, Callable[[int], Any]]] = {
    uuid.UUID: ("uuid", lambda nth: uuid.UUID(int=nth)),
    dt.date: ("date", lambda nth: dt.date(1, 1, 1) + dt.timedelta(nth)),
    dt.datetime: ("timestamptz", lambda nth: dt.datetime(1, 1, 2, tzinfo=dt.UTC) + dt.timedelta(nth)),
    str: ("text", lambda nth: f"\x01{nth}"),
    list[uuid.UUID]: ("uuid[]", lambda nth: [uuid.UUID(int=nth)]),
}
_names = itertools.count(1)
#: By the driver's own connection: the names under which it knows statements.
_known: "WeakKeyDictionary[Any, dict[Any, str]]" = WeakKeyDictionary()


class Text:
    """A statement with ``$1``, ``$2`` ... for values of ``kinds``, and how to execute it on this connection."""

    def __init__(self, sql: str, kinds: Sequence[Any]) -> None:
        if not sql.lstrip().lower().startswith(("select", "with")):
            raise ValueError("only questions are prepared, nothing that writes")
        self.sql = sql.replace("%", "%%")
        types, marks = ", ".join(KINDS[kind][0] for kind in kinds), ", ".join(["%s"] * len(kinds))
        self.types, self.marks = (f"({types})", f"({marks})") if kinds else ("", "")

    def here(self) -> tuple[str, str]:
        """What to execute now, and the name the statement has once that went well."""
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        known = _known.setdefault(connection.connection, {})
        if name := known.get(self):
            return f"execute {name}{self.marks}", name
        name = f"question_{next(_names)}"
        return f"prepare {name}{self.types} as {self.sql};\nexecute {name}{self.marks}", name

    def went_well(self, name: str) -> None:
        _known[connection.connection][self] = name


class Statement:
    """SQL with ``%(name)s`` for values of ``kinds``: ``rows(name=value)``, null for one not given."""

    def __init__(self, sql: str, **kinds: Any) -> None:
        self.names = tuple(kinds)
        self.text = Text(sql % {name: f"${nth}" for nth, name in enumerate(kinds, 1)}, tuple(kinds.values()))

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        sql, name = self.text.here()
        with connection.cursor() as cursor:
            cursor.execute(sql, [values.get(key) for key in self.names])
            found: list[tuple[Any, ...]] = cursor.fetchall()
        self.text.went_well(name)
        return found


class Asked(NamedTuple):
    compiler: Any
    text: Text
    queryset: "models.QuerySet[Any]"


class Question(Generic[Row]):
    """A queryset asked with other values each time.

    ``build`` gets a stand-in for each value and may only hand them on to filters, once each or often: it runs
    once a process, so it takes today and now from nowhere else. What the answer prefetches is asked as usual.
    """

    def __init__(self, build: "Callable[..., models.QuerySet[Any, Row]]", *kinds: Any) -> None:
        self.build, self.kinds = build, kinds

    @cached_property
    def asked(self) -> Asked:
        stand_ins = [KINDS[kind][1](nth) for nth, kind in enumerate(self.kinds, 1)]
        queryset = self.build(*stand_ins)
        compiler = queryset.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        marks = {_key(value): AsIs(f"${nth}") for nth, value in enumerate(stand_ins, 1)}
        if any(isinstance(value, dt.date) and value not in marks for value in parameters):
            raise ValueError("a day or moment must be handed in: this one would stay for ever")
        written = [_written(marks.get(_key(value), value)) for value in parameters]
        return Asked(compiler, Text(sql % tuple(written), self.kinds), queryset)

    def rows(self, *values: Any) -> list[Row]:
        kept = self.asked
        sql, name = kept.text.here()
        compiler = copy.copy(kept.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *args, **kwargs: (sql, values)
        queryset = kept.queryset.all()
        queryset.query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
        found = cast("list[Row]", list(queryset))
        kept.text.went_well(name)
        return found


def _key(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _written(value: Any) -> str:
    """``value`` as PostgreSQL reads it inside a statement."""
    quoted = adapt(value)
    if hasattr(quoted, "prepare"):
        connection.ensure_connection()
        quoted.prepare(connection.connection)
    return str(quoted.getquoted().decode())
