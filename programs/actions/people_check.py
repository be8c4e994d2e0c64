"""A list of people between reading and storing: what it would do, and mending it in place.

Nothing is stored but the list itself, on its ``PeopleImport``.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from accounts.models import User
from programs.actions.people_known import OUT, House, house_of
from programs.models import Guide, PeopleImport, Program
from programs.people.matching import Match, Verdict, match
from programs.people.problems import LABELS, Problem
from programs.people.reading import Reading, Row, pairs_in, read_row, recheck

#: Above this many rows the list is stored in the background.
AT_ONCE = 500
PLACEMENT_FIELDS = ("specialty", "discipline", "training_year", "personnel_number")


@dataclass(frozen=True, slots=True)
class Question:
    """May row ``number`` be the same person as row ``other``, or as ``person`` whom the institution knows?"""

    number: int
    name: str
    email: str
    why: str
    other: int | None = None
    other_name: str = ""
    other_email: str = ""
    person: UUID | None = None

    @property
    def key(self) -> str:
        """Names the question on the page: a row may be asked about twice."""
        return f"{self.number}-{self.other or self.person}"


@dataclass(frozen=True, slots=True)
class Planned:
    """What storing will do with a good row: add, change, same, or stays_out for who said no earlier."""

    row: Row
    what: str
    person: UUID | None
    changed: tuple[str, ...] = ()

    @property
    def changed_labels(self) -> list[str]:
        return [str(LABELS[name]) for name in self.changed]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What storing the list will do, as things stand now."""

    planned: tuple[Planned, ...]
    bad: tuple[Row, ...]
    left_out: tuple[int, ...]
    questions: tuple[Question, ...]
    new_departments: tuple[str, ...]
    new_supervisors: tuple[str, ...]
    without_department: int
    #: Names of guides who are suspended by what the list says of their members.
    suspended: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(plan.what for plan in self.planned)
        return {
            "add": found["add"],
            "change": found["change"],
            "same": found["same"] + found["stays_out"],
            "skip": len(self.bad) + len(self.left_out),
        }

    @property
    def changes_nothing(self) -> bool:
        return not (self.counts["add"] or self.counts["change"])


def begin(program: Program, reading: Reading, *, by: User | None, filename: str = "") -> PeopleImport:
    """Keep a list that was read. Its problems with the file as a whole have been shown before."""
    return PeopleImport.objects.create(
        program=program,
        by=by,
        filename=filename[:200],
        rows=[_packed(row) for row in reading.rows],
        columns={"ignored": list(reading.ignored), "absent": list(reading.absent)},
    )


def _packed(row: Row) -> dict[str, Any]:
    packed: dict[str, Any] = {"n": row.number, "cells": dict(row.cells)}
    errors = {name: _problems(found) for name, found in row.errors.items() if _problems(found)}
    return packed | ({"errors": errors} if errors else {})


def _problems(found: Iterable[Problem]) -> list[list[Any]]:
    """What is wrong with the row alone; rows that repeat each other are found again every time."""
    return [[p.code, dict(p.params)] for p in found if not p.code.startswith("duplicate_")]


def _unpacked(packed: Mapping[str, Any], format_key: str) -> Row:
    row = read_row(packed["n"], packed["cells"], program_format=format_key)
    stored = packed.get("errors")
    if stored is None:
        return row
    errors = {name: tuple(Problem(code, params) for code, params in found) for name, found in stored.items()}
    return replace(row, errors=errors)


def evaluate(people_import: PeopleImport, house: House | None = None) -> Outcome:
    program = people_import.program
    house = house or house_of(program)
    answers = {packed["n"]: packed for packed in people_import.rows}
    rows = recheck(
        _unpacked(packed, program.format) for packed in people_import.rows if not packed.get("out")
    )
    matches = match(rows, _with_answers(house, answers))
    matches = [_decided(found, answers[found.row.number]) for found in matches]
    conflicts = [_conflict(found.row) for found in matches if found.verdict is Verdict.CONFLICT]
    asked = [found for found in matches if found.verdict is Verdict.ASK]
    clear = [found for found in matches if found.verdict not in (Verdict.CONFLICT, Verdict.ASK)]
    planned = [_plan(found, house) for found in clear]
    questions = [*_file_questions(rows, answers), *(_known_question(found, house) for found in asked)]
    return Outcome(
        planned=tuple(planned),
        bad=(*(row for row in rows if not row.is_good), *conflicts),
        left_out=tuple(number for number, packed in answers.items() if packed.get("out")),
        questions=tuple(questions),
        new_departments=_new(
            (plan.row.values.department for plan in planned), {d.name for d in house.departments.values()}
        ),
        new_supervisors=_new(
            (one for plan in planned for one in plan.row.values.supervisors if not house.named(one)), set()
        ),
        without_department=sum(
            1 for plan in planned if plan.what == "add" and _lacks_department(plan, house)
        ),
        suspended=_suspended(planned, house),
    )


def _suspended(planned: Iterable[Planned], house: House) -> tuple[str, ...]:
    """Guides whom the list names as supervisors of somebody in their group: storing it suspends them."""
    pairs = {
        (evaluator, plan.person)
        for plan in planned
        if plan.person and "supervisors" in plan.changed
        for one in plan.row.values.supervisors
        for evaluator in house.named(one)
    }
    evaluators, residents = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    guides = Guide.objects.active().filter(
        user__in=evaluators, group__memberships__user__in=residents, group__memberships__left_on=None
    )
    found = guides.order_by("user__name").values_list("user__name", "user", "group__memberships__user")
    return tuple(dict.fromkeys(name for name, *pair in found if tuple(pair) in pairs))


def _with_answers(house: House, answers: Mapping[int, Mapping[str, Any]]) -> list[Any]:
    """The known people; whoever a row was said to be answers to that row's address too."""
    said = {packed["is"]: packed["cells"].get("email", "") for packed in answers.values() if packed.get("is")}
    return [
        replace(known, emails=[*known.emails, said[str(known.id)]]) if str(known.id) in said else known
        for known in house.known()
    ]


def _decided(found: Match, packed: Mapping[str, Any]) -> Match:
    if found.verdict is Verdict.ASK and packed.get("is") == "new":
        return replace(found, verdict=Verdict.NEW, known=None)
    return found


def _conflict(row: Row) -> Row:
    return replace(row, errors={"row": (Problem("two_people"),)})


def _plan(found: Match, house: House) -> Planned:
    person = found.known
    if person is None:
        return Planned(found.row, "add", None)
    state = house.members.get(person)
    changed = differences(found.row, person, house)
    if state in OUT:
        return Planned(found.row, "stays_out", person)
    if state is None:
        return Planned(found.row, "add", person, changed)
    return Planned(found.row, "change" if changed else "same", person, changed)


def differences(row: Row, person: UUID, house: House) -> tuple[str, ...]:
    """The fields that ``row`` gives differently from what is stored and may change; empty cells say nothing."""
    given, user, placement = row.values, house.people[person], house.placements.get(person)
    changed = []
    if person not in house.own_masters:
        if given.name != user.name:
            changed.append("name")
        if given.email.casefold() not in {email.casefold() for email in house.emails[person]}:
            changed.append("email")
    for name in PLACEMENT_FIELDS:
        value = getattr(given, name)
        if value and (placement is None or value != getattr(placement, name)):
            changed.append(name)
    if given.department and (
        placement is None or given.department.casefold() != placement.department.name.casefold()
    ):
        changed.append("department")
    if any(
        not set(house.named(one)) - {person} <= house.supervisors[person] or not house.named(one)
        for one in given.supervisors
    ):
        changed.append("supervisors")
    if given.grid and person not in house.with_grid:
        changed.append("grid")
    return tuple(changed)


def _lacks_department(plan: Planned, house: House) -> bool:
    return not plan.row.values.department and (plan.person is None or plan.person not in house.placements)


def _new(given: Iterable[str], known: set[str]) -> tuple[str, ...]:
    """The first spelling of each name that is not known yet, in order."""
    seen = {name.casefold() for name in known}
    found: dict[str, str] = {}
    for name in given:
        if name and name.casefold() not in seen:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def _file_questions(rows: Iterable[Row], answers: Mapping[int, Mapping[str, Any]]) -> list[Question]:
    by_number = {row.number: row for row in rows}
    questions = []
    for pair in pairs_in(by_number.values()):
        later, earlier = by_number[pair.other], by_number[pair.one]
        if answers[later.number].get("apart") or not (later.is_good and earlier.is_good):
            continue
        questions.append(
            Question(
                later.number,
                later.values.name,
                later.values.email,
                pair.why,
                earlier.number,
                earlier.values.name,
                earlier.values.email,
            )
        )
    return questions


def _known_question(found: Match, house: House) -> Question:
    user = house.people[found.known]
    given = found.row.values
    return Question(
        found.row.number, given.name, given.email, found.why, None, user.name, user.email, found.known
    )


def mend(people_import: PeopleImport, typed: Mapping[int, Mapping[str, str]], out: set[int]) -> None:
    """Put ``typed`` cells into their rows, and leave the rows ``out`` out. Saved; the caller evaluates again."""
    for packed in people_import.rows:
        number = packed["n"]
        if number in out:
            packed["out"] = True
        elif number in typed:
            packed["cells"] = {**packed["cells"], **typed[number]}
            packed.pop("errors", None)
            fresh = read_row(number, packed["cells"], program_format=people_import.program.format)
            packed.update(_packed(fresh))
    people_import.save(update_fields=["rows"])


def answer(people_import: PeopleImport, answers: Mapping[str, str]) -> None:
    """``answers`` by question: "apart" for another person, "same" for the person of the question."""
    outcome = evaluate(people_import)
    by_number = {packed["n"]: packed for packed in people_import.rows}
    for question in outcome.questions:
        said, packed = answers.get(question.key), by_number[question.number]
        if said == "apart":
            packed["apart" if question.other else "is"] = True if question.other else "new"
        elif said == "same" and question.other:
            packed["out"] = True
        elif said == "same":
            packed["is"] = str(question.person)
    people_import.save(update_fields=["rows"])
