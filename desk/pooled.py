"""What a director sees: counts over all programs of the house, never a group or a person.

A number is told from three groups and ten people on, those people it is about; what is below is told of nobody,
and reads the same whether it is little or nothing. No line adds up to another, so nothing can be subtracted.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from programs.models import Program

FEWEST_GROUPS = 3
FEWEST_PEOPLE = 10
RAN: list[str] = [Program.Stage.RUNNING, Program.Stage.CALLS, Program.Stage.COMPLETED]

#: Every group of the house with what its format or stage is counted over.
GROUPS = """
with grouping as (
  select g.id, p.id as program, p.format, p.stage,
         count(s.id) filter (where s.state = 'logged' or s.ends_at < %(now)s) as due,
         count(s.id) filter (where s.state = 'logged') as logged,
         coalesce(sum(i.count) filter (where s.state = 'logged'), 0) as interruptions
    from programs_group g join programs_program p on p.id = g.program_id
    left join intervision_sessions_groupsession s on s.group_id = g.id
    left join lateral (select sum(count) as count from intervision_sessions_interruption i
                        where i.session_id = s.id) i on true
   where p.institution_id = %(house)s and p.stage = any(%(stages)s)
   group by g.id, p.id
), member as (
  select grouping.*, m.user_id
    from grouping join programs_membership m on m.group_id = grouping.id
   where m.state in ('placed', 'active', 'completed')
)
"""
FORMATS = """
select format, count(*), (select count(distinct user_id) from member m where m.format = g.format),
       count(*) filter (where due > 0),
       (select count(distinct user_id) from member m where m.format = g.format and due > 0),
       sum(logged)::int, sum(due)::int, count(*) filter (where logged > 0),
       (select count(distinct user_id) from member m where m.format = g.format and logged > 0),
       sum(interruptions)::int
  from grouping g group by format order by format
"""
STAGES = """
select stage, count(distinct program), count(*),
       (select count(distinct user_id) from member m where m.stage = g.stage)
  from grouping g group by stage
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many groups, and people in them, a number is about."""

    groups: int
    people: int

    @property
    def enough(self) -> bool:
        return self.groups >= FEWEST_GROUPS and self.people >= FEWEST_PEOPLE


@dataclass(frozen=True, slots=True)
class Pooled:
    """One format: ``reached`` has a group, ``met`` had a session due, ``logged`` had one that took place."""

    format: str
    reached: Counted
    met: Counted
    took_place: int
    due: int
    logged: Counted
    interruptions: int


def of(house: UUID, now: dt.datetime) -> list[Pooled]:
    """One line for each format that runs or ran here. One statement."""
    return [
        Pooled(name, Counted(*n[:2]), Counted(*n[2:4]), n[4], n[5], Counted(*n[6:8]), n[8])
        for name, *n in _ask(FORMATS, RAN, house, now)
    ]


def stages(house: UUID, now: dt.datetime) -> dict[str, int]:
    """How many programs are in each stage, where that may be told."""
    rows = _ask(STAGES, Program.Stage.values, house, now)
    return {stage: programs for stage, programs, groups, people in rows if Counted(groups, people).enough}


def _ask(statement: str, stages: list[str], house: UUID, now: dt.datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(GROUPS + statement, {"house": house, "now": now, "stages": stages})
        return list(cursor.fetchall())
