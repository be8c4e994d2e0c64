"""What needs somebody, asked of all rooms in one statement for each role.

Each part gives the same columns: kind, program, its title, the row it is about, that row's name, a number and a
moment. A page asks one statement whatever is stored, so these are SQL rather than a dozen querysets; the parts
name their reason, and ``tests/desk/test_worklist.py`` asks each for its row.
"""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from catalogue import retention
from intervision.prepared import Statement
from programs import offers

MOST = 25


class Found(NamedTuple):
    kind: str
    program: UUID | None
    title: str
    about: UUID
    name: str
    number: int
    at: Any


#: For who runs the programs ``%(programs)s``.
COORDINATOR = """
select 'suspended' as kind, p.id, p.title, p.id, '' as name, count(*)::int, null::timestamptz
  from (select g.program_id, x.id from programs_guide x join programs_group g on g.id = x.group_id
         where g.program_id = any(%(programs)s)
           and x.suspended_from <= %(today)s and (x.until_on is null or x.until_on >= %(today)s)
        union all
        select m.program_id, m.id from programs_membership m
         where m.program_id = any(%(programs)s)
           and m.suspended_from <= %(today)s and m.group_id is not null and m.state not in ('left', 'declined')
       ) x join programs_program p on p.id = x.program_id group by p.id
union all
select 'leak', p.id, p.title, p.id, g.name, count(*)::int, null
  from concerns_leakreport r join programs_group g on g.id = r.group_id
  join programs_program p on p.id = g.program_id
 where p.id = any(%(programs)s) and r.state = 'confirmed' and g.paused_at is null group by p.id, g.id
union all
select 'undelivered', p.id, p.title, p.id, '', count(*)::int, min(m.due_at)
  from outbox_message m
  join lateral (select program_id as id from programs_membership where id = m.about_id
                union all select g.program_id from programs_group g where g.id = m.about_id
                union all select g.program_id from intervision_sessions_groupsession s
                            join programs_group g on g.id = s.group_id where s.id = m.about_id
                union all select m.about_id) a on true
  join programs_program p on p.id = a.id
 where p.id = any(%(programs)s)
   and (m.state in ('dead', 'unknown') or (m.state = 'pending' and m.error_class <> '')) group by p.id
union all
select 'no_lead', p.id, p.title, g.id, g.name, g.taken, null
  from programs_group g join programs_program p on p.id = g.program_id
 where p.id = any(%(programs)s) and p.stage in ('intakes', 'running', 'calls') and g.taken > 0
   and not exists (select from programs_guide x where x.group_id = g.id and x.role = 'lead'
                      and x.from_on <= %(today)s and (x.until_on is null or x.until_on >= %(today)s))
union all
select 'log_late', p.id, p.title, g.id, g.name, s.number, s.ends_at
  from intervision_sessions_groupsession s join programs_group g on g.id = s.group_id
  join programs_program p on p.id = g.program_id
 where p.id = any(%(programs)s) and p.stage in ('running', 'calls')
   and s.state in ('planned', 'confirmed', 'held') and s.ends_at < %(now)s - interval '2 days'
union all
select 'no_room', p.id, p.title, s.id, g.name, s.number, s.starts_at
  from intervision_sessions_groupsession s join programs_group g on g.id = s.group_id
  join programs_program p on p.id = g.program_id
 where p.id = any(%(programs)s) and p.stage in ('intakes', 'running') and s.room_id is null
   and s.video_link = '' and s.state in ('planned', 'confirmed')
   and s.starts_at between %(now)s and %(now)s + interval '14 days'
union all
select 'wait_' || w.kind, p.id, p.title, p.id, '', count(*)::int, min(w.created_at)
  from programs_waitingplace w join programs_program p on p.id = w.program_id
 where p.id = any(%(programs)s) and w.ended_at is null and w.offered_at is null group by p.id, w.kind
union all
select 'unseated', p.id, p.title, p.id, '', count(*)::int, null
  from programs_membership m join programs_program p on p.id = m.program_id
 where p.id = any(%(programs)s) and p.stage in ('intakes', 'running') and m.group_id is null
   and m.state not in ('left', 'declined')
   and not exists (select from programs_waitingplace w where w.membership_id = m.id and w.ended_at is null)
 group by p.id
union all
-- Ours: what only a coordinator can say is asked again after a year.
select 'say_again', p.id, p.title, p.id, '', count(*)::int, min(d.answered_at)
  from checklist_declaration d join programs_program p on p.id = d.program_id
 where p.id = any(%(programs)s) and p.stage in ('recruiting', 'intakes', 'running', 'calls')
   and d.answered_at < %(now)s - interval '365 days' group by p.id
union all
select 'go_on', p.id, p.title, p.id, p.stage, 0, null
  from programs_program p where p.id = any(%(programs)s) and p.stage = 'draft'
union all
select 'start', p.id, p.title, p.id, '', 0, p.starts_on::timestamptz
  from programs_program p where p.id = any(%(programs)s) and p.stage in ('recruiting', 'intakes')
   and p.starts_on between %(today)s and %(today)s + 14
"""

#: For who guides groups.
GUIDE = """
select 'log' as kind, g.program_id, g.title, s.id, g.name, s.number::int, s.ends_at
  from mine g join intervision_sessions_groupsession s on s.group_id = g.id
 where g.stage in ('running', 'calls') and s.state in ('planned', 'confirmed', 'held') and s.ends_at < %(now)s
union all
select 'own_questions', g.program_id, g.title, r.id, g.name, cardinality(r.questions), r.closes_at
  from mine g join intervision_sessions_guideround r on r.group_id = g.id
 where g.stage not in ('draft', 'paused', 'cancelled') and g.paused_at is null and r.answered_at is null
   and r.opens_at <= %(now)s and r.closes_at > %(now)s
union all
select 'code', g.program_id, g.title, s.id, g.name, s.number::int, w.opens_at
  from mine g join surveys_window w on w.group_id = g.id and w.kind = 'pulse' and w.state = 'open'
  join intervision_sessions_groupsession s on s.id = w.about_id
 where w.opens_at <= %(now)s and w.opens_at > %(now)s - interval '1 hour'
union all
select 'outcome', t.program_id, p.title, t.membership_id,
       case when m.given_name > '' and m.accepted_at is null then m.given_name else u.name end, 0, t.ends_at
  from programs_intakeslot t join programs_program p on p.id = t.program_id
  join programs_membership m on m.id = t.membership_id join accounts_user u on u.id = m.user_id
  left join programs_intake i on i.membership_id = m.id
 where t.guide_id = %(user)s and t.ends_at < %(now)s and p.stage in ('recruiting', 'intakes', 'running')
   and m.state not in ('left', 'declined') and (i.id is null or i.state in ('offered', 'booked'))
   and m.group_id in (select id from mine)
union all
select 'attendance_said', g.program_id, g.title, g.id, g.name, count(distinct t.membership_id)::int, null
  from mine g join intervision_sessions_groupsession s on s.group_id = g.id
  join intervision_sessions_attendance t on t.session_id = s.id
 where t.says <> '' and t.membership_id is not null
 group by g.id, g.program_id, g.title, g.name
union all
select 'offer_times', g.program_id, g.title, g.program_id, g.name, count(*)::int, null
  from mine g join programs_membership m on m.group_id = g.id
 where g.stage = 'intakes' and g.role = 'lead' and m.state not in ('left', 'declined')
   and not exists (select from programs_intake i where i.membership_id = m.id and i.state in ('held', 'held_late'))
   and not exists (select from programs_intakeslot t where t.membership_id = m.id)
   and not exists (select from programs_intakeslot t where t.program_id = g.program_id
                      and t.guide_id = %(user)s and t.membership_id is null and t.withdrawn_at is null
                      and t.starts_at > %(now)s)
 group by g.id, g.program_id, g.title, g.name
union all
select 'declare', g.program_id, g.title, g.guide_id, g.name, 0, null
  from mine g where g.stage in ('recruiting', 'intakes') and g.taken > 0
   and not exists (select from programs_independencedeclaration d where d.guide_id = g.guide_id)
"""
MINE = """with mine as (
  select g.id, g.name, g.taken, g.paused_at, g.program_id, p.title, p.stage, x.role, x.id as guide_id
    from programs_guide x join programs_group g on g.id = x.group_id
    join programs_program p on p.id = g.program_id
   where x.user_id = %(user)s and x.from_on <= %(today)s and (x.until_on is null or x.until_on >= %(today)s)
     and (x.suspended_from is null or x.suspended_from > %(today)s)
     and exists (select from accounts_appointment a
                  where a.user_id = x.user_id and a.institution_id = p.institution_id and a.role = 'intervisor'
                    and a.from_on <= %(today)s and (a.until_on is null or a.until_on >= %(today)s)))
"""

#: For who takes part, or is asked to. An answer is asked before the first of the closing day (at noon, which is
#: that day in every zone) and the time that is reserved; the number says that it is the latter.
MEMBER = """
select 'answer' as kind, p.id, p.title, m.id, '' as name,
       first.is_time::int,
       case when first.is_time then t.starts_at else (p.answers_until + interval '12 hours')::timestamptz end
  from programs_membership m join programs_program p on p.id = m.program_id
  join accounts_institution i on i.id = p.institution_id
  left join programs_intakeslot t on t.membership_id = m.id and t.starts_at > %(now)s
  cross join lateral (select t.id is not null and coalesce(
         (t.starts_at at time zone i.time_zone)::date <= p.answers_until, true) as is_time) first
 where m.user_id = %(user)s and m.invited_at is not null and m.accepted_at is null
   and m.state in ('invited', 'placed') and p.stage in ('recruiting', 'intakes', 'running')
union all
select 'questions_' || w.kind, p.id, p.title, w.id, g.name, jsonb_array_length(w.questions), w.closes_at
  from programs_membership m join programs_group g on g.id = m.group_id
  join programs_program p on p.id = m.program_id join surveys_window w on w.group_id = g.id
 where m.user_id = %(user)s and m.state not in ('placed', 'left', 'declined')
   and (m.suspended_from is null or m.suspended_from > %(today)s)
   and not (coalesce(m.paused_from <= %(today)s, false) and coalesce(m.paused_until >= %(today)s, true))
   and w.state = 'open' and w.opens_at <= %(now)s and w.closes_at > %(now)s
   and not exists (select from surveys_receipt r where r.window_id = w.id and r.user_id = %(user)s)
union all
select 'offer', p.id, p.title, m.id, '', 0, w.offer_until
  from programs_waitingplace w join programs_membership m on m.id = w.membership_id
  join programs_program p on p.id = m.program_id
 where m.user_id = %(user)s and w.ended_at is null and w.offer_until > %(now)s
union all
select case when t.id is null then 'choose_time' else 'keep_time' end, p.id, p.title, m.id, '', 0, t.starts_at
  from programs_membership m join programs_program p on p.id = m.program_id
  left join programs_intakeslot t on t.membership_id = m.id and t.starts_at > %(now)s
  left join programs_intake i on i.membership_id = m.id
 where m.user_id = %(user)s and m.accepted_at is not null and m.state = 'active' and p.format = 'intervision'
   and p.stage in ('recruiting', 'intakes') and (i.id is null or i.state in ('offered', 'no_show', 'cancelled'))
   and t.kept_at is null
   and not exists (select from programs_waitingplace w
                    where w.membership_id = m.id and w.kind = 'intake' and w.ended_at is null)
union all
select 'rules', p.id, p.title, m.id, g.name, 0, null
  from programs_membership m join programs_program p on p.id = m.program_id
  join programs_group g on g.id = m.group_id
  join lateral (select id from programs_groundrules r where r.group_id = g.id
                 order by version desc limit 1) r on true
 where m.user_id = %(user)s and m.state = 'active' and p.stage in ('recruiting', 'intakes', 'running')
   and not exists (select from programs_groundrulesconfirmation c
                    where c.ground_rules_id = r.id and c.user_id = %(user)s)
union all
select 'share_again', p.id, p.title, m.id, g.name, count(*)::int, null
  from programs_membership m join programs_program p on p.id = m.program_id
  join programs_group g on g.id = m.group_id
  join programs_learninggoal t on t.membership_id = m.id
  join programs_guide x on x.id = t.shared_with_id
 where m.user_id = %(user)s and m.state not in ('left', 'declined')
   and p.stage in ('recruiting', 'intakes', 'running', 'calls')
   and (x.group_id <> m.group_id or x.until_on < %(today)s or x.suspended_from <= %(today)s)
   and exists (select from programs_guide y where y.group_id = m.group_id and y.from_on <= %(today)s
                  and (y.until_on is null or y.until_on >= %(today)s)
                  and (y.suspended_from is null or y.suspended_from > %(today)s))
 group by p.id, m.id, g.id
union all
-- Only who wrote something is told here: it is their own page. The same days as in programs/offers.py.
select 'texts_leave', p.id, p.title, p.id, '', 0,
       min(greatest(e.ended_at + least(k.days, (i.own_periods->>k.kind)::int) * interval '1 day',
                    coalesce(o.made_at, %(now)s) + interval '7 days'))
  from programs_membership m join programs_program p on p.id = m.program_id
  join accounts_institution i on i.id = p.institution_id
  join lateral (select max(c.created_at) as ended_at from programs_stagechange c
                 where c.program_id = p.id) e on e.ended_at is not null
  join lateral (select 'goal' as kind where exists (select from programs_learninggoal t where t.membership_id = m.id)
                union all select 'preparation'
                 where exists (select from programs_preparation t where t.membership_id = m.id)
                union all select 'private_line'
                 where exists (select from intervision_sessions_privateline t where t.membership_id = m.id)
               ) t on true
  join (values {kept}) k (kind, days) on k.kind = t.kind
  left join lateral (select coalesce(x.sent_at, x.due_at) as made_at from outbox_message x
                      where x.about_id = p.id and x.kind = 'texts-leave' and x.recipient_id = m.user_id
                        and x.created_at >= e.ended_at and x.state not in ('pending', 'leased')
                      limit 1) o on true
 where m.user_id = %(user)s and p.stage in ('completed', 'cancelled') group by p.id
union all
-- No need: where somebody takes part, so that the own pages are found from the worklist.
select 'mine', p.id, p.title, m.id, coalesce(g.name, ''), 0, null
  from programs_membership m join programs_program p on p.id = m.program_id
  left join programs_group g on g.id = m.group_id
 where m.user_id = %(user)s and m.accepted_at is not null and m.state not in ('left', 'declined')
   and p.stage in ('recruiting', 'intakes', 'running', 'calls', 'paused')
"""

#: For the independent person: what they may look into is asked of ``%(reports)s``.
INDEPENDENT = """
select 'report' as kind, null::uuid, '' as title, r.id, g.name, 0, r.since_on::timestamptz
  from concerns_leakreport r join programs_group g on g.id = r.group_id
 where r.id = any(%(reports)s)
"""

#: For who sees to the institution.
ADMINISTRATOR = """
select 'no_help' as kind, null::uuid, i.name, i.id, i.slug, 0, null::timestamptz
  from accounts_institution i where i.id = %(house)s
   and not exists (select from accounts_helpcontact h where h.institution_id = i.id and h.kind = 'emergency')
union all
select 'invitation', null, i.name, i.id, i.slug, count(*)::int, min(v.expires_at)
  from accounts_invitation v join accounts_institution i on i.id = v.institution_id
 where i.id = %(house)s and v.accepted_at is null and v.revoked_at is null and v.expires_at < %(now)s
 group by i.id
union all
select 'no_independent', null, i.name, i.id, i.slug, 0, null
  from accounts_institution i where i.id = %(house)s
   and not exists (select from accounts_appointment a
                    where a.institution_id = i.id and a.role = 'independent' and a.from_on <= %(today)s
                      and (a.until_on is null or a.until_on >= %(today)s))
union all
select 'no_officer', null, i.name, i.id, i.slug, 0, null
  from accounts_institution i where i.id = %(house)s
   and not exists (select from accounts_appointment a
                    where a.institution_id = i.id and a.role = 'privacy' and a.from_on <= %(today)s
                      and (a.until_on is null or a.until_on >= %(today)s))
"""


#: What the values in the statements are.
KINDS: dict[str, Any] = {
    "user": UUID,
    "house": UUID,
    "now": dt.datetime,
    "today": dt.date,
    "programs": list[UUID],
    "reports": list[UUID],
}


def ask(parts: Sequence[str], **values: Any) -> list[Found]:
    """The rows of all ``parts``, in one statement."""
    return [Found(*row) for row in together(tuple(parts)).rows(**values)] if parts else []


@cache
def together(parts: tuple[str, ...]) -> Statement:
    head = MINE if GUIDE in parts else ""
    whole = head + " union all ".join(parts).replace("{kept}", kept())
    return Statement(f"{whole} limit {MOST * 4}", **KINDS)


def kept() -> str:
    """How many days each kind of own text is kept at most, as the table says, for ``values``."""
    periods = {kind: retention.of(kind).period for kind in offers.TEXTS}
    return ", ".join(f"('{kind}', {period.days})" for kind, period in periods.items() if period)
