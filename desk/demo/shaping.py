"""A program after its shape, from its start to this week, by the steps of all programs of the demonstration."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from catalogue import load
from checklist import actions as checklist
from desk.demo import building as build
from desk.demo import meetings, second_house, told
from desk.demo.house import House
from desk.demo.shapes import LAST_YEAR, LAST_YEAR_AT, SHAPES, Shape
from intervision import clock
from programs.actions import groups as by_hand
from programs.actions import guides as directory
from programs.models import Group, Guide, Intake, Membership, Program
from sessions.models import Attendance, GroupSession, Interruption, SessionLog

Stage = Program.Stage
LOGGED_AFTER, OVER_AFTER = dt.timedelta(minutes=10), dt.timedelta(days=7)


def build_all(house: House) -> None:
    """Programs that show what the checklist says, in a hospital of their own; then the climate around some of them."""
    for number, shape in enumerate(SHAPES):
        second_house.staff(house, shape, number)
        _build(house, shape, number)
    told.ask_climate(house, {shape.department: shape.climate for shape in SHAPES if shape.climate}, weeks=-14)


def last_year(house: House) -> None:
    """Last year's round in the first hospital, answered and over, and its climate: what a director reads."""
    shape, people = LAST_YEAR, LAST_YEAR.groups * LAST_YEAR.size
    chosen = [house.guides[1], house.guides[2], house.guides[9]]
    there = replace(house, residents=house.residents[-people:], guides=chosen, rooms=[house.rooms[6]])
    _build(there, shape, 0)
    # Closed over a year ago: it counted when the half-year began, and counts for no program today.
    told.ask_climate(house, dict.fromkeys(LAST_YEAR_AT, shape.climate), weeks=-56)


def _build(house: House, shape: Shape, number: int) -> None:
    first = shape.first
    with clock.at(house.moment(first - 4)):
        program = build.draft(
            house, f"shape-{shape.key}", shape.format, shape.title,
            starts_on=house.day(first), ends_on=house.day(first + 80), **shape.frame,
        )  # fmt: skip
        build.bring_in(house, program, house.residents)
        groups = _seat(house, program, shape)
        build.set_stage(house, program, Stage.RECRUITING)
        _all_accept(program)
        checklist.declare(program, shape.declared, by=house.coordinator)
    with clock.at(house.moment(first - 1)):
        build.agree_on_rules(groups)
        if shape.intakes:
            _hold_intakes(groups)
        build.set_stage(house, program, Stage.RUNNING)
    planned = [
        meetings.plan(house, group, weeks=first, weekday=(number + n) % 4, at=shape.at)
        for n, group in enumerate(groups)
    ]
    over = [one for series in planned for one in series if one.ends_at < clock.now()]
    _log(program, over, shape)
    told.answer(program, over, shape)
    _go_on(house, program, groups, shape)


def _seat(house: House, program: Program, shape: Shape) -> list[Group]:
    rows = list(program.memberships.order_by("user__placements__personnel_number"))
    groups = []
    for number in range(shape.groups):
        group = by_hand.add_group(program)
        group.room, group.places = house.rooms[0], max(group.places, shape.size)
        group.save(update_fields=["room", "places"])
        by_hand.assign_guide(group, house.guides[number], role=Guide.Role.LEAD, from_on=clock.today())
        here = rows[number * shape.size : (number + 1) * shape.size]
        Membership.objects.filter(pk__in=[row.pk for row in here]).update(
            group=group, joined_on=clock.today(), state=Membership.State.PLACED
        )
        group.refresh_from_db()
        group.closed = True
        group.save(update_fields=["closed"])
        groups.append(group)
    return groups


def _all_accept(program: Program) -> None:
    now = clock.now()
    program.memberships.update(invited_at=now, accepted_at=now, state=Membership.State.ACTIVE)


def _hold_intakes(groups: Sequence[Group]) -> None:
    Intake.objects.bulk_create(
        Intake(
            membership=row, state=Intake.State.HELD, held_at=clock.now(), held_by=guide.user,
            expectations_voiced=True, boundaries_agreed=True, goal_formulated=True,
        )
        for group in groups
        for guide in group.guides.all()
        for row in group.memberships.all()
    )  # fmt: skip


def _log(program: Program, sessions: Sequence[GroupSession], shape: Shape) -> None:
    """Everybody was there, nobody left, and the guide wrote the log on the day."""
    asked = [item.key for item in load().log_questions(program.format)]
    lead = dict(Guide.objects.filter(group__program=program).values_list("group", "user"))
    members: dict[object, list[Membership]] = {}
    for row in program.memberships.all():
        members.setdefault(row.group_id, []).append(row)
    for session in sessions:
        session.state = GroupSession.State.LOGGED
        session.started_at, session.ended_at = session.starts_at, session.ends_at
    GroupSession.objects.bulk_update(sessions, ["state", "started_at", "ended_at"])
    Attendance.objects.bulk_create(
        Attendance(session=session, membership=row, state=Attendance.State.PRESENT)
        for session in sessions
        for row in members[session.group_id]
    )
    Interruption.objects.bulk_create(
        Interruption(session=session, kind="pager", count=shape.pagers)
        for session in sessions
        if shape.pagers
    )
    SessionLog.objects.bulk_create(
        SessionLog(
            session=session, own_case=True, next_step=True, answers=dict.fromkeys(asked, 4),
            themes=list(shape.themes.get(session.number, ("team_and_hierarchy",))),
            logged_by_id=lead[session.group_id], logged_at=session.ends_at + LOGGED_AFTER,
        )
        for session in sessions
    )  # fmt: skip


def _go_on(house: House, program: Program, groups: Sequence[Group], shape: Shape) -> None:
    if shape.stage == Stage.CALLS:
        with clock.at(house.moment(shape.first + 1)):
            build.set_stage(house, program, Stage.CALLS)
    if shape.stage == Stage.COMPLETED:
        last = GroupSession.objects.filter(group__program=program).latest("ends_at")
        with clock.at(last.ends_at + OVER_AFTER):
            build.set_stage(house, program, Stage.COMPLETED)
    if shape.supervises_from is not None:
        on = house.day(shape.supervises_from)
        resident = groups[0].memberships.earliest("user__name").user
        with clock.at(house.moment(shape.supervises_from)):
            directory.relate(
                house.institution, evaluator=groups[0].guides.get().user, resident=resident, kind="supervises",
                from_on=on, until_on=None,
            )  # fmt: skip
