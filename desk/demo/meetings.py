"""Sessions of the demonstration: planned as a series, those that have passed held and logged."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from catalogue import load
from desk.demo.building import days_off
from desk.demo.house import House
from intervision import clock
from planning.dates import PlannedDate, Series, plan_series
from planning.days_off import DaysOff
from programs.models import Group, Guide, Membership, Occupation
from sessions.actions import messages
from sessions.models import Attendance, GroupSession, Interruption, SessionLog

State = GroupSession.State
DAY = dt.timedelta(days=1)
NOON = dt.time(12)
#: What groups speak about, in turns.
THEMES = ["workload_and_rosters", "error_or_incident", "team_and_hierarchy", "recovery_and_recharge",
          "becoming_a_doctor", "patient_or_family", "private_life_and_work"]  # fmt: skip


def plan(house: House, group: Group, *, weeks: int, weekday: int, at: dt.time) -> list[GroupSession]:
    """The group's series at the program's cadence, days that are off skipped, guide and room taken."""
    program = group.program
    series = Series(
        first_on=house.day(weeks, weekday),
        at=at,
        minutes=program.session_minutes,
        every_weeks=program.interval_weeks or 1,
        count=program.sessions_total,
        zone=house.institution.zone,
    )
    off = days_off(house, *series.spans)
    dates = [date for date in plan_series(series, off).dates if date.starts_at]
    lead = group.guides.get(role=Guide.Role.LEAD, until_on=None).user_id
    made = [_hold(group, lead, date, off) for date in dates]
    group.half_day = 2 * weekday + int(at >= NOON)
    group.save(update_fields=["half_day"])
    now = clock.now()
    messages.remind([one for one in made if now < one.starts_at < now + messages.AHEAD], at=now)
    return made


def _hold(group: Group, lead: uuid.UUID, date: PlannedDate, off: DaysOff) -> GroupSession:
    """The session with its guide and room, on the first day from ``date`` on which both are free."""
    starts, ends, on = date.starts_at, date.ends_at, date.on
    if starts is None or ends is None:
        raise ValueError("a date without its time")
    while off.reason(on) or _taken(lead, group, (starts, ends)):
        starts, ends, on = starts + DAY, ends + DAY, on + DAY
    session = GroupSession.objects.create(
        group=group,
        number=date.number,
        starts_at=starts,
        ends_at=ends,
        first_planned_at=starts,
        room=group.room,
        outside_reference=f"R{41200 + date.number}" if group.room and group.room.booked_outside else "",
        refreshments=group.program.refreshments,
    )
    period = DateTimeTZRange(starts, ends)
    Occupation.objects.bulk_create(
        Occupation(period=period, about_id=session.pk, **taken)
        for taken in ({"person_id": lead}, {"room": group.room})
    )
    return session


def _taken(lead: uuid.UUID, group: Group, period: tuple[dt.datetime, dt.datetime]) -> bool:
    """Whether guide or room is taken in ``period``."""
    taken = Occupation.objects.filter(period__overlap=DateTimeTZRange(*period))
    return taken.filter(Q(person=lead) | Q(room=group.room)).exists()


def log_past(house: House, sessions: Iterable[GroupSession], *, but: int = 0, ticked: bool = True) -> None:
    """Every session that is over took place and is logged, but the last ``but``: their logs are missing.

    Without ``ticked`` nothing is known of what the guide would have ticked.
    """
    over = sorted((one for one in sessions if one.ends_at < clock.now()), key=lambda one: one.starts_at)
    for session in over[: len(over) - but]:
        _take_place(house, session)
        if ticked:
            _log(house, session)


def _take_place(house: House, session: GroupSession) -> None:
    session.state = State.LOGGED
    session.started_at = session.starts_at
    session.ended_at = session.ends_at - dt.timedelta(minutes=5 * house.dice.randrange(3))
    session.save(update_fields=["state", "started_at", "ended_at"])
    _attend(house, session)
    if house.dice.random() < 0.4:
        Interruption.objects.create(session=session, kind="pager", count=house.dice.choice([1, 1, 2]))


def _log(house: House, session: GroupSession) -> None:
    guide = Guide.objects.filter(group=session.group_id, role=Guide.Role.LEAD).first()
    questions = load().log_questions(session.group.program.format)
    SessionLog.objects.create(
        session=session,
        own_case=house.dice.random() < 0.9,
        next_step=house.dice.random() < 0.8,
        themes=sorted({house.dice.choice(THEMES), house.dice.choice(THEMES)}),
        answers={item.key: house.dice.choice([4, 4, 5, 3]) for item in questions},
        logged_by=guide.user if guide else None,
        logged_at=session.ends_at + dt.timedelta(minutes=10),
    )


def _attend(house: House, session: GroupSession) -> None:
    on = house.institution.on_day(session.starts_at)
    members = Membership.objects.taking_part(on).filter(group=session.group_id)
    Attendance.objects.bulk_create(
        Attendance(
            session=session,
            membership=row,
            state=house.dice.choices(["present", "excused", "absent"], [88, 9, 3])[0],
            left_early=house.dice.random() < 0.05,
        )
        for row in members
    )


def call_off(session: GroupSession, reason: str) -> None:
    session.state, session.cancel_reason = State.CANCELLED, reason
    session.save(update_fields=["state", "cancel_reason"])
    Occupation.objects.filter(about_id=session.pk).delete()
