"""Steps that every program of the demonstration takes, each at its own moment, by the actions people use."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from accounts.models import User
from catalogue import load
from desk.demo.house import House
from intervision import clock
from planning import intake_times as times
from planning.actions.groups import propose_groups
from planning.days_off import DaysOff, public_holidays
from programs import frame
from programs.actions import groups, intake_times, intakes, people_check, people_store, seats, setup, stages
from programs.models import (
    GroundRules,
    GroundRulesConfirmation,
    Group,
    Guide,
    Intake,
    IntakeSlot,
    Membership,
    Program,
    StageChange,
)
from programs.people.reading import Reading, read_row
from sessions.actions.stages import open_running

Stage = Program.Stage
#: The demonstration's programs keep their ids, so that a page's address can be shown in a text.
NAMESPACE = uuid.UUID("5c1d7d3e-6f0b-4b43-9e0f-0a4b7a5f7c55")


def draft(house: House, key: str, format_key: str, title: str, **changes: Any) -> Program:
    """A new program with the format's defaults and its text published."""
    values = frame.defaults_of(load().formats[format_key]) | {"title": title} | changes
    program = setup.create_program(
        house.institution,
        pk=uuid.uuid5(NAMESPACE, key),
        format_key=format_key,
        values=values,
        by=house.coordinator,
    )
    setup.publish_text(program, at=clock.now())
    return program


def bring_in(house: House, program: Program, people: Sequence[User]) -> None:
    """The people come in by a list, as a coordinator would paste it."""
    rows = tuple(
        read_row(number, _cells(user, program), program_format=program.format)
        for number, user in enumerate(people, start=2)
    )
    found = people_check.begin(program, Reading(rows=rows), by=house.coordinator, filename="aios.csv")
    people_store.store(found)


def _cells(user: User, program: Program) -> dict[str, str]:
    placement = user.placements.select_related("department").latest("from_on")
    return {
        "name": user.name,
        "email": user.email,
        "training_year": str(placement.training_year),
        "specialty": placement.specialty,
        "discipline": "arts",
        "department": placement.department.name,
        "personnel_number": placement.personnel_number,
    }


def compose(house: House, program: Program) -> list[Group]:
    """The proposal as it comes, each group in a room of its own on a half-day that suits most."""
    propose_groups(program, by=house.coordinator, on=clock.today())
    found = list(program.groups.order_by("name"))
    for number, group in enumerate(found):
        group.half_day = 2 * (number % 4) + 1
        group.room = house.rooms[number % len(house.rooms)]
        group.save(update_fields=["half_day", "room"])
    return found


def let_lead(group: Group, user: User) -> None:
    """``user`` leads ``group`` in place of who was proposed, unless an evaluation forbids it."""
    on = clock.today()
    here = Guide.objects.filter(group__program=group.program, user=user).first()
    lead = group.guides.get(role=Guide.Role.LEAD)
    if lead.user_id == user.pk:
        return
    before, other = lead.user, here.group if here else None
    groups.end_guide(lead, on=on)
    if here:
        groups.end_guide(here, on=on)
    groups.assign_guide(group, user, role=Guide.Role.LEAD, from_on=on)
    if other:
        groups.assign_guide(other, before, role=Guide.Role.LEAD, from_on=on)


def go_to(house: House, program: Program, stage: Stage) -> None:
    """Move ``program`` to ``stage`` past its guards, having seen the warnings; invitations leave at the start."""
    act = open_running if stage == Stage.RUNNING else partial(stages.move, to=stage)
    moved = act(program, by=house.coordinator, note="Gezien en besproken.")
    program.stage, program.started_at = moved.stage, moved.started_at


def set_stage(house: House, program: Program, stage: Stage) -> None:
    """Put ``program`` into ``stage`` without its guards: what is told of it does not say that they held."""
    StageChange.objects.create(
        program=program,
        from_stage=program.stage,
        to_stage=stage,
        by=house.coordinator,
        created_at=clock.now(),
    )
    if stage == Stage.PAUSED:
        program.paused_stage = program.stage
    if stage == Stage.RUNNING:
        program.started_at = clock.now()
    program.stage = stage
    program.save(update_fields=["stage", "paused_stage", "started_at"])


def invite(program: Program) -> None:
    program.memberships.filter(invited_at=None).update(invited_at=clock.now())


def agree_on_rules(found: Iterable[Group], *, share: float = 1.0) -> None:
    """Each group's rules, confirmed by the first ``share`` of its people and by who leads."""
    for group in found:
        spec = load().formats[group.program.format]
        rules, _made = GroundRules.objects.get_or_create(
            group=group,
            version=1,
            defaults={"text_en": spec.ground_rules.en, "text_nl": spec.ground_rules.nl},
        )
        members = list(Membership.objects.seated().filter(group=group).values_list("user", flat=True))
        leads = group.guides.values_list("user", flat=True)
        agreed = [*members[: round(share * len(members))], *leads]
        GroundRulesConfirmation.objects.bulk_create(
            GroundRulesConfirmation(ground_rules=rules, user_id=user, confirmed_at=clock.now())
            for user in agreed
        )


def days_off(house: House, first: dt.date, last: dt.date) -> DaysOff:
    return DaysOff(
        holidays=public_holidays(house.institution.country, first, last),
        closed=frozenset(house.institution.closed_days.values_list("on", flat=True)),
    )


def offer_times(house: House, program: Program, *, weeks: tuple[int, int], per_day: int = 4) -> None:
    """Every lead offers two mornings a week from the first of ``weeks`` to the second."""
    first, last = house.day(weeks[0]), house.day(weeks[1], 4)
    off = days_off(house, first, last)
    leads = Guide.objects.filter(group__program=program, role=Guide.Role.LEAD, until_on=None)
    for number, guide in enumerate(leads.select_related("user", "group__room").order_by("group__name")):
        wanted = times.Repeat(
            from_on=first,
            to_on=last,
            weekdays=frozenset({1 + number % 5, 1 + (number + 2) % 5}),
            opens=dt.time(9),
            closes=dt.time(12, 30),
            zone=house.institution.zone,
            minutes=program.intake_minutes,
            after=15,
            per_day=per_day,
        )
        laid_out = times.repeat(wanted, off).times
        offered = [
            intake_times.OfferedTime(one.starts_at, one.ends_at, one.occupied_from, one.occupied_until)
            for one in laid_out
        ]
        channel = [IntakeSlot.Channel.ROOM, IntakeSlot.Channel.VIDEO, IntakeSlot.Channel.PHONE][number % 3]
        place = intake_times.Place(
            channel=channel,
            room=guide.group.room if channel == IntakeSlot.Channel.ROOM else None,
            video_link="https://video.example/kennismaking" if channel == IntakeSlot.Channel.VIDEO else "",
        )
        intake_times.publish_times(program, guide.user, offered, place=place)


def reserve_for(rows: Iterable[Membership]) -> None:
    for row in rows:
        intakes.reserve_next(row)


def hold_intakes(program: Program, *, but: int = 0) -> None:
    """All but the last ``but`` intakes with a time in the past took place, with its ticks."""
    due = IntakeSlot.objects.filter(program=program, membership__isnull=False, ends_at__lt=clock.now())
    slots = list(due.order_by("starts_at"))
    for number, slot in enumerate(slots[: len(slots) - but]):
        Intake.objects.filter(membership=slot.membership_id).update(
            state=Intake.State.HELD,
            held_at=slot.starts_at,
            held_by=slot.guide_id,
            expectations_voiced=True,
            boundaries_agreed=number % 9 != 8,
            goal_formulated=number % 5 != 4,
        )


def accept_all(program: Program, *, but: int = 0) -> None:
    """Everybody with a seat says yes, but the last ``but``."""
    rows = list(program.memberships.filter(accepted_at=None).live().order_by("created_at", "id"))
    for row in rows[: len(rows) - but]:
        seats.accept(row, at=clock.now())
