"""A time for everybody at once: the suggestion of ``planning.intake_times``, stored through programs."""

from dataclasses import dataclass

from accounts.models import User
from intervision import clock
from planning.dates import Busy
from planning.intake_times import Offer, Person, suggest_reservations
from programs import suiting
from programs.actions import intake_times, intakes
from programs.models import Guide, Intake, IntakeSlot, Membership, Program
from programs.models.program import AssignmentQuerySet


@dataclass(frozen=True, slots=True)
class Reserved:
    """How many reservations were made or moved, and how many people still have no time."""

    made: int
    without: int


def reserve_for_all(program: Program) -> Reserved:
    """Reserve a time that suits for every member with a group; what somebody kept is never touched."""
    intake_times.follow_leads(at=clock.now(), program=program)
    wanted: dict[Membership, IntakeSlot] = {}
    without = 0
    for guide in User.objects.filter(guided__in=leads(program)).distinct():
        found, left = suggest(program, guide)
        wanted |= found
        without += left
    return Reserved(intakes.swap_reservations(program, wanted), without)


def leads(program: Program) -> AssignmentQuerySet:
    return Guide.objects.active().filter(group__program=program, role=Guide.Role.LEAD)


def suggest(program: Program, guide: User) -> tuple[dict[Membership, IntakeSlot], int]:
    """A time with ``guide`` for each member of the groups they lead, and how many get none."""
    now = clock.now()
    people = {row.pk: row for row in to_plan(program, guide)}
    slots = IntakeSlot.objects.offered_by(guide, program).filter(starts_at__gt=now, kept_at=None)
    offers = {slot.pk: slot for slot in slots}
    had = {slot.membership_id: slot.pk for slot in offers.values() if slot.membership_id in people}
    taken = {slot.pk for slot in offers.values() if slot.membership_id and slot.membership_id not in people}
    weeks = suiting.weeks_of([row.user_id for row in people.values()], at=now)
    answer = suggest_reservations(
        [Offer(s.pk, s.starts_at, s.ends_at) for s in offers.values() if s.pk not in taken],
        [as_person(row, weeks[row.user_id]) for row in people.values()],
        zone=program.institution.zone,
        reserved=had,
    )
    given = {people[person]: offers[offer] for person, offer in answer.by_person.items()}
    return given, len(answer.without)


def to_plan(program: Program, guide: User) -> list[Membership]:
    """Members of the groups ``guide`` leads who have kept no time and whose intake did not take place."""
    groups = leads(program).filter(user=guide).values("group")
    rows = Membership.objects.seated().filter(program=program, group__in=groups)
    held = (Intake.State.HELD, Intake.State.HELD_LATE)
    rows = rows.exclude(intake__state__in=held).exclude(intake_slot__kept_at__isnull=False)
    return list(rows.select_related("user"))


def as_person(row: Membership, week: suiting.Week) -> Person:
    free = sum(1 << place for place, answer in enumerate(week.answers) if answer != "n")
    fine = sum(1 << place for place, answer in enumerate(week.answers) if answer == "f")
    known = week.answers != suiting.NOTHING_SAID
    busy = tuple(Busy(row.pk, start, end) for start, end in week.busy)
    return Person(row.pk, free if known else None, fine if known else None, busy)
