"""The program of peer_support.yaml, row by row; what it says under THE STORY and ANSWERS, and nothing else."""

import datetime as dt
from functools import partial

from checklist.models import Declaration
from programs.models import Group, IndependenceDeclaration, Membership, Program
from sessions.actions.changes import cancel_session, move_session
from tests.checklist.worked.life import Life, busy, duties_known, every, logged, on, planned, reply
from tests.factories.accounts import DepartmentFactory, InstitutionFactory, PlacementFactory
from tests.factories.guides import TrainingRecordFactory
from tests.factories.programs import (
    FacilitatorProfileFactory,
    GroundRulesFactory,
    GroupFactory,
    GuideFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
    ProgramFactory,
    ProgramTextFactory,
    RoomFactory,
)

STARTED = on(2027, 1, 4)
YEARS = (1, 1, 2, 2, 3, 3, 4, 4, 4)
MOVED_END = on(2027, 7, 30, 11, 30)


def stored() -> Program:
    life, group = Life(), a_group()
    program, people = group.program, list(group.memberships.order_by("created_at"))
    guides = guides_of(group, people[:8])
    rules_confirmed(group, people, guides)
    room = RoomFactory(institution=program.institution, daylight=False, comfortable_temperature=True)
    sessions = planned(group, *every(on(2027, 2, 5, 10), days=56, times=6), minutes=90, room=room)
    duties_known(people, on(2027, 12, 1))
    for member, number in ((1, 0), (2, 0), (1, 2), (1, 4), (1, 5)):
        busy(people[member], sessions[number])
    lives(life, program, people)
    changes(life, program, sessions)
    for session, minutes, absent in ((0, 0, ()), (2, 0, people[:1]), (3, 10, ()), (4, -10, people[:1])):
        moment = MOVED_END if session == 3 else sessions[session].ends_at
        by = guides[0].user
        life.at(moment, partial(logged, sessions[session], by=by, absent=absent, ends=minutes))
    answers(life, group, people, sessions)
    for item, answer in (
        ("min-help-route", "no"),
        ("clim-part-of-wider", "yes"),
        ("clim-family-informed", "partly"),
    ):
        note = "An evening, once." if answer == "partly" else ""
        Declaration.objects.create(program=program, item=item, answer=answer, note=note, answered_at=STARTED)
    life.live(on(2027, 9, 26))
    return Program.objects.select_related("institution").get(pk=program.pk)


def a_group() -> Group:
    house = InstitutionFactory()
    program = ProgramFactory(
        institution=house,
        format="peer_support",
        title="Peer support",
        description="Voor meer Veerkracht in de opleiding.",
        stage="recruiting",
        started_at=STARTED,
        participation="mandatory",
        target_size=9,
        interval_weeks=8,
        session_minutes=90,
        sessions_total=6,
    )
    ProgramTextFactory(program=program, published_at=STARTED, limits_en="", limits_nl=" ")
    ProgramCoordinatorFactory(program=program)
    group: Group = GroupFactory(program=program, closed=True, places=9)
    department = DepartmentFactory(institution=house, training_years=4)
    for year in YEARS:
        row = MembershipFactory(group=group, joined_on=STARTED.date(), invited_at=STARTED)
        PlacementFactory(
            user=row.user, department=department, training_year=year, discipline="emergency medicine"
        )
    return group


def guides_of(group: Group, members: list[Membership]):
    guides = [GuideFactory(group=group, role=role) for role in ("lead", "co", "co")]
    house = group.program.institution
    for guide, kind, topic, hours in zip(
        guides,
        ("alumnus", "alumnus", "psychologist"),
        ("facilitation", "counselling", "steering_away_from_negativity"),
        (2, 3, 4),
        strict=True,
    ):
        FacilitatorProfileFactory(user=guide.user, institution=house, kind=kind)
        TrainingRecordFactory(user=guide.user, topic=topic, hours=hours)
        declared = IndependenceDeclaration.objects.create(guide=guide)
        declared.members.set([member.user for member in members])
    return guides


def rules_confirmed(group: Group, people: list[Membership], guides) -> None:
    rules = GroundRulesFactory(group=group)
    for user in (*(member.user for member in people), guides[0].user, guides[2].user):
        rules.confirmations.create(user=user, confirmed_at=STARTED)


def lives(life: Life, program: Program, people: list[Membership]) -> None:
    runs = partial(Program.objects.filter(pk=program.pk).update, stage="running")
    life.at(on(2027, 2, 1), runs)
    day = dt.date(2027, 7, 1)
    leaves = partial(Membership.objects.filter(pk=people[8].pk).update, state="left", left_on=day)
    life.at(on(2027, 7, 1), leaves)


def changes(life: Life, program: Program, sessions) -> None:
    by = program.coordinators.get().user
    life.at(on(2027, 3, 1), partial(cancel_session, sessions[1], reason="strike", by=by))
    week = dt.timedelta(days=7)
    starts, ends = sessions[3].starts_at + week, sessions[3].ends_at + week
    life.at(on(2027, 6, 1), partial(move_session, sessions[3], starts_at=starts, ends_at=ends, by=by))


def answers(life: Life, group: Group, people: list[Membership], sessions) -> None:
    nine, eight = people, people[:8]
    first, third, fifth = (sessions[number].ends_at for number in (0, 2, 4))
    hoped = on(2027, 1, 20)
    told = [
        ("hoped", nine, hoped, 0, {}),
        ("pulse", nine, first, 1, pulse((4, 4, 4, 4, 4, 3, 3, 3, 3), 3, 2)),
        ("first", nine, first, 0, {"prep-composition-trust": (5, 5, 5, 5, 5, 2, 2, 2, 2)}),
        ("pulse", nine[1:], third, 3, pulse(4, 4, 1)),
        ("pulse", eight, MOVED_END, 4, pulse(3, (4, 4, 4, 4, 3, 3, 3, 3), 1)),
        ("midway", eight[:7], MOVED_END, 0, HALF_WAY),
        ("pulse", eight[1:], fifth, 5, pulse(5, 5, 5)),
    ]
    for kind, who, moment, number, said in told:
        life.at(moment, partial(reply, kind, group, who, moment, said, number=number))


def pulse(safe, deep, free):
    return {"min-safety-felt": safe, "min-depth-felt": deep, "prep-no-extra-workload": free}


HALF_WAY = {
    "min-stays-in-group": 5,
    "min-dare-vulnerable": (4, 4, 4, 3, 3, 3, 3),
    "min-not-seen-as-weak": 2,
    "min-beyond-complaint": 4,
    "opt-guide-active": 5,
    "opt-recognition": 5,
    "opt-learn-other-phase": 3,
    "opt-guidance-not-frightening": 4,
    "opt-burnout-not-fate": 2,
    "opt-meaning": 3,
    "opt-cross-year-bonds": 1,
}
