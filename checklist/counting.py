"""What a director sees counted: over all programs of the house, never a group or a person.

Each number is about groups that ran or ran here and the people in them; what each of these groups adds is kept beside
it, never shown, so that ``picture`` can tell what a difference between two half-years would be about.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from programs.models import Membership, Program
from surveys.releasing import DIRECTOR_GROUPS, DIRECTOR_PEOPLE

RAN = (Program.Stage.RUNNING, Program.Stage.CALLS, Program.Stage.COMPLETED)
#: Who is or was in a group.
TAKE_PART: tuple[str, ...] = ("placed", "active", "completed")
#: Every group of the house with what its format or stage is counted over.
GROUPS = """
select g.id, p.id as program, p.format, p.stage,
       count(s.id) filter (where s.state = 'logged' or s.ends_at < %(now)s) as due,
       count(s.id) filter (where s.state = 'logged') as logged,
       coalesce(sum(i.count) filter (where s.state = 'logged'), 0)::int as interruptions
  from programs_group g join programs_program p on p.id = g.program_id
  left join intervision_sessions_groupsession s on s.group_id = g.id
  left join lateral (select sum(count) as count from intervision_sessions_interruption i
                      where i.session_id = s.id) i on true
 where p.institution_id = %(house)s
 group by g.id, p.id
"""
#: By group, whoever takes part in it.
Seats = Mapping[UUID, set[UUID]]


@dataclass(frozen=True, slots=True)
class Figure:
    """What may be told of some groups as ``value``, and what each of them adds to it."""

    value: Any
    adds: Mapping[UUID, Any]


@dataclass(frozen=True, slots=True)
class Ran:
    """A group, and what is counted of it."""

    id: UUID
    program: UUID
    format: str
    stage: str
    due: int
    logged: int
    interruptions: int


def seats(house: UUID) -> Seats:
    found = defaultdict[UUID, set[UUID]](set)
    taken = Membership.objects.filter(group__program__institution=house, state__in=TAKE_PART)
    for group, user in taken.values_list("group_id", "user_id"):
        if group:
            found[group].add(user)
    return found


def people(groups: Iterable[UUID], taken: Seats) -> int:
    """Whoever is in two of ``groups`` counts once."""
    return len({user for group in groups for user in taken.get(group, ())})


def enough(groups: Collection[UUID], taken: Seats) -> bool:
    """From here on a director may be told of them."""
    return len(groups) >= DIRECTOR_GROUPS and people(groups, taken) >= DIRECTOR_PEOPLE


def figures(house: UUID, taken: Seats, at: dt.datetime) -> dict[str, Figure]:
    """Every number of the director's page, whether it may be told or not. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(GROUPS, {"house": house, "now": at})
        groups = [Ran(*row) for row in cursor.fetchall()]
    found: dict[str, Figure] = {}
    for format_key, ran in _by(lambda one: one.format, [one for one in groups if one.stage in RAN]).items():
        found |= _of_format(format_key, ran, taken)
    for stage, there in _by(lambda one: one.stage, groups).items():
        programs = {one.program for one in there}
        found[f"stage:{stage}"] = Figure(len(programs), {one.id: str(one.program) for one in there})
    return found


def _of_format(format_key: str, ran: list[Ran], taken: Seats) -> dict[str, Figure]:
    """``reached`` are all groups, ``met`` those that had a session due, ``logged`` those of which one took place."""
    met = [one for one in ran if one.due]
    logged = [one for one in ran if one.logged]
    reached = [len(ran), people([one.id for one in ran], taken)]
    sessions = [sum(one.logged for one in met), sum(one.due for one in met), len(met)]
    interruptions = sum(one.interruptions for one in logged)
    return {
        f"reached:{format_key}": Figure(reached, {one.id: len(taken.get(one.id, ())) for one in ran}),
        f"met:{format_key}": Figure(sessions, {one.id: [one.logged, one.due] for one in met}),
        f"logged:{format_key}": Figure(
            interruptions, {one.id: [one.logged, one.interruptions] for one in logged}
        ),
    }


def _by(key: Callable[[Ran], str], groups: Iterable[Ran]) -> dict[str, list[Ran]]:
    found = defaultdict[str, list[Ran]](list)
    for one in groups:
        found[key(one)].append(one)
    return dict(sorted(found.items()))
