"""Dates for every group that has none yet: each on its half-day, or on the next one that is free."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from planning import series
from planning.forms.dates import SeriesForm, initial
from planning.half_days import EVERY_HALF_DAY
from programs.models import Group, Guide, Program
from sessions.actions.series import Moment


@dataclass(frozen=True)
class Proposal:
    """One group with its dates; without ``form`` no half-day was found."""

    group: Group
    form: SeriesForm | None
    half_day: int = 0


def without_dates(program: Program) -> list[Group]:
    """Groups with people and without sessions."""
    groups = program.groups.filter(taken__gt=0, sessions__isnull=True)
    return list(groups.select_related("program__institution", "room"))


def propose(program: Program, today: dt.date) -> list[Proposal]:
    """A series for each group, so that no guide and no room is in two of them at once. Saves nothing."""
    taken: list[tuple[set[UUID], Moment]] = []
    found = []
    for group in without_dates(program):
        proposal = _for_group(group, today, taken)
        if proposal.form:
            taken += [(_needed(group), moment) for moment in proposal.form.moments]
        found.append(proposal)
    return found


def _for_group(group: Group, today: dt.date, taken: Sequence[tuple[set[UUID], Moment]]) -> Proposal:
    for half_day in _half_days(group, today):
        form = SeriesForm(_typed(group, today, half_day), group=group, today=today)
        if form.is_valid() and not form.blocked and not _meets(_needed(group), form.moments, taken):
            return Proposal(group, form, half_day)
    return Proposal(group, None)


def _half_days(group: Group, today: dt.date) -> Iterator[int]:
    """Its own half-day, then those after it that suit the group, around the week."""
    common = series.common_half_days(group, today)
    suits = EVERY_HALF_DAY if common is None else common
    working = group.program.institution.working_days
    begin = group.half_day or 0
    for half_day in ((begin + step) % 14 for step in range(14)):
        is_its_own = half_day == group.half_day
        if is_its_own or (suits >> half_day & 1 and half_day // 2 + 1 in working):
            yield half_day


def _typed(group: Group, today: dt.date, half_day: int) -> dict[str, Any]:
    values = initial(group, today, half_day=half_day)
    texts = {"first_on": values["first_on"].isoformat(), "at": f"{values['at']:%H:%M}"}
    return {**values, **texts, "room": values["room"] or ""}


def _needed(group: Group) -> set[UUID]:
    """Whom and what its sessions take: guides and room."""
    leading = Guide.objects.active().filter(group=group).values_list("user", flat=True)
    return {*leading, *([group.room_id] if group.room_id else [])}


def _meets(needed: set[UUID], moments: Sequence[Moment], taken: Sequence[tuple[set[UUID], Moment]]) -> bool:
    return any(
        needed & theirs and one.starts_at < other.ends_at and other.starts_at < one.ends_at
        for theirs, other in taken
        for one in moments
    )


def signature(proposals: Sequence[Proposal]) -> str:
    """Tells one set of dates from another, so that saving saves what was seen."""
    rows = [
        f"{one.group.pk} {moment.starts_at.isoformat()} {moment.ends_at.isoformat()}"
        for one in proposals
        if one.form
        for moment in one.form.moments
    ]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
