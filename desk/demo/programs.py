"""The programs of the demonstration, one in every stage, each told from its start to this week.

Weeks count from this one; every stretch of the story runs at its own moment.
"""

import datetime as dt
from collections.abc import Callable

from desk.demo import answers, meetings
from desk.demo import building as build
from desk.demo.house import House
from intervision import clock
from programs.actions import groups as by_hand
from programs.actions import guides as directory
from programs.actions import intakes, seats
from programs.models import Group, Guide, Intake, Membership, Program, WaitingPlace

Stage = Program.Stage
AFTERNOON, MORNING = dt.time(14), dt.time(9)


def running_intervision(house: House) -> None:
    """The autumn round: six groups half-way, one log missing, one guide suspended, one member paused."""
    with clock.at(house.moment(-30)):
        program = build.draft(
            house, "running", "intervision", "Intervisie 2026: eerste ronde",
            starts_on=house.day(-19), ends_on=house.day(42), refreshments=True,
        )  # fmt: skip
        build.bring_in(house, program, house.residents[24:64])
        groups = build.compose(house, program)
        build.let_lead(groups[0], house.intervisor)
        build.go_to(house, program, Stage.RECRUITING)
        build.invite(program)
        build.accept_all(program)
    with clock.at(house.moment(-27)):
        build.go_to(house, program, Stage.INTAKES)
        build.offer_times(house, program, weeks=(-26, -21))
        build.reserve_for(program.memberships.live())
    with clock.at(house.moment(-20, weekday=4)):
        build.hold_intakes(program)
        build.agree_on_rules(groups)
        build.go_to(house, program, Stage.RUNNING)
    sessions = [
        meetings.plan(house, group, weeks=number - 19, weekday=number % 4, at=AFTERNOON)
        for number, group in enumerate(groups)
    ]
    for number, series in enumerate(sessions):
        meetings.log_past(house, series, but=1 if number == 0 else 0)
    answers.answer_past(house, program)
    _change_on_the_way(house, groups)


def _change_on_the_way(house: House, groups: list[Group]) -> None:
    with clock.at(house.moment(-6)):
        member = groups[1].memberships.first()
        if member:
            seats.pause(member, from_on=house.day(-6), until_on=house.day(8))
    with clock.at(house.moment(-1)):
        suspended, resident = groups[-1].guides.first(), groups[-1].memberships.first()
        if suspended and resident:
            directory.relate(
                house.institution,
                evaluator=suspended.user,
                resident=resident.user,
                kind="supervises",
                from_on=house.day(-1),
                until_on=None,
            )


def intakes_now(house: House) -> None:
    """The next round: some kept their time, some changed it, some have not answered, two wait for one."""
    with clock.at(house.moment(-5)):
        program = build.draft(
            house, "intakes", "intervision", "Intervisie 2026: tweede ronde",
            starts_on=house.day(5), ends_on=house.day(60), answers_until=house.day(3),
        )  # fmt: skip
        build.bring_in(house, program, house.residents[:24])
        groups = build.compose(house, program)
        mine = program.memberships.get(user=house.resident).group
        if mine:
            build.let_lead(mine, house.intervisor)
    for number, group in enumerate(groups):
        meetings.plan(house, group, weeks=5 + number, weekday=4, at=MORNING if number % 2 else AFTERNOON)
    with clock.at(house.moment(-2)):
        build.go_to(house, program, Stage.RECRUITING)
        build.invite(program)
        build.agree_on_rules(groups, share=0)
    with clock.at(house.moment(-1)):
        build.go_to(house, program, Stage.INTAKES)
        build.offer_times(house, program, weeks=(0, 3), per_day=2)
        _answer_intakes(house, program)


def _answer_intakes(house: House, program: Program) -> None:
    rows = list(program.memberships.live().select_related("user").order_by("created_at", "id"))
    others = [row for row in rows if row.user_id != house.resident.pk]
    waiting, rest = others[:2], others[2:]
    mine = next(row for row in rows if row.user_id == house.resident.pk)
    soon = house.moment(0) + dt.timedelta(days=house.today.weekday() + 2)
    intakes.reserve(
        next(slot for slot in intakes.offered_times(mine, at=clock.now()) if slot.starts_at > soon),
        membership=mine,
    )
    build.reserve_for(rest)
    for row in rest[:10]:
        seats.accept(row, at=clock.now())
        if Intake.objects.filter(membership=row, state="offered").exists():
            intakes.keep(row)
    for row in rest[10:13]:
        seats.accept(row, at=clock.now())
        free = intakes.offered_times(row, at=clock.now())
        if free:
            intakes.book_intake(free[-1], membership=row)
    seats.decline(rest[-1], at=clock.now())
    for row in waiting:
        intakes.join_waiting(row, refused=True)


def peer_support(house: House) -> None:
    """Peer support half-way, led by former residents, one session called off."""
    with clock.at(house.moment(-24)):
        program = build.draft(
            house, "peer-support", "peer_support", "Peer support heelkunde",
            starts_on=house.day(-18), ends_on=house.day(30), refreshments=True,
        )  # fmt: skip
        build.bring_in(house, program, [house.resident, *house.residents[64:79]])
        groups = build.compose(house, program)
        build.go_to(house, program, Stage.RECRUITING)
        build.invite(program)
        build.accept_all(program)
    with clock.at(house.moment(-19)):
        build.agree_on_rules(groups)
        build.go_to(house, program, Stage.RUNNING)
    for number, group in enumerate(groups):
        series = meetings.plan(house, group, weeks=number - 17, weekday=number % 4, at=MORNING)
        if number == 0:
            meetings.call_off(series[1], "duty")
        meetings.log_past(house, [one for one in series if not one.is_cancelled])


def open_round(house: House) -> None:
    """Residents join a group themselves; one group is full and has a waiting list."""
    with clock.at(house.moment(-4)):
        program = build.draft(
            house, "open", "intervision", "Open intervisiegroepen voorjaar",
            starts_on=house.day(8), ends_on=house.day(56), joining=Program.Joining.OPEN, sessions_total=8,
            description="Vaste groepen voor aios van alle specialismen. Je kiest zelf een groep.",
        )  # fmt: skip
        build.bring_in(house, program, house.residents[79:88])
        groups = build.compose(house, program)
        build.go_to(house, program, Stage.RECRUITING)
        build.agree_on_rules(groups, share=0)
        _second_group(house, program)
    for number, group in enumerate(program.groups.order_by("name")):
        meetings.plan(house, group, weeks=8 + number, weekday=2, at=MORNING if number % 2 else AFTERNOON)
    with clock.at(house.moment(-2)):
        build.invite(program)
        build.accept_all(program)
        _fill_and_wait(house, program)


def _second_group(house: House, program: Program) -> None:
    """A group with free places beside the first."""
    group = by_hand.add_group(program)
    group.room, group.half_day = house.rooms[1], 5
    group.save(update_fields=["room", "half_day"])
    led = set(Guide.objects.filter(group__program=program).values_list("user", flat=True))
    lead = next(user for user in reversed(house.guides) if user.pk not in led)
    by_hand.assign_guide(group, lead, role=Guide.Role.LEAD, from_on=clock.today())
    build.agree_on_rules([group], share=0)


def _fill_and_wait(house: House, program: Program) -> None:
    full = program.groups.order_by("-taken").first()
    if full is None:
        return
    full.refresh_from_db()
    full.places = full.taken
    full.places_reason = "De ruimte heeft niet meer stoelen."
    full.save(update_fields=["places", "places_reason"])
    for user in house.residents[88:90]:
        row = Membership.objects.create(
            program=program,
            user=user,
            state=Membership.State.INTERESTED,
            invited_at=clock.now(),
            accepted_at=clock.now(),
        )
        WaitingPlace.objects.create(
            kind=WaitingPlace.Kind.GROUP, program=program, group=full, membership=row, created_at=clock.now()
        )


def workshop_calls(house: House) -> None:
    """The workshop has been; the coaching calls are going on."""
    with clock.at(house.moment(-12)):
        program = build.draft(
            house, "workshop", "error_coping_workshop", "Voorbereid op een fout: artsen",
            starts_on=house.day(-3), ends_on=house.day(4), coaching_mode="optional",
        )  # fmt: skip
        build.bring_in(house, program, house.residents[90:100])
        groups = build.compose(house, program)
        build.go_to(house, program, Stage.RECRUITING)
        build.invite(program)
        build.accept_all(program)
    with clock.at(house.moment(-4)):
        build.agree_on_rules(groups)
        build.go_to(house, program, Stage.RUNNING)
    for number, group in enumerate(groups):
        meetings.log_past(
            house, meetings.plan(house, group, weeks=-3, weekday=1 + number, at=dt.time(13, 30))
        )
    with clock.at(house.moment(-2)):
        build.set_stage(house, program, Stage.CALLS)


def drafts(house: House) -> None:
    """Two drafts: one with people and no groups yet, one just begun."""
    with clock.at(house.moment(-1)):
        program = build.draft(
            house, "draft", "peer_support", "Peer support kindergeneeskunde",
            starts_on=house.day(12), ends_on=house.day(64),
        )  # fmt: skip
        build.bring_in(house, program, house.residents[100:114])
        build.draft(house, "new", "error_coping_workshop", "Voorbereid op een fout: verpleegkundigen")


def completed(house: House) -> None:
    """Shaped after what Table 3 of Jorissen 2024 publishes; what it does not say is left unknown."""
    with clock.at(house.moment(-80)):
        program = build.draft(
            house, "table-3", "intervision", "Zes groepen zoals in Jorissen 2024, tabel 3",
            description="Naar wat tabel 3 van Jorissen 2024 publiceert: zes groepen in werktijd, langer dan "
            "120 minuten, vier met 5 tot 10 deelnemers en twee met meer dan 10, twee met een eigen "
            "kennismakingsgesprek. Wat het artikel niet zegt, is hier onbekend.",
            starts_on=house.day(-76), ends_on=house.day(-24),
            target_size=8, session_minutes=150, sessions_total=9, participation="mandatory",
        )  # fmt: skip
        groups = _six_groups(house, program)
        build.set_stage(house, program, Stage.RECRUITING)
        build.invite(program)
        build.accept_all(program)
    with clock.at(house.moment(-77)):
        _some_intakes(house, groups[:2])
        build.set_stage(house, program, Stage.INTAKES)
        build.set_stage(house, program, Stage.RUNNING)
    for number, group in enumerate(groups):
        series = meetings.plan(house, group, weeks=number - 76, weekday=number % 4, at=AFTERNOON)
        meetings.log_past(house, series, ticked=False)
    with clock.at(house.moment(-22)):
        build.set_stage(house, program, Stage.COMPLETED)


def _six_groups(house: House, program: Program) -> list[Group]:
    people = iter(house.residents[:54])
    sizes = [8, 8, 8, 8, 11, 11]
    made = Group.objects.bulk_create(
        Group(program=program, name=f"Groep {n}", places=size, closed=True, room=house.rooms[n - 1])
        for n, size in enumerate(sizes, start=1)
    )
    for number, group in enumerate(made):
        Guide.objects.create(group=group, user=house.guides[number + 3], from_on=clock.today())
        Membership.objects.bulk_create(
            Membership(
                program=program, group=group, user=next(people), state=Membership.State.PLACED,
                joined_on=clock.today(),
            )
            for _seat in range(sizes[number])
        )  # fmt: skip
    return made


def _some_intakes(house: House, groups: list[Group]) -> None:
    for group in groups:
        lead = group.guides.first()
        Intake.objects.bulk_create(
            Intake(
                membership=row, state=Intake.State.HELD, held_at=clock.now(), held_by=lead.user if lead else None
            )
            for row in group.memberships.all()
        )  # fmt: skip


def stopped(house: House) -> None:
    """One program that rests while a department moves, one that did not come to be."""
    with clock.at(house.moment(-20)):
        program = build.draft(
            house, "paused", "peer_support", "Peer support spoedeisende hulp",
            starts_on=house.day(-14), ends_on=house.day(34),
        )  # fmt: skip
        build.bring_in(house, program, house.residents[114:122])
        groups = build.compose(house, program)
        build.set_stage(house, program, Stage.RECRUITING)
        build.invite(program)
        build.accept_all(program)
        build.set_stage(house, program, Stage.RUNNING)
    for group in groups:
        meetings.log_past(house, meetings.plan(house, group, weeks=-14, weekday=3, at=MORNING)[:2])
    with clock.at(house.moment(-3)):
        build.set_stage(house, program, Stage.PAUSED)
    with clock.at(house.moment(-16)):
        other = build.draft(house, "cancelled", "intervision", "Intervisie neurologie")
        build.bring_in(house, other, house.residents[122:128])
    with clock.at(house.moment(-12)):
        build.set_stage(house, other, Stage.CANCELLED)


STORIES: list[Callable[[House], None]] = [
    completed, running_intervision, peer_support, workshop_calls, stopped, intakes_now, open_round, drafts,
]  # fmt: skip
