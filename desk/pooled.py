"""What a director sees: counts over all programs of the house, never a group or a person."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

#: With fewer groups a pooled count would tell of one of them.
FEWEST_GROUPS = 3

SQL = """
select p.format, count(distinct p.id), count(distinct g.id),
       (select count(distinct m.user_id) from programs_membership m join programs_program q on q.id = m.program_id
         where q.institution_id = %(house)s and q.format = p.format and m.state in ('active', 'placed', 'completed')),
       (select count(*) from intervision_sessions_groupsession s join programs_group h on h.id = s.group_id
          join programs_program q on q.id = h.program_id
         where q.institution_id = %(house)s and q.format = p.format and s.state = 'logged'),
       (select count(*) from intervision_sessions_groupsession s join programs_group h on h.id = s.group_id
          join programs_program q on q.id = h.program_id
         where q.institution_id = %(house)s and q.format = p.format and s.ends_at < %(now)s),
       (select coalesce(sum(i.count), 0) from intervision_sessions_interruption i
          join intervision_sessions_groupsession s on s.id = i.session_id
          join programs_group h on h.id = s.group_id join programs_program q on q.id = h.program_id
         where q.institution_id = %(house)s and q.format = p.format and s.state = 'logged')
  from programs_program p left join programs_group g on g.program_id = p.id
 where p.institution_id = %(house)s and p.stage in ('running', 'calls', 'completed')
 group by p.format order by p.format
"""


@dataclass(frozen=True, slots=True)
class Pooled:
    format: str
    programs: int
    groups: int
    residents: int
    took_place: int
    planned: int
    interruptions: int


def of(house: UUID, now: dt.datetime) -> list[Pooled]:
    """One line for each format that runs or ran here. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"house": house, "now": now})
        return [Pooled(*row) for row in cursor.fetchall()]


def total(lines: list[Pooled]) -> Pooled:
    def summed(name: str) -> int:
        return sum(getattr(line, name) for line in lines)

    names = ("programs", "groups", "residents", "took_place", "planned", "interruptions")
    return Pooled("", *(summed(name) for name in names))
