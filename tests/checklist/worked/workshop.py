"""The program of workshop.yaml, row by row; what it says under THE STORY and ANSWERS, and nothing else."""

import datetime as dt
import uuid
from functools import partial

from accounts.models import Department
from checklist.models import Declaration
from concerns import actions as concerns
from concerns.models import LeakReport
from programs.models import Group, Guide, Membership, Program
from surveys.actions import climate
from tests.checklist.worked.life import Life, logged, on, planned, reply, reply_about_climate
from tests.factories.accounts import (
    AppointmentFactory,
    DepartmentFactory,
    InstitutionFactory,
    PlacementFactory,
)
from tests.factories.guides import TrainingRecordFactory
from tests.factories.programs import (
    DepartmentRuleFactory,
    EvaluativeRelationFactory,
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

STARTED = on(2027, 9, 1)
BEGINS = on(2027, 10, 31, 9)
ASKED = on(2027, 11, 8)
SIX_WEEKS_LATER = on(2027, 12, 13)


def stored() -> Program:
    life, group = Life(), a_group()
    program, people = group.program, list(group.memberships.order_by("created_at"))
    guides = guides_of(group)
    rules = GroundRulesFactory(group=group)
    for user in (*(member.user for member in people), *(guide.user for guide in guides)):
        rules.confirmations.create(user=user, confirmed_at=STARTED)
    room = RoomFactory(institution=program.institution, daylight=True, comfortable_temperature=True)
    [session] = planned(group, BEGINS, minutes=210, room=room, refreshments=True)
    log = partial(
        logged, session, by=guides[0].user, absent=[people[11]], ends=10, interruptions={"pager": 2}
    )
    life.at(session.ends_at, log)
    lives(life, program, people, guides[0])
    answers(life, group, people, session.ends_at)
    climate_asked(life, program, people)
    said_and_reported(life, group)
    life.live(on(2028, 1, 9))
    return Program.objects.select_related("institution").get(pk=program.pk)


def a_group() -> Group:
    house = InstitutionFactory()
    program = ProgramFactory(
        institution=house,
        format="error_coping_workshop",
        title="Preparation for coping with error",
        stage="recruiting",
        started_at=STARTED,
        coaching_mode="included",
        requires_prior_error=False,
        target_size=13,
        interval_weeks=None,
        session_minutes=210,
        sessions_total=1,
    )
    ProgramTextFactory(program=program, published_at=STARTED + dt.timedelta(days=1))
    ProgramCoordinatorFactory(program=program)
    group: Group = GroupFactory(program=program, places=14)
    department = DepartmentFactory(institution=house)
    DepartmentRuleFactory(department=department)
    for discipline in (*["midwife"] * 11, "Midwife", "nurse", "midwife"):
        participant(group, department, discipline)
    return group


def participant(group: Group, department: Department, discipline: str) -> None:
    row = MembershipFactory(group=group, joined_on=STARTED.date(), invited_at=STARTED)
    PlacementFactory(user=row.user, department=department, training_year=None, discipline=discipline)


def guides_of(group: Group) -> list[Guide]:
    guides = [GuideFactory(group=group, role=role) for role in ("lead", "co")]
    house = group.program.institution
    FacilitatorProfileFactory(
        user=guides[0].user, institution=house, kind="psychologist", cbt_experience=True
    )
    FacilitatorProfileFactory(user=guides[1].user, institution=house, kind="coach")
    TrainingRecordFactory(user=guides[0].user, hours=12)
    return guides


def lives(life: Life, program: Program, people: list[Membership], guide: Guide) -> None:
    rows = Program.objects.filter(pk=program.pk)
    life.at(on(2027, 10, 30), partial(rows.update, stage="running"))
    life.at(ASKED, partial(rows.update, stage="calls"))
    day = dt.date(2027, 10, 29)
    leaves = partial(Membership.objects.filter(pk=people[13].pk).update, state="left", left_on=day)
    life.at(on(2027, 10, 29), leaves)
    assesses = partial(
        EvaluativeRelationFactory,
        institution=program.institution,
        evaluator=guide.user,
        resident=people[0].user,
        from_on=dt.date(2027, 11, 15),
    )
    life.at(on(2027, 11, 15), assesses)


def answers(life: Life, group: Group, people: list[Membership], ends: dt.datetime) -> None:
    half = [5] * 6 + [2] * 6
    afterwards = {
        "min-safety-felt": (4,) * 7 + (2,) * 5,
        "min-stays-in-group": tuple(half),
        "min-in-control": 3,
        "min-applied-to-self": 4,
        "min-new-options": (2,) * 6 + (3,) * 6,
        "opt-recognition": 5,
    }
    told = [
        ("enrol", people[:13], STARTED, 0, {"opt-readiness": 3}),
        ("hoped", people[:13], STARTED, 0, {}),
        ("pulse", people[:12], ends, 1, afterwards),
        ("end", people[:6], SIX_WEEKS_LATER, 0, {"opt-practical-tools": (4, 4, 4, 3, 3, 3)}),
        ("call", people[:4], SIX_WEEKS_LATER, 0, {"opt-call-skilled": 5}),
        ("gained", people[:6], SIX_WEEKS_LATER, 0, {}),
    ]
    for kind, who, moment, number, said in told:
        life.at(moment, partial(reply, kind, group, who, moment, said, number=number))


#: Residents, intervisors, staff.
SAID = {
    "clim-speak-up": (4, 3, 2),
    "clim-vulnerability-ok": (4, 4, 4),
    "clim-work-pressure": (2, 3, 3),
    "clim-management-willing": (3, 4, 2),
    "clim-words-match-work": (4, 3, 2),
    "clim-error-response": (5, 3, 4),
    "clim-support-access": (3, 3, 3),
}


def climate_asked(life: Life, program: Program, people: list[Membership]) -> None:
    house, department = program.institution, people[0].user.placements.get().department
    for _number in range(3):
        AppointmentFactory(institution=house, role="intervisor")

    def happens() -> None:
        staff = {department.pk: [f"staff{n}@example.org" for n in range(6)]}
        about = climate.open_round(
            house,
            [department],
            staff,
            closes_at=on(2027, 11, 29),
            by=program.coordinators.get().user,
            at=ASKED,
        )
        for place, (who, count) in enumerate((("residents", 6), ("intervisors", 5), ("staff", 5))):
            said = {item: values[place] for item, values in SAID.items()}
            reply_about_climate(about, who, count, ASKED, said)

    life.at(ASKED, happens)


def said_and_reported(life: Life, group: Group) -> None:
    program = group.program
    independent = AppointmentFactory(institution=program.institution, role="independent").user
    said = {
        "prep-open-to-all": "partly",
        "prep-staff-views": "no",
        "min-help-route": "yes",
        "opt-coping-not-law": "yes",
        "clim-investigation-system": "no",
        "clim-part-of-wider": "partly",
    }
    for item, answer in said.items():
        note = "Not everybody yet." if answer == "partly" else ""
        Declaration.objects.create(program=program, item=item, answer=answer, note=note, answered_at=STARTED)

    def happens() -> None:
        concerns.report(group, kind="outside", reporter=None, once=uuid.uuid4())
        for state in ("looking", "not_confirmed"):
            concerns.move(LeakReport.objects.get(), state, by=independent)

    life.at(on(2027, 11, 10), happens)
