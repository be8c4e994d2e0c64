"""Between a program's rows and the pure proposal: reads once, in a fixed number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from accounts.models import Availability, Placement, User
from accounts.models.time import HALF_DAYS
from catalogue import load
from planning import compose
from programs import independence
from programs.models import FacilitatorProfile, Group, Guide, Membership, Program

EVERY = (1 << HALF_DAYS) - 1


@dataclass(frozen=True)
class Picture:
    """A program's people, groups and guides, read at one moment."""

    program: Program
    memberships: list[Membership]
    groups: list[Group]
    guides: dict[UUID, list[Guide]]
    profiles: list[FacilitatorProfile]
    #: Training year, specialty and discipline; nothing else of the row is read.
    placements: dict[UUID, Placement]
    grids: dict[UUID, Availability]
    status: dict[tuple[UUID, UUID], independence.Independence]
    evaluators: dict[UUID, set[UUID]]

    @cached_property
    def by_group(self) -> dict[UUID | None, list[Membership]]:
        found: dict[UUID | None, list[Membership]] = defaultdict(list)
        for row in self.memberships:
            found[row.group_id].append(row)
        return found

    @cached_property
    def seats(self) -> dict[UUID, UUID]:
        """By person: the group they are in."""
        return {row.user_id: row.group_id for row in self.memberships if row.group_id}

    @cached_property
    def led_by(self) -> dict[UUID, list[UUID]]:
        """By guide: the groups they guide."""
        found: dict[UUID, list[UUID]] = defaultdict(list)
        for group, guides in self.guides.items():
            for guide in guides:
                found[guide.user_id].append(group)
        return found

    @cached_property
    def refused_by(self) -> dict[UUID, list[UUID]]:
        """By person: the guides who evaluate them."""
        found: dict[UUID, list[UUID]] = defaultdict(list)
        for (guide, person), state in self.status.items():
            if state == independence.Independence.CONFLICT:
                found[person].append(guide)
        return found

    @cached_property
    def met_by(self) -> dict[UUID, set[UUID]]:
        """By person: whoever of the program evaluates them or is evaluated by them."""
        found: dict[UUID, set[UUID]] = defaultdict(set)
        for resident, evaluators in self.evaluators.items():
            found[resident] |= evaluators
            for evaluator in evaluators:
                found[evaluator].add(resident)
        return found

    def members_of(self, group: Group | None) -> list[Membership]:
        return self.by_group.get(group.pk if group else None, [])

    def names(self) -> dict[UUID, str]:
        return {row.user_id: row.name for row in self.memberships} | {
            row.user_id: row.user.name for row in self.profiles
        }


def read(program: Program, on: dt.date) -> Picture:
    placed = Placement.objects.current(on).filter(user=OuterRef("user")).order_by("from_on")
    place = placed.values(
        row=JSONObject(training_year="training_year", specialty="specialty", discipline="discipline")
    )
    members = program.memberships.live().select_related("user", "user__availability").order_by("user__name")
    memberships = list(members.annotate(placement=Subquery(place[:1])))
    people = [row.user_id for row in memberships]
    groups = list(program.groups.select_related("room").order_by("name", "created_at"))
    guides: dict[UUID, list[Guide]] = {group.pk: [] for group in groups}
    current = Guide.objects.current(on).filter(group__program=program)
    for guide in current.select_related("user", "user__availability"):
        guides[guide.group_id].append(guide)
    profiles = list(_profiles(program, on))
    leaders = {row.user_id: row.user for row in profiles}
    leaders |= {guide.user_id: guide.user for rows in guides.values() for guide in rows}
    everybody = [*(row.user for row in memberships), *leaders.values()]
    status = independence.statuses({*leaders, *people}, people, on)
    return Picture(
        program=program,
        memberships=memberships,
        groups=groups,
        guides=guides,
        profiles=profiles,
        placements={row.user_id: Placement(**row.placement) for row in memberships if row.placement},  # type: ignore[attr-defined]
        grids={user.pk: grid for user in everybody if (grid := getattr(user, "availability", None))},
        status={pair: state for pair, state in status.items() if pair[0] in leaders},
        evaluators=_evaluators(status, set(people)),
    )


def _profiles(program: Program, on: dt.date) -> QuerySet[FacilitatorProfile]:
    """The directory, each with ``elsewhere``: groups led outside this program."""
    led = Guide.objects.current(on).filter(user=OuterRef("user")).exclude(group__program=program)
    counted = led.order_by().values("user").annotate(count=Count("pk")).values("count")
    profiles = program.institution.facilitator_profiles.select_related("user", "user__availability")
    return profiles.annotate(elsewhere=Coalesce(Subquery(counted), 0))


def _evaluators(
    status: dict[tuple[UUID, UUID], independence.Independence], people: set[UUID]
) -> dict[UUID, set[UUID]]:
    """For each of ``people``, who among them evaluates them."""
    found: dict[UUID, set[UUID]] = {}
    for (evaluator, resident), state in status.items():
        if evaluator in people and state == independence.Independence.CONFLICT:
            found.setdefault(resident, set()).add(evaluator)
    return found


def request(picture: Picture) -> compose.Request:
    """The question to the proposal: who is there, who may not meet, what the format prefers."""
    program, people = picture.program, {row.user_id for row in picture.memberships}
    size = load().formats[program.format].defaults["group_size"]
    least, most = int(size.low or size.value or 2), int(size.high or size.value or program.target_size)
    status = picture.status.items()
    conflict, unknown = independence.Independence.CONFLICT, independence.Independence.NOT_KNOWN
    return compose.Request(
        members=[_member(picture, row.user_id) for row in picture.memberships],
        guides=_guides(picture),
        size=compose.SizeBand(
            min(least, program.target_size), program.target_size, max(most, program.target_size)
        ),
        evaluators=frozenset((member, guide) for (guide, member), state in status if state == conflict),
        unknown=frozenset((member, guide) for (guide, member), state in status if state == unknown),
        apart=frozenset(
            (evaluator, resident)
            for resident, evaluators in picture.evaluators.items()
            for evaluator in evaluators & people
        ),
        kept=[_kept(picture, group) for group in picture.groups],
        years_wanted=2 if program.format == Program.Format.INTERVISION else 1,
        same_year_peer_wanted=program.format != Program.Format.WORKSHOP,
        one_specialty=program.format == Program.Format.WORKSHOP,
    )


def _member(picture: Picture, person: UUID) -> compose.Member:
    placement, grid = picture.placements.get(person), picture.grids.get(person)
    workshop = picture.program.format == Program.Format.WORKSHOP
    specialty = (placement.discipline if workshop else placement.specialty) if placement else ""
    return compose.Member(
        person,
        training_year=placement.training_year if placement else None,
        specialty=specialty,
        free=_possible(grid),
        fine=grid.marked("f") if grid else None,
    )


def _possible(grid: Availability | None) -> int | None:
    """Half-days not marked "never"; None when nothing is answered yet."""
    if grid is None or not grid.answers.strip("-"):
        return None
    return EVERY & ~grid.marked("n")


def _guides(picture: Picture) -> list[compose.Guide]:
    """Everybody in the directory, and whoever leads here although not in it."""
    capacity = {row.user_id: max(0, row.capacity - row.elsewhere) for row in picture.profiles}  # type: ignore[attr-defined]
    for guide in (guide for rows in picture.guides.values() for guide in rows):
        capacity.setdefault(guide.user_id, 1)
    return [
        compose.Guide(person, free=_possible(picture.grids.get(person)), capacity=most)
        for person, most in capacity.items()
    ]


def _kept(picture: Picture, group: Group) -> compose.KeptGroup:
    leaders = tuple(guide.user_id for guide in picture.guides[group.pk])
    return compose.KeptGroup(
        group.pk,
        members=tuple(row.user_id for row in picture.members_of(group)),
        guides=leaders,
        is_open=not group.closed,
    )


def explained(picture: Picture, asked: compose.Request) -> dict[UUID, compose.ProposedGroup]:
    """What is to be said about each group as it stands."""
    return {
        group.pk: compose.explain(
            asked,
            compose.Placement(
                tuple(row.user_id for row in picture.members_of(group)),
                tuple(guide.user_id for guide in picture.guides[group.pk]),
                group.pk,
            ),
        )
        for group in picture.groups
    }


@dataclass(frozen=True)
class Common:
    """Half-days (a bitmask) that suit everybody who answered; none while no member did."""

    half_days: int
    #: How many of how many members and guides said when they can.
    answered: int
    people: int


NOBODY = Common(0, 0, 0)


def common_half_days(group: Group, guides: Iterable[Guide]) -> Common:
    """What the members of ``group`` and its guides have in common."""
    members = User.objects.filter(memberships__in=group.memberships.live()).select_related("availability")
    free = [_possible(getattr(person, "availability", None)) for person in members]
    said = [half_days for half_days in free if half_days is not None]
    led = [_possible(getattr(guide.user, "availability", None)) for guide in guides]
    known = [*said, *(half_days for half_days in led if half_days is not None)]
    return Common(reduce(and_, known) if said else 0, len(known), len(free) + len(led))


def user_by_id(picture: Picture) -> dict[UUID, User]:
    members = {row.user_id: row.user for row in picture.memberships}
    return members | {row.user_id: row.user for row in picture.profiles}
