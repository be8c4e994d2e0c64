"""The program of intervision.yaml, row by row; what it says under THE STORY and ANSWERS, and nothing else."""

import datetime as dt
import uuid
from functools import partial

from accounts.models import Department, Institution
from checklist.models import Declaration
from concerns import actions as concerns
from concerns.models import LeakReport
from programs.models import GoalSettled, Group, Guide, Membership, Program
from sessions.actions.changes import cancel_session, move_session
from surveys.actions import climate
from tests.checklist.worked.life import (
    Life,
    busy,
    duties_known,
    every,
    later,
    logged,
    on,
    planned,
    reply,
    reply_about_climate,
)
from tests.factories.accounts import (
    AppointmentFactory,
    DepartmentFactory,
    InstitutionFactory,
    PlacementFactory,
)
from tests.factories.guides import TrainingRecordFactory
from tests.factories.programs import (
    DepartmentRuleFactory,
    FacilitatorProfileFactory,
    GroundRulesFactory,
    GroupFactory,
    GuideFactory,
    IntakeFactory,
    IntakeSlotFactory,
    MembershipFactory,
    ProgramCoordinatorFactory,
    ProgramFactory,
    ProgramTextFactory,
    RoomFactory,
)

STARTED = on(2026, 12, 1)
BEFORE = on(2026, 12, 15)
LATE = on(2027, 1, 20)
JOINED = dt.date(2026, 12, 1)


class Story:
    """Holds who is who while it is told."""

    def __init__(self) -> None:
        self.house = InstitutionFactory()
        self.department = DepartmentFactory(institution=self.house, training_years=6)
        DepartmentRuleFactory(department=self.department)
        self.program = a_program(self.house)
        self.life = Life()
        coordinator = ProgramCoordinatorFactory(program=self.program)
        self.coordinator = coordinator.user
        self.a, self.b, self.c = (
            GroupFactory(program=self.program, closed=True, name=name) for name in "ABC"
        )
        self.guides = guides_of(self.house, self.a, self.b, self.c)
        self.people = {
            self.a: [self.member(self.a, year) for year in (1, 1, 2, 3, 3, 2)],
            self.b: [self.member(self.b, year) for year in (1, 1, 1, 4, 4)],
            self.c: [self.member(self.c, year) for year in (3, 3, 4, 5, 5)],
        }
        self.people[self.c].append(self.member(self.c, 6, dt.date(2027, 3, 10)))
        self.sessions = sessions_of(self)

    def member(self, group: Group, year: int, joined: dt.date = JOINED) -> Membership:
        row = MembershipFactory(group=group, joined_on=joined, invited_at=STARTED)
        place_in(self.department, row, year)
        return row


def stored() -> Program:
    story = Story()
    come_and_go(story)
    intakes(story)
    rules_confirmed(story)
    duties(story)
    sessions_change(story)
    logs(story)
    answers(story)
    pulses(story)
    climate_asked(story)
    said_and_reported(story)
    end = on(2028, 1, 20)
    story.life.live(end - dt.timedelta(days=1))
    Program.objects.filter(pk=story.program.pk).update(stage="completed")
    return Program.objects.select_related("institution").get(pk=story.program.pk)


def a_program(house: Institution) -> Program:
    program = ProgramFactory(
        institution=house,
        title="Intervision for residents",
        description="Learning together.\n\nNot a training in resilience.",
        stage="recruiting",
        started_at=STARTED,
        degree_required=True,
        coaching_alongside=False,
        interval_weeks=7,
        sessions_total=8,
    )
    ProgramTextFactory(program=program, published_at=STARTED - dt.timedelta(days=2))
    return program


def guides_of(house: Institution, a: Group, b: Group, c: Group) -> dict[Group, Guide]:
    guides = {group: GuideFactory(group=group) for group in (a, b, c)}
    for group, kind in ((a, "coach"), (b, "physician"), (c, "psychologist")):
        FacilitatorProfileFactory(user=guides[group].user, institution=house, kind=kind)
    steering = "steering_away_from_negativity"
    trained = (
        (a, "facilitation", 4),
        (a, "counselling", 2),
        (b, "facilitation", 3),
        (c, "facilitation", 2),
        (c, "cbt", 8),
        (a, steering, 2),
        (b, steering, 2),
    )
    for group, topic, hours in trained:
        TrainingRecordFactory(user=guides[group].user, topic=topic, hours=hours)
    return guides


def place_in(department: Department, member: Membership, year: int) -> None:
    PlacementFactory(user=member.user, department=department, training_year=year, discipline="surgery")


def sessions_of(story: Story) -> dict[Group, list]:
    house, snacks = story.house, {"refreshments": True}
    good = RoomFactory(institution=house, daylight=True, comfortable_temperature=True)
    warm = RoomFactory(institution=house, daylight=True, comfortable_temperature=False)
    away = RoomFactory(
        institution=house, on_hospital_site=False, daylight=False, comfortable_temperature=True
    )
    a = planned(story.a, *every(on(2027, 1, 12, 14), days=49, times=8), minutes=165, room=good, **snacks)
    b = planned(story.b, *every(on(2027, 1, 13, 9), days=42, times=8), minutes=165, room=warm, **snacks)
    c = planned(story.c, *every(on(2027, 1, 14, 15, 30), days=49, times=8), minutes=150, room=good, **snacks)
    b[1].room = None
    b[1].save()
    for session in c[:2]:
        session.room, session.refreshments = away, False
        session.save()
    c[6].starts_at, c[6].first_planned_at = on(2027, 11, 4, 16), on(2027, 11, 4, 16)
    c[6].ends_at = on(2027, 11, 4, 18, 30)
    c[6].save()
    return {story.a: a, story.b: b, story.c: c}


def come_and_go(story: Story) -> None:
    gone, paused = story.people[story.a][5], story.people[story.b][4]
    day = dt.date(2027, 8, 1)
    leaves = partial(Membership.objects.filter(pk=gone.pk).update, state="left", left_on=day)
    story.life.at(on(2027, 8, 1), leaves)
    paused.paused_from, paused.paused_until = dt.date(2027, 5, 1), dt.date(2027, 6, 30)
    paused.save()
    runs = partial(Program.objects.filter(pk=story.program.pk).update, stage="running")
    story.life.at(on(2027, 1, 11), runs)


def intakes(story: Story) -> None:
    a, b, c = (story.people[group] for group in (story.a, story.b, story.c))
    for group, members in story.people.items():
        for number, member in enumerate(members[:5] if group == story.c else members):
            start = (LATE if member == b[4] else BEFORE) + dt.timedelta(hours=number)
            guide = story.guides[group].user
            IntakeSlotFactory(
                program=story.program,
                guide=guide,
                membership=member,
                starts_at=start,
                ends_at=later(start, 45),
            )
            by = story.guides[story.a].user if member == c[4] else guide
            _interviewed(member, by, start, framed=member not in (a[4], c[4]), late=member == b[4],
                         goal=member in (*a[:4], *b, *c[:2]), came=member != a[5])  # fmt: skip
    a[4].intake.expectations_voiced = True
    a[4].intake.save()
    for member, day in ((a[4], 12), (a[5], 1), (c[2], 10), (c[3], 15)):
        GoalSettled.objects.create(membership=member, on=dt.date(2027, 1, day))


def _interviewed(
    member: Membership, by, start: dt.datetime, *, framed: bool, goal: bool, came: bool, late: bool
) -> None:
    if came:
        state = "held_late" if late else "held"
        ticks = {"expectations_voiced": framed, "boundaries_agreed": framed, "goal_formulated": goal}
        IntakeFactory(membership=member, state=state, held_at=start, held_by=by, **ticks)
    else:
        IntakeFactory(membership=member, state="no_show")


def rules_confirmed(story: Story) -> None:
    for group, members in story.people.items():
        rules = GroundRulesFactory(group=group)
        for member in members[:5] if group == story.c else members:
            late = member == story.people[story.b][4]
            moment = on(2027, 1, 14) if late else BEFORE
            rules.confirmations.create(user=member.user, confirmed_at=moment)
        rules.confirmations.create(user=story.guides[group].user, confirmed_at=BEFORE)


def duties(story: Story) -> None:
    duties_known([one for members in story.people.values() for one in members], on(2028, 1, 15))
    a, b = story.people[story.a], story.people[story.b]
    busy(a[0], story.sessions[story.a][1], "post_night")
    busy(b[0], story.sessions[story.b][2], "leave")
    busy(b[1], story.sessions[story.b][4], "duty")


def sessions_change(story: Story) -> None:
    story.life.at(on(2027, 4, 1), partial(_moves, story, story.sessions[story.a][2], days=9))
    story.life.at(on(2027, 6, 1), partial(_moves, story, story.sessions[story.b][5], days=16))
    cancelled = story.sessions[story.c][4]
    cancels = partial(cancel_session, cancelled, reason="guide_ill", by=story.coordinator)
    story.life.at(on(2027, 7, 20), cancels)


def _moves(story: Story, session, *, days: int) -> None:
    session.refresh_from_db()
    by = dt.timedelta(days=days)
    starts, ends = session.starts_at + by, session.ends_at + by
    move_session(session, starts_at=starts, ends_at=ends, by=story.coordinator)


MOVED = {"A": {3: on(2027, 4, 29, 16, 45)}, "B": {6: on(2027, 8, 27, 11, 45)}, "C": {}}


def end_of(group: Group, session) -> dt.datetime:
    """After its move, where it moves."""
    return MOVED[group.name].get(session.number, session.ends_at)


def logs(story: Story) -> None:
    """In this order: who was absent, what broke in, and which themes; ticks and answers by count."""
    a, b, c = (story.people[group] for group in (story.a, story.b, story.c))
    absent = {("A", 4): [a[1]], ("A", 7): [a[2]], ("B", 3): [b[0]], ("C", 6): [c[2]], ("C", 8): [c[1]]}
    broke_in = {("A", 2): {"pager": 4}, ("B", 1): {"called_away": 3}, ("C", 3): {"left_for_care": 2}}
    recovery = {("A", 1), ("A", 2), ("A", 3), ("B", 1), ("C", 1)}
    signs = {("A", 5), ("B", 5), ("C", 7)}
    without_case, without_step = {("A", 8), ("B", 8)}, {("C", number) for number in (1, 2, 3, 4, 6, 7, 8)}
    for group, sessions in story.sessions.items():
        for session in sessions:
            key = (group.name, session.number)
            if key in (("B", 4), ("C", 5)):
                continue
            tagged = (("recovery_and_recharge", recovery), ("early_signs_of_burnout", signs))
            themes = [theme for theme, sessions_with in tagged if key in sessions_with]
            entry = {
                "absent": absent.get(key, ()),
                "interruptions": broke_in.get(key, {}),
                "themes": themes,
                "own_case": key not in without_case,
                "next_step": key not in without_step,
                "answers": {"min-own-translation": {"A": 4, "B": 3, "C": 5}[group.name]},
                "starts": 5 if group == story.a else 0,
            }
            story.life.at(
                end_of(group, session), partial(logged, session, by=story.guides[group].user, **entry)
            )


def says(
    story: Story, kind: str, group: Group, people, moment: dt.datetime, /, number: int = 0, **said
) -> None:
    """``said`` with underscores for dashes."""
    values = {key.replace("_", "-"): value for key, value in said.items()}
    story.life.at(moment, partial(reply, kind, group, people, moment, values, number=number))


def answers(story: Story) -> None:
    signed_up = on(2026, 12, 20)
    for group, members in story.people.items():
        says(story, "enrol", group, members, signed_up, opt_readiness=5)
        says(story, "hoped", group, members, signed_up)
    human, trust = "prep_guide_human", "prep_composition_trust"
    for group, how, sure in ((story.a, 5, 3), (story.b, 4, 2), (story.c, 2, 4)):
        moment = story.sessions[group][0].ends_at
        says(
            story,
            "first",
            group,
            story.people[group][:-1] if group == story.c else story.people[group],
            moment,
            **{human: how, trust: sure},
        )
    half_way(story)
    for group, said in ((story.a, AT_THE_END_A), (story.b, AT_THE_END_B)):
        moment = story.sessions[group][7].ends_at
        says(story, "end", group, story.people[group][:5], moment, **said)
        says(story, "gained", group, story.people[group][:5], moment)


def half_way(story: Story) -> None:
    keys = ("min_guide_sets_boundaries", "opt_guide_active", "opt_guide_enthusiasm", "opt_guide_digs",
            "opt_guide_contact")  # fmt: skip
    said = {story.a: (4, 3, 5, 2, 4), story.b: (4, 5, 5, 4, 4), story.c: (2, 2, 1, 2, 4)}
    for group, values in said.items():
        moment = on(2027, 7, 1) if group == story.b else story.sessions[group][3].ends_at
        says(story, "midway", group, story.people[group], moment, **dict(zip(keys, values, strict=True)))


ABOUT_GUIDE_AT_THE_END = {
    "min_guide_sets_boundaries": 1,
    "opt_guide_active": 1,
    "opt_guide_enthusiasm": 1,
    "opt_guide_digs": 1,
    "opt_guide_contact": 1,
}
AT_THE_END_A = ABOUT_GUIDE_AT_THE_END | {
    "min_stays_in_group": 5,
    "min_in_control": 4,
    "min_dare_vulnerable": 3,
    "min_listen_and_think": 4,
    "min_beyond_complaint": 4,
    "min_new_options": 3,
    "opt_recognition": 5,
    "opt_open_trust": 4,
    "opt_learn_other_phase": 1,
}
AT_THE_END_B = AT_THE_END_A | {
    "min_in_control": 3,
    "min_dare_vulnerable": 2,
    "min_listen_and_think": 2,
    "opt_learn_other_phase": 5,
}


#: By group and session: safe, deep, without extra work.
PULSES = {
    "A": {3: (1, 1, 1), 4: (1, 1, 1), 5: (4, 3, 2), 6: (4, 4, 2), 7: (5, 4, 3), 8: (5, 4, 3)},
    "B": {3: (1, 1, 1), 4: (1, 1, 1), 5: (5, 5, 5), 6: (3, 4, 5), 7: (4, 4, 5), 8: (3, 4, 5)},
    "C": {6: (2, 3, 5), 7: (3, 2, 4), 8: (3, 2, 4)},
}


def pulses(story: Story) -> None:
    a, b, c = (story.people[group] for group in (story.a, story.b, story.c))
    who = {("A", 6): a[:5], ("A", 7): [a[0], a[1], a[3], a[4]], ("A", 8): [a[0], a[1], a[2], a[4]],
           ("B", 4): b[:4], ("B", 5): b[:4], ("C", 6): [*c[:2], *c[3:]], ("C", 8): [c[0], *c[2:]]}  # fmt: skip
    for group, members in story.people.items():
        for number, (safe, deep, free) in PULSES[group.name].items():
            moment = end_of(group, story.sessions[group][number - 1])
            people = who.get((group.name, number), members)
            says(story, "pulse", group, people, moment, number, min_safety_felt=safe, min_depth_felt=deep,
                 prep_no_extra_workload=free)  # fmt: skip


RESIDENTS = {
    "clim-speak-up": (4, 4, 4, 4, 2, 2, 2),
    "clim-hierarchy-helps": 3,
    "clim-vulnerability-ok": 2,
    "clim-person-and-coat": 4,
    "clim-work-pressure": 2,
    "clim-management-willing": 3,
}
INTERVISORS = {
    "clim-speak-up": 2,
    "clim-hierarchy-helps": 4,
    "clim-vulnerability-ok": 3,
    "clim-person-and-coat": 5,
    "clim-management-willing": 4,
}


def climate_asked(story: Story) -> None:
    """The staff of six gives four answers."""
    for _number in range(2):
        AppointmentFactory(institution=story.house, role="intervisor")
    asked, closes = on(2027, 6, 1), on(2027, 6, 22)

    def happens() -> None:
        staff = {story.department.pk: [f"staff{n}@example.org" for n in range(6)]}
        about = climate.open_round(
            story.house, [story.department], staff, closes_at=closes, by=story.coordinator, at=asked
        )
        reply_about_climate(about, "residents", 7, asked, RESIDENTS)
        reply_about_climate(about, "intervisors", 5, asked, INTERVISORS)
        reply_about_climate(about, "staff", 4, asked, dict.fromkeys(RESIDENTS, 5))

    story.life.at(asked, happens)


def said_and_reported(story: Story) -> None:
    independent = AppointmentFactory(institution=story.house, role="independent").user
    for item, answer, note in (
        ("min-help-route", "partly", "Not on paper."),
        ("clim-part-of-wider", "yes", ""),
    ):
        Declaration.objects.create(
            program=story.program, item=item, answer=answer, note=note, answered_at=STARTED
        )

    def happens() -> None:
        concerns.report(story.a, kind="outside", reporter=None, once=uuid.uuid4())
        for state, repairs in (("looking", ()), ("confirmed", ()), ("repaired", ("told",))):
            concerns.move(LeakReport.objects.get(), state, by=independent, repairs=repairs)

    story.life.at(on(2027, 9, 1), happens)
