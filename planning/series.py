"""Between a group's rows and the pure dates: what is known of holidays, appointments and duties, read once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from accounts.models import Availability, BusyTime, Institution, Placement
from accounts.models.person import current_q
from planning import dates
from planning.days_off import DaysOff, WorkingHours, public_holidays
from planning.half_days import EVERY_HALF_DAY
from planning.notes import Note
from programs.models import Group, Guide, Occupation, Room


@dataclass(frozen=True)
class Situation:
    """What stands in the way of a series, read for the days it can fall on."""

    days_off: DaysOff
    guides: tuple[dates.Busy, ...]
    room: tuple[dates.Busy, ...]
    rosters: tuple[dates.Roster, ...]
    ends_on: dict[UUID, dt.date | None]
    now: dt.datetime

    def notes(self, planned: dates.PlannedDate) -> list[Note]:
        """Everything to be said about one date: what blocks first."""
        found = [*dates.conflicts(planned, people=self.guides, room=self.room), *planned.notes]
        if planned.starts_at is not None:
            if planned.starts_at <= self.now and not any(note.code == "in_the_past" for note in found):
                found.append(Note("in_the_past", {"day": planned.on}, blocks=True))
            found += dates.duties_at(planned, self.rosters).notes
        return sorted(found, key=lambda note: not note.blocks)


def days_off(house: Institution, first: dt.date, last: dt.date) -> DaysOff:
    closed = house.closed_days.filter(on__range=(first, last)).values_list("on", flat=True)
    return DaysOff(
        WorkingHours(house.working_from, house.working_until, frozenset(house.working_days)),
        public_holidays(house.country, first, last, subdivision=house.subdivision),
        frozenset(closed),
    )


def read(group: Group, first: dt.date, last: dt.date, *, room: Room | None, at: dt.datetime) -> Situation:
    """In a fixed number of queries. The group's own sessions are not in their own way."""
    house = group.program.institution
    on = house.on_day(at)
    span = DateTimeTZRange(
        dt.datetime.combine(first, dt.time(), house.zone),
        dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), house.zone),
    )
    taken = Occupation.objects.filter(period__overlap=span).exclude(about_id__in=group.sessions.values("pk"))
    leading = list(Guide.objects.active(on).filter(group=group).values_list("user", flat=True))
    people = taken.filter(person__in=leading).values_list("person", "period")
    rooms = taken.filter(room=room).values_list("room", "period") if room else []
    members = list(group.memberships.live().values_list("user", flat=True))
    return Situation(
        days_off(house, first, last),
        tuple(dates.Busy(who, period.lower, period.upper) for who, period in people),
        tuple(dates.Busy(who, period.lower, period.upper) for who, period in rooms),
        rosters(members, span),
        training_ends(members, on),
        at,
    )


def rosters(members: Sequence[UUID], span: DateTimeTZRange) -> tuple[dates.Roster, ...]:
    """Duties and leave. Known until the last imported one; what somebody typed proves nothing about the rest."""
    rows = BusyTime.objects.filter(user__in=members, until_at__gt=span.lower)
    busy: dict[UUID, list[dates.Busy]] = {member: [] for member in members}
    known: dict[UUID, dt.datetime] = {}
    for row in rows:
        busy[row.user_id].append(dates.Busy(row.user_id, row.from_at, row.until_at))
        if row.source == BusyTime.Source.IMPORT:
            known[row.user_id] = max(row.until_at, known.get(row.user_id, row.until_at))
    return tuple(dates.Roster(member, known.get(member), tuple(busy[member])) for member in members)


def training_ends(members: Sequence[UUID], on: dt.date) -> dict[UUID, dt.date | None]:
    placed = Placement.objects.filter(current_q(on), user__in=members).values_list("user", "training_ends_on")
    return dict.fromkeys(members) | dict(placed)


def common_half_days(group: Group, on: dt.date) -> int | None:
    """The half-days that nobody who answered said "never" to; None where nobody answered."""
    people = [
        *group.memberships.live().values_list("user", flat=True),
        *Guide.objects.active(on).filter(group=group).values_list("user", flat=True),
    ]
    grids = [grid for grid in Availability.objects.filter(user__in=people) if grid.answers.strip("-")]
    if not grids:
        return None
    mask = EVERY_HALF_DAY
    for grid in grids:
        mask &= ~grid.marked("n")
    return mask


def finishing(ends_on: dict[UUID, dt.date | None], days: Sequence[dt.date]) -> list[str]:
    """How many finish training before which session, in words."""
    return [line.note.message for line in dates.finish_before(ends_on, days)]
