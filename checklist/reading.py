"""From a program's rows in the database to plain ones: one call, whatever its size.

Migration ``reading_in_one_call`` has the call and what stands in each of its rows, in that order.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from checklist.answered import Released
from checklist.models import Declaration, Justification
from checklist.rows import (
    FrameRow,
    GroupRow,
    GuideRow,
    LogRow,
    MemberRow,
    RepairRow,
    RoomRow,
    RoundRow,
    Scope,
    SessionRow,
    TextRow,
    TicksRow,
)
from intervision.prepared import Statement
from programs import independence
from programs.models import Guide, Program, TrainingRecord

GUIDING = (TrainingRecord.Topic.FACILITATION, TrainingRecord.Topic.COUNSELLING)
Row = Sequence[Any]
Found = Mapping[str, Any]
#: As the database gives it: the call's rows, groups something left, whether somebody looks into that, what was shown
#: of the program and of the climate around it, groups that have ground rules, what guides answered about their own
#: work, leaks that were repaired, and what was told of the intake interviews.
Answer = tuple[
    str, tuple[str, ...], bool, str | None, str | None, tuple[str, ...], str | None, str | None, str | None
]
#: Everything about the program; the group of each report found true and not repaired; whether anybody looks.
#: Prepared, so that what stands beside the call is planned once as well.
ANSWER = """checklist_reading(%(program)s, %(on)s)::text,
       array(select r.group_id::text from concerns_leakreport r join programs_group g on g.id = r.group_id
              where g.program_id = %(program)s and r.state = 'confirmed'),
       exists(select from accounts_appointment a
               where a.institution_id = %(house)s and a.role = 'independent' and a.from_on <= %(on)s
                 and (a.until_on is null or a.until_on >= %(on)s)),
       -- What was shown of answers, by group and, without one, pooled for the coordinator.
       (select json_agg(json_build_array(group_id, kind, slot, words, people_at_least, released_at)
                        order by released_at, id)::text
          from surveys_result where program_id = %(program)s),
       -- What was shown of the climate: of the departments where members work, of intervisors, of small departments.
       (select json_agg(json_build_array(c.department_id, c.who, 0, c.words, c.people_at_least, c.released_at)
                        order by c.released_at, c.id)::text
          from surveys_climateresult c
         where c.institution_id = %(house)s
           and (c.department_id is null or exists(
             select from accounts_placement a
               join programs_membership m on m.user_id = a.user_id
               join programs_group g on g.id = m.group_id
              where g.program_id = %(program)s and a.department_id = c.department_id and a.from_on <= %(on)s
                and (a.until_on is null or a.until_on >= %(on)s)
                and m.state in ('placed', 'active', 'completed')))),
       -- Groups with ground rules that could be confirmed.
       array(select distinct rules.group_id::text from programs_groundrules rules
               join programs_group g on g.id = rules.group_id where g.program_id = %(program)s),
       -- What guides answered about their own work, with who and when.
       (select json_agg(json_build_array(r.group_id, r.answered_by_id, r.answers, r.answered_at, r.closes_at)
                        order by r.answered_at, r.id)::text
          from intervision_sessions_guideround r join programs_group g on g.id = r.group_id
         where g.program_id = %(program)s and r.answered_at is not null),
       -- Repaired leaks, each with whether its group, and all groups pooled, said last in questions that opened since
       -- that what is said stays in the group.
       (select json_agg(json_build_array(r.group_id,
                 coalesce((select s.words->>'min-stays-in-group' = 'good' from surveys_result s
                    where s.group_id = r.group_id and s.words->>'min-stays-in-group' is not null
                      and not exists(select from surveys_window w
                                      where w.result_id = s.id and w.opens_at::date <= r.since_on)
                    order by s.released_at desc limit 1), false),
                 coalesce((select s.words->>'min-stays-in-group' = 'good' from surveys_result s
                    where s.program_id = g.program_id and s.group_id is null
                      and s.words->>'min-stays-in-group' is not null
                      and not exists(select from surveys_pool p join surveys_window w on w.pool_id = p.id
                                      where p.result_id = s.id and w.opens_at::date <= r.since_on)
                    order by s.released_at desc limit 1), false)) order by r.id)::text
          from concerns_leakreport r join programs_group g on g.id = r.group_id
         where g.program_id = %(program)s and r.state = 'repaired'),
       -- What was told last of the intake interviews: of ever more people.
       (select json_build_array(people, framed, goals)::text from checklist_tickstold
         where program_id = %(program)s order by people desc limit 1)
"""
CALL = Statement(f"select {ANSWER}", program=UUID, on=dt.date, house=UUID)
#: The same of many programs at once, each on the day that it is at its institution.
ASKED = "from unnest(%s::uuid[], %s::date[], %s::uuid[]) asked(program, day, house)"
OF_EACH = ANSWER % {"program": "asked.program", "on": "asked.day", "house": "asked.house"}


@dataclass(frozen=True)
class Reading:
    """``declarations`` and ``justifications`` are by item; ``min_n`` is the institution's."""

    scope: Scope
    declarations: dict[str, Declaration]
    justifications: dict[str, Justification]
    min_n: int
    released: tuple[Released, ...] = ()
    #: By department, and by stratum instead of kind.
    climate: tuple[Released, ...] = ()


def ask(program: Program, at: dt.datetime) -> Answer:
    """Everything stored that a score counts. The same answer reads the same."""
    house = program.institution
    [answer] = CALL.rows(program=program.pk, on=house.on_day(at), house=house.pk)
    return _plain(*answer)


def _plain(text: str, left: Sequence[str], *others: Any) -> Answer:
    """The answer with tuples for lists, so that two can be compared and kept."""
    looked_into, released, climate, ruled, *more = others
    return (text, tuple(left), looked_into, released, climate, tuple(ruled), *more)


def ask_of_many(programs: Sequence[Program], at: dt.datetime) -> dict[UUID, Answer]:
    """What ``ask`` finds, of each of ``programs``, in one question."""
    houses = [program.institution for program in programs]
    ids: list[Any] = [program.pk for program in programs]
    days: list[Any] = [house.on_day(at) for house in houses]
    with connection.cursor() as cursor:
        cursor.execute(
            f"select asked.program, {OF_EACH} {ASKED}", [ids, days, [house.pk for house in houses]]
        )
        return {program: _plain(*answer) for program, *answer in cursor.fetchall()}


def read(program: Program, at: dt.datetime, answer: Answer | None = None) -> Reading:
    """``program`` comes with its institution; ``answer`` is what ``ask`` found, asked now unless given."""
    house = program.institution
    found = _found(ask(program, at) if answer is None else answer)
    members, sessions, guides = _members(found), _sessions(found, house.zone), _guides(found)
    rounds = _rounds(found, house.zone)
    groups = (
        GroupRow(
            id=UUID(id),
            name=name,
            closed=closed,
            incidents=found["left"].count(id),
            ruled=id in found["ruled"],
            members=tuple(members[id]),
            guides=tuple(guides[id]),
            sessions=tuple(sessions[id]),
            rounds=tuple(rounds[id]),
            repairs=tuple(RepairRow(*said) for group, *said in found["repairs"] if group == id),
        )
        for id, name, closed in found["groups"]
    )
    scope = Scope(
        frame=frame_of(program, found),
        at=at,
        groups=tuple(groups),
        coordinators=tuple(found["coordinators"]),
        independence=_independence(found),
        looked_into=found["looked_into"],
        ticks=TicksRow(*found["ticks"]) if found["ticks"] else None,
    )
    return Reading(
        scope,
        _declarations(found),
        _justifications(found),
        house.min_n,
        _released(found["released"]),
        _released(found["climate"]),
    )


def _found(answer: Answer) -> Found:
    text, left, looked_into, released, climate, ruled, rounds, repairs, ticks = answer
    found: dict[str, Any] = json.loads(text)
    return {key: value or [] for key, value in found.items()} | {
        "left": left,
        "ruled": ruled,
        "looked_into": looked_into,
        "released": json.loads(released or "[]"),
        "climate": json.loads(climate or "[]"),
        "rounds": json.loads(rounds or "[]"),
        "repairs": json.loads(repairs or "[]"),
        "ticks": json.loads(ticks or "[]"),
    }


def frame_of(program: Program, found: Found | None = None) -> FrameRow:
    """What is decided about ``program``; also of one that is being typed and stored nowhere."""
    house = program.institution
    return FrameRow(
        format=program.format,
        title=program.title,
        description=program.description,
        stage=program.paused_stage or program.stage,
        target_size=program.target_size,
        interval_weeks=program.interval_weeks,
        session_minutes=program.session_minutes,
        sessions_total=program.sessions_total,
        participation=program.participation,
        degree_required=program.degree_required,
        coaching_alongside=program.coaching_alongside,
        coaching_mode=program.coaching_mode,
        requires_prior_error=program.requires_prior_error,
        refreshments=program.refreshments,
        texts=None if found is None else tuple(_text(row) for row in found["texts"]),
        first_invited_at=_moment(found["invited"]) if found else None,
        zone=house.zone,
        working_days=tuple(house.working_days),
        working_from=house.working_from,
        working_until=house.working_until,
    )


def _members(found: Found) -> dict[str, list[MemberRow]]:
    """By group. Where somebody works in two departments, the one begun last tells year and discipline."""
    places = {user: place for user, *place, _ruled in found["placed"]}
    confirmed, duties, clashes = _confirmed(found), dict(found["duties"]), dict(found["clashes"])
    members: dict[str, list[MemberRow]] = defaultdict(list)
    for id, group, user, joined, left, paused, until, suspended, slot, held, by, framed, goal, own in found[
        "members"
    ]:
        year, training_years, discipline = places.get(user, (None, None, ""))
        members[group].append(
            MemberRow(
                id=id,
                user=user,
                joined_on=dt.date.fromisoformat(joined),
                left_on=_day(left),
                paused_from=_day(paused),
                paused_until=_day(until),
                suspended_from=_day(suspended),
                year=year,
                training_years=training_years,
                discipline=discipline,
                slot_at=_moment(slot),
                intake_at=_moment(held),
                intake_by=by,
                framed=bool(framed),
                goal=bool(goal),
                goal_on=_day(own),
                confirmed_at=_moment(confirmed.get((group, user))),
                clashes=frozenset(clashes.get(id, ())),
                duties_until=_moment(duties.get(user)),
            )
        )
    return members


def _sessions(found: Found, zone: ZoneInfo) -> dict[str, list[SessionRow]]:
    present, interrupted = dict(found["present"]), dict(found["interrupted"])
    sessions: dict[str, list[SessionRow]] = defaultdict(list)
    for row in found["sessions"]:
        id, group, starts, ends, state, first, refreshments, started, ended, *more = row
        sessions[group].append(
            SessionRow(
                id=id,
                starts_at=dt.datetime.fromisoformat(starts).astimezone(zone),
                ends_at=dt.datetime.fromisoformat(ends).astimezone(zone),
                state=state,
                first_planned_at=dt.datetime.fromisoformat(first).astimezone(zone),
                room=None if more[0] is None else RoomRow(*more[:3]),
                refreshments=refreshments,
                started_at=_moment(started),
                ended_at=_moment(ended),
                present=frozenset(present.get(id, ())),
                interruptions=interrupted.get(id, 0),
                log=None if more[3] is None else _log(*more[3:]),
            )
        )
    return sessions


def _log(own_case: bool, next_step: bool, themes: Iterable[str], answers: Mapping[str, Any]) -> LogRow:
    given = {key: int(answer) for key, answer in answers.items()}
    return LogRow(own_case, next_step, tuple(themes), given)


def _rounds(found: Found, zone: ZoneInfo) -> dict[str, list[RoundRow]]:
    """By group, what was answered first comes first."""
    rounds: dict[str, list[RoundRow]] = defaultdict(list)
    for group, by, answers, answered, closes in found["rounds"]:
        at, until = (dt.datetime.fromisoformat(moment).astimezone(zone) for moment in (answered, closes))
        given = {key: int(answer) for key, answer in answers.items()}
        rounds[group].append(RoundRow(by or group, given, at.date(), until.date()))
    return rounds


def _guides(found: Found) -> dict[str, list[GuideRow]]:
    confirmed = _confirmed(found)
    hours = {(user, topic): time for user, topic, time in found["trained"]}
    guides: dict[str, list[GuideRow]] = defaultdict(list)
    for group, user, role, suspended, kind, cbt in found["guides"]:
        guides[group].append(
            GuideRow(
                user=user,
                leads=role == Guide.Role.LEAD,
                suspended=suspended is not None,
                kind=kind or "",
                cbt=bool(cbt) or (user, TrainingRecord.Topic.CBT) in hours,
                steering=(user, TrainingRecord.Topic.STEERING) in hours,
                hours=sum(hours.get((user, topic), 0) for topic in GUIDING),
                confirmed_at=_moment(confirmed.get((group, user))),
            )
        )
    return guides


def _confirmed(found: Found) -> dict[tuple[str, str], str]:
    """When somebody first confirmed the ground rules of a group, in any version."""
    return {(group, user): at for group, user, at in found["confirmed"]}


def _independence(found: Found) -> independence.Knowledge:
    known = {(one, other, True) for one, other in found["evaluating"]}
    known |= {(one, other, False) for one, other in found["declared_independent"]}
    return independence.Knowledge(frozenset(known), frozenset(row[0] for row in found["placed"] if row[-1]))


def _text(row: Row) -> TextRow:
    purpose_en, purpose_nl, limits_en, limits_nl, published = row
    return TextRow((purpose_en, purpose_nl), (limits_en, limits_nl), _moment(published))


def _declarations(found: Found) -> dict[str, Declaration]:
    return {
        item: Declaration(
            item=item, answer=answer, note=note, answered_at=dt.datetime.fromisoformat(answered)
        )
        for item, answer, note, answered in found["declared"]
    }


def _justifications(found: Found) -> dict[str, Justification]:
    return {
        item: Justification(
            item=item, text=text, changed_at=dt.datetime.fromisoformat(changed), chosen=chosen
        )
        for item, text, changed, chosen in found["justified"]
    }


def _released(rows: Iterable[Row]) -> tuple[Released, ...]:
    return tuple(
        Released(UUID(group) if group else None, kind, slot, words, people, dt.datetime.fromisoformat(at))
        for group, kind, slot, words, people, at in rows
    )


def _moment(text: str | None) -> dt.datetime | None:
    """A time as PostgreSQL writes it into JSON."""
    return dt.datetime.fromisoformat(text) if text else None


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
