"""A larger demonstration: the small one's people and programs copied, each copy under ids of its own.

An id is made of the copied one and the number of the copy, so whatever pointed to a row points to its copy. What is
sealed is not copied, nor windows that wait for answers: their keys belong to the ids they were made for.

The owner of the tables does it with our guards at rest. What they guard holds in a copy as in what was copied, and
history of what nobody did would mislead.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import ForeignKey

from accounts.models import (
    Appointment,
    Availability,
    ClosedDay,
    Department,
    HelpContact,
    Institution,
    Placement,
    User,
)
from checklist.models import TicksTold
from programs.models import (
    DepartmentRule,
    EvaluativeRelation,
    FacilitatorProfile,
    GroundRules,
    GroundRulesConfirmation,
    Group,
    Guide,
    Intake,
    IntakeSlot,
    Membership,
    Occupation,
    Program,
    ProgramCoordinator,
    ProgramText,
    Room,
    StageChange,
    TrainingRecord,
)
from sessions.models import Attendance, GroupSession, GuideRound, Interruption, SessionLog
from surveys.models import Pool, Result

Models = Sequence[type[models.Model]]
HOUSE: Models = (Institution, Department, ClosedDay, HelpContact)
#: In the order in which they point to each other.
INSIDE: Models = (
    User, Appointment, Placement, Availability, FacilitatorProfile, TrainingRecord, EvaluativeRelation,
    DepartmentRule, Room, Program, ProgramCoordinator, ProgramText, StageChange, Group, GroundRules,
    GroundRulesConfirmation, Membership, Guide, IntakeSlot, Intake, GroupSession, Attendance, Interruption,
    SessionLog, GuideRound, Occupation, Result, Pool, TicksTold,
)  # fmt: skip
#: What must be told apart, or is pleasant to: the copy's number goes into it.
NAMED = {
    (Institution, "slug"): "x.slug || '-' || k",
    (Institution, "name"): "x.name || ' ' || k",
    (User, "email"): "k || '.' || x.email",
    (Room, "name"): "x.name || ' ' || k",
    (Program, "title"): "left(x.title || ' (' || k || ')', 150)",
    (Program, "join_key"): "left(md5(x.join_key || k), 32)",
    (Occupation, "about_id"): "md5(x.about_id::text || k)::uuid",
}


class Size(NamedTuple):
    #: Copies of everything within the house, then of the whole house.
    inside: int
    houses: int


SIZES = {"small": Size(0, 0), "hospital": Size(9, 0), "region": Size(9, 9)}


def enlarge(size: str, *, keep: Iterable[User]) -> None:
    """Copy the small demonstration to ``size``; ``keep`` are the people who run every program of the first house.

    small: 10 programs, 150 residents; hospital: 100 and 1,500; region: ten such hospitals. Only the owner of the
    tables may.
    """
    inside, houses = SIZES[size]
    if not inside:
        return
    with transaction.atomic(), guards_at_rest():
        copy(INSIDE, mark="", times=inside, kept=[user.pk for user in keep])
        if houses:
            copy((*HOUSE, *INSIDE), mark="h", times=houses, kept=[])


@contextmanager
def guards_at_rest() -> Iterator[None]:
    tables = [model._meta.db_table for model in (*HOUSE, *INSIDE)]
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"alter table {table} disable trigger user" for table in tables))
        yield
        cursor.execute("set constraints all immediate")
        cursor.execute(
            "; ".join(f"alter table {table} enable trigger user; analyze {table}" for table in tables)
        )


def copy(what: Models, *, mark: str, times: int, kept: Sequence[UUID]) -> None:
    """``times`` copies of each row of ``what``, but not of the people in ``kept`` and what is theirs."""
    people = "array[" + ", ".join(f"'{pk}'" for pk in kept) + "]::uuid[]"
    with connection.cursor() as cursor:
        for model in what:
            cursor.execute(statement(model, what) % {"kept": people, "times": times, "mark": f"'{mark}'"})


def statement(model: type[models.Model], what: Models) -> str:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(model, field, what) for field in fields)
    return (
        f"insert into {model._meta.db_table} ({columns}) select {values} from {model._meta.db_table} x "  # noqa: S608
        f"cross join (select %(mark)s || n as k from generate_series(1, %(times)s) n) copies{_but_for_kept(model)}"
    )


def _value(model: type[models.Model], field: Any, what: Models) -> str:
    column = f'x."{field.column}"'
    if named := NAMED.get((model, field.column)):
        return named
    if isinstance(field, ForeignKey):
        copied = f"md5({column}::text || k)::uuid"
        if field.related_model is User:
            return f"case when {column} = any(%(kept)s) then {column} else {copied} end"
        return copied if field.related_model in what else column
    return f"md5({column}::text || k)::uuid" if field.primary_key else column


#: What belongs to one person, who has it once.
THEIRS = {Appointment, Placement, Availability, FacilitatorProfile, TrainingRecord}


def _but_for_kept(model: type[models.Model]) -> str:
    if model is User:
        return " where not x.id = any(%(kept)s)"
    return " where not x.user_id = any(%(kept)s)" if model in THEIRS else ""
