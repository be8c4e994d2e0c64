"""The groups of a program as somebody sees them who may join: all to choose by, and no name of a member."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.models import Placement
from accounts.models.time import Availability
from planning import fit, half_days
from planning.forms.groups import half_day_label
from programs.models import Group, Guide, Membership, Program
from sessions.models import GroupSession

NOTHING_SAID = "-" * 14


@dataclass(frozen=True)
class Offer:
    group: Group
    guides: list[Guide]
    sessions: list[GroupSession]
    half_day: str
    years: list[int]
    fit: fit.Fit
    mine: bool = False

    @property
    def is_full(self) -> bool:
        return self.group.free_places < 1

    @property
    def suits(self) -> bool:
        return self.fit == fit.Fit.FINE

    @property
    def clashes(self) -> bool:
        return self.fit == fit.Fit.NEVER


def offers(
    program: Program,
    groups: Iterable[Group],
    *,
    at: dt.datetime,
    answers: str = NOTHING_SAID,
    mine: UUID | None = None,
) -> list[Offer]:
    """Best fit to ``answers`` first, and of equals those with a free place; five queries however many there are.

    ``answers`` are the fourteen letters of somebody's half-day grid, ``mine`` the group they sit in.
    """
    shown = list(groups)
    guides, sessions, years = _guides(shown), _sessions(shown, at), _years(shown, program, at)
    found = [
        Offer(
            group=group,
            guides=guides[group.pk],
            sessions=sessions[group.pk],
            half_day="" if group.half_day is None else half_day_label(group.half_day),
            years=sorted(years[group.pk]),
            fit=fit.fit(_mask(program, group, sessions[group.pk]), answers),
            mine=group.pk == mine,
        )
        for group in shown
    ]
    return sorted(found, key=lambda offer: (not offer.mine, offer.is_full, offer.fit))


def answers_of(person: UUID) -> str:
    grid = Availability.objects.filter(user=person).first()
    return grid.answers if grid else NOTHING_SAID


def _mask(program: Program, group: Group, sessions: Sequence[GroupSession]) -> int | None:
    """The half-days its coming sessions touch; without dates, the one it is meant to meet on."""
    zone, mask = program.institution.zone, 0
    for session in sessions:
        mask |= half_days.touched(session.starts_at.astimezone(zone), session.ends_at.astimezone(zone))
    return mask or (1 << group.half_day if group.half_day is not None else None)


def _guides(groups: list[Group]) -> dict[UUID, list[Guide]]:
    found: dict[UUID, list[Guide]] = defaultdict(list)
    for guide in Guide.objects.active().filter(group__in=groups).select_related("user"):
        found[guide.group_id].append(guide)
    return found


def _sessions(groups: list[Group], at: dt.datetime) -> dict[UUID, list[GroupSession]]:
    found: dict[UUID, list[GroupSession]] = defaultdict(list)
    coming = GroupSession.objects.upcoming(at).filter(group__in=groups).order_by("starts_at")
    for session in coming.select_related("room"):
        found[session.group_id].append(session)
    return found


def _years(groups: list[Group], program: Program, at: dt.datetime) -> dict[UUID, set[int]]:
    members = dict(Membership.objects.seated().filter(group__in=groups).values_list("user", "group"))
    placed = Placement.objects.current(program.institution.on_day(at)).filter(
        user__in=members, department__institution=program.institution_id, training_year__isnull=False
    )
    found: dict[UUID, set[int]] = defaultdict(set)
    for person, year in placed.values_list("user", "training_year"):
        group = members[person]
        if group and year:
            found[group].add(year)
    return found
