"""Questions that hot pages ask: written once a process, and planned once a connection by the database.

Building such a statement with the ORM, and planning it, costs several times what answering it costs. A statement
is prepared with its first use on a connection, in the same round trip, and keeps one plan; PostgreSQL makes a new
one when the tables or their statistics change.
"""

import copy
import datetime as dt
import itertools
import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar, cast
from weakref import WeakKeyDictionary

from django.db import InterfaceError, OperationalError, connection, models
from django.db.models import query
from psycopg2.extensions import AsIs, adapt

Row = TypeVar("Row", covariant=True)
#: Django's own, which its stubs know less of.
made_beside: Any = query.get_related_populators

#: What PostgreSQL calls each kind of value, and a value that stands for it in a queryset: none that a row could have.
KINDS: dict[Any, tuple[str, Callable[[int], Any]]] = {
    uuid.UUID: ("uuid", lambda nth: uuid.UUID(int=nth)),
    dt.date: ("date", lambda nth: dt.date(1, 1, 1) + dt.timedelta(nth)),
    dt.datetime: ("timestamptz", lambda nth: dt.datetime(1, 1, 2, tzinfo=dt.UTC) + dt.timedelta(nth)),
    str: ("text", lambda nth: f"\x01{nth}"),
    list[uuid.UUID]: ("uuid[]", lambda nth: [uuid.UUID(int=nth)]),
}
#: Said on a connection's first question. Left to itself, PostgreSQL plans a large statement anew each time while that
#: looks cheaper than its one plan; of ours the planning is what costs.
ONE_PLAN = "set plan_cache_mode = force_generic_plan;\n"
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

    def ask(self, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Every row of the answer.

        The first question since a request began also proves that the connection still is one, which else costs a
        round trip of its own. Nothing came before it that could be lost, so a dead one is opened again, once.
        """
        here: Any = connection
        if here.connection is None or here.health_check_done or here.in_atomic_block:
            return self._ask(values)
        here.health_check_done = True
        try:
            return self._ask(values)
        except (OperationalError, InterfaceError):
            connection.close()
            return self._ask(values)

    def _ask(self, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            known = _known.get(connection.connection)
            first = known is None
            known = _known.setdefault(connection.connection, {})
            name = known.get(self) or f"question_{next(_names)}"
            execute = f"execute {name}{self.marks}"
            prepare = (
                "" if self in known else f"{ONE_PLAN * first}prepare {name}{self.types} as {self.sql};\n"
            )
            cursor.execute(prepare + execute, values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        known[self] = name
        return found


class Statement:
    """SQL with ``%(name)s`` for values of ``kinds``: ``rows(name=value)``, null for one not given."""

    def __init__(self, sql: str, **kinds: Any) -> None:
        self.names = tuple(kinds)
        self.text = Text(sql % {name: f"${nth}" for nth, name in enumerate(kinds, 1)}, tuple(kinds.values()))

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        return self.text.ask([values.get(key) for key in self.names])


class Asked:
    """A queryset that was written once: how to ask it, and what Django makes of a row, worked out beforehand."""

    def __init__(self, queryset: Any, compiler: Any, text: Text) -> None:
        self.queryset, self.compiler, self.text = queryset, compiler, text
        self.converters = compiler.get_converters([column[0] for column in compiler.select])
        if issubclass(queryset._iterable_class, query.ModelIterable):
            self.read_shape()
        elif not issubclass(queryset._iterable_class, query.ValuesListIterable):
            raise TypeError("a question answers with rows of a model or with lists of values")

    def read_shape(self) -> None:
        shape = self.compiler.klass_info
        first, last = shape["select_fields"][0], shape["select_fields"][-1] + 1
        self.model, self.own = shape["model"], slice(first, last)
        self.names = [column[0].target.attname for column in self.compiler.select[self.own]]
        self.related = made_beside(shape, self.compiler.select, connection.alias)
        self.annotated = (self.compiler.annotation_col_map or {}).items()

    def rows(self, values: Sequence[Any]) -> list[Any]:
        found = self.converted(self.text.ask(values))
        if issubclass(self.queryset._iterable_class, query.ValuesListIterable):
            return [tuple(row) for row in found]
        made = [self.made(row) for row in found]
        if lookups := self.queryset._prefetch_related_lookups:
            models.prefetch_related_objects(made, *lookups)
        return made

    def converted(self, found: "list[tuple[Any, ...]]") -> Iterable[Sequence[Any]]:
        if not self.converters:
            return found
        compiler = copy.copy(self.compiler)
        compiler.connection = connection
        return cast("Iterable[Sequence[Any]]", compiler.apply_converters(found, self.converters))

    def made(self, row: Sequence[Any]) -> models.Model:
        made: models.Model = self.model.from_db(connection.alias, self.names, row[self.own])
        for populator in self.related:
            populator.populate(row, made)
        for name, place in self.annotated:
            setattr(made, name, row[place])
        return made


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
        return Asked(queryset, compiler, Text(sql % tuple(written), self.kinds))

    def rows(self, *values: Any) -> list[Row]:
        return cast("list[Row]", self.asked.rows(values))


def _key(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _written(value: Any) -> str:
    """``value`` as PostgreSQL reads it inside a statement."""
    quoted = adapt(value)
    if hasattr(quoted, "prepare"):
        connection.ensure_connection()
        quoted.prepare(connection.connection)
    return str(quoted.getquoted().decode())
