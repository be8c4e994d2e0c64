"""What is coming for one person: the next sessions and interviews, in one statement."""

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID

from intervision.addresses import address
from intervision.prepared import Statement
from programs.models import IntakeSlot

#: Sessions of groups somebody guides, stands in for or is in, and their intakes. Found from the person's own rows, so
#: that it costs the same in a house of any size. With an interview that one gives stands who comes: of those who said
#: yes, to who guides their group today.
COMING = """
select kind, program_id, title, about, name, starts_at, ends_at, place, number, channel, who from (
  select 'session' as kind, g.program_id, p.title, s.id as about, g.name, s.starts_at, s.ends_at,
         coalesce(r.name, '') as place, s.number::int, '' as channel, '' as who
    from (select s.id from intervision_sessions_groupsession s join programs_group g on g.id = s.group_id
            join programs_program p on p.id = g.program_id
            join accounts_institution i on i.id = p.institution_id
           where s.substitute_id = %(user)s
             and exists (select from accounts_appointment a
                          where a.user_id = %(user)s and a.institution_id = p.institution_id
                            and a.role = 'intervisor' and a.from_on <= %(today)s
                            and (a.until_on is null or a.until_on >= %(today)s))
             and not exists (select from programs_programcoordinator c
                              where c.user_id = %(user)s and c.program_id = p.id and c.from_on <= %(today)s
                                and (c.until_on is null or c.until_on >= %(today)s))
             and not exists (select from programs_evaluation e
                               join programs_membership m on m.user_id = e.resident_id
                              where e.evaluator_id = %(user)s and m.group_id = s.group_id
                                and m.state not in ('left', 'declined')
                                and not isempty(e.period * daterange(
                                      (s.starts_at at time zone i.time_zone)::date, null)))
          union
          select s.id from programs_guide x join programs_group g on g.id = x.group_id
            join programs_program p on p.id = g.program_id
            join intervision_sessions_groupsession s on s.group_id = x.group_id
           where x.user_id = %(user)s
             and x.from_on <= %(today)s and (x.until_on is null or x.until_on >= %(today)s)
             and (x.suspended_from is null or x.suspended_from > %(today)s)
             and exists (select from accounts_appointment a
                          where a.user_id = %(user)s and a.institution_id = p.institution_id
                            and a.role = 'intervisor' and a.from_on <= %(today)s
                            and (a.until_on is null or a.until_on >= %(today)s))
          union
          select s.id from programs_membership m
            join intervision_sessions_groupsession s on s.group_id = m.group_id
           where m.user_id = %(user)s and m.state in ('placed', 'active') and m.accepted_at is not null
             and (m.suspended_from is null or m.suspended_from > %(today)s)) mine
    join intervision_sessions_groupsession s on s.id = mine.id join programs_group g on g.id = s.group_id
    join programs_program p on p.id = g.program_id left join programs_room r on r.id = s.room_id
   where s.starts_at between %(now)s - interval '3 hours' and %(now)s + interval '60 days'
     and s.ends_at > %(now)s and s.state in ('planned', 'confirmed')
     and p.stage in ('recruiting', 'intakes', 'running', 'calls')
  union all
  select case when t.guide_id = %(user)s then 'gives' when t.kept_at is null then 'reserved' else 'intake' end,
         t.program_id, p.title, m.id, u.name, t.starts_at, t.ends_at, coalesce(r.name, ''), 0, t.channel,
         case when t.guide_id = %(user)s and m.accepted_at is not null and exists (
                     select from programs_guide x
                      where x.group_id = m.group_id and x.user_id = %(user)s
                        and x.from_on <= %(today)s and (x.until_on is null or x.until_on >= %(today)s)
                        and (x.suspended_from is null or x.suspended_from > %(today)s))
                   and exists (select from accounts_appointment a
                                where a.user_id = %(user)s and a.institution_id = p.institution_id
                                  and a.role = 'intervisor' and a.from_on <= %(today)s
                                  and (a.until_on is null or a.until_on >= %(today)s))
              then (select w.name from accounts_user w where w.id = m.user_id) else '' end
    from (select t.id from programs_intakeslot t where t.guide_id = %(user)s
          union
          select t.id from programs_membership m join programs_intakeslot t on t.membership_id = m.id
           where m.user_id = %(user)s) mine
    join programs_intakeslot t on t.id = mine.id join programs_program p on p.id = t.program_id
    join programs_membership m on m.id = t.membership_id join accounts_user u on u.id = t.guide_id
    left join programs_room r on r.id = t.room_id
   where t.ends_at > %(now)s
) coming order by starts_at, about limit 6
"""


class Which(NamedTuple):
    """A coming session or intake as its line names it, and where that leads."""

    kind: str
    url: str
    name: str
    number: str
    who: str


class Coming(NamedTuple):
    kind: str
    program: UUID
    title: str
    about: UUID
    name: str
    starts_at: Any
    ends_at: Any
    place: str
    number: int
    channel: str
    who: str

    @property
    def where(self) -> str:
        """The room; of an interview without one, how it is held."""
        named = self.place or self.channel in ("", IntakeSlot.Channel.ROOM)
        return self.place if named else str(IntakeSlot.Channel(self.channel).label)

    @property
    def which(self) -> Which:
        page, about = LEADS[self.kind], self.program if self.kind == "gives" else self.about
        return Which(self.kind, address(page, about), self.name, str(self.number), self.who)


LEADS = {
    "session": "sessions:session",
    "gives": "programs:guide-intakes",
    "intake": "programs:my-place",
    "reserved": "programs:my-place",
}


def of(**values: Any) -> list[Coming]:
    return [Coming(*row) for row in COMING_STATEMENT.rows(**values)]


COMING_STATEMENT = Statement(COMING, user=UUID, now=dt.datetime, today=dt.date)
