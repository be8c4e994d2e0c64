"""The groups of a program as somebody sees them who may join: all to choose by, and no name of a member."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from accounts.models import Placement, User
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
    groups: QuerySet[Group],
    *,
    at: dt.datetime,
    answers: str = NOTHING_SAID,
    mine: UUID | None = None,
) -> list[Offer]:
    """Best fit to ``answers`` first, and of equals those with a free place; three queries however many there are.

    ``answers`` are the fourteen letters of somebody's half-day grid, ``mine`` the group they sit in.
    """
    shown = list(_with_years(groups, program, at))
    guides, sessions = _guides(shown), _sessions(shown, at)
    found = [
        Offer(
            group=group,
            guides=guides[group.pk],
            sessions=sessions[group.pk],
            half_day="" if group.half_day is None else half_day_label(group.half_day),
            years=sorted(group.years),
            fit=fit.fit(_mask(program, group, sessions[group.pk]), answers),
            mine=group.pk == mine,
        )
        for group in shown
    ]
    return sorted(found, key=lambda offer: (not offer.mine, offer.is_full, offer.fit))


def answers_of(person: User) -> str:
    grid: Availability | None = getattr(person, "availability", None)
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


def _with_years(groups: QuerySet[Group], program: Program, at: dt.datetime) -> Any:
    """Each with ``years``: the training years of who is in it."""
    members = Membership.objects.seated().filter(group=OuterRef(OuterRef("pk"))).order_by()
    placed = Placement.objects.current(program.institution.on_day(at)).filter(
        user__in=members.values("user"),
        department__institution=program.institution_id,
        training_year__isnull=False,
    )
    return groups.annotate(years=ArraySubquery(placed.order_by().values("training_year").distinct()))
