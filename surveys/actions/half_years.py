"""What programs' pools hand on to their director: once a half-year, over three groups and ten people or more."""

import datetime as dt
import logging
import uuid
from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import Count

from accounts.models import Institution
from programs.models import Membership
from surveys import releasing
from surveys.models import HalfYear, HalfYearResult, Pool
from surveys.releasing import Counts, Pooled
from surveys.tallies import PoolCounts

log = logging.getLogger(__name__)


def begins(institution: Institution, at: dt.datetime) -> dt.date:
    """The first day of the half-year in which ``at`` falls in this house."""
    day = institution.on_day(at)
    return dt.date(day.year, 7 if day.month > 6 else 1, 1)


def ends(institution: Institution, from_on: dt.date) -> dt.datetime:
    """The moment at which the next one begins there."""
    following = dt.date(from_on.year + (from_on.month > 6), 1 if from_on.month > 6 else 7, 1)
    return dt.datetime.combine(following, dt.time.min, institution.zone)


def hand_on(pool: Pool, parts: PoolCounts, shown: Pooled | None, *, at: dt.datetime) -> None:
    """Add the counts of a pool that closes to its half-year; part of the transaction that closes it.

    ``shown`` is what the coordinator is shown. What they are not, and no group was, stays apart: the director's
    words must leave none of it over, or enough. Of one kind a program counts once in a half-year, so that each
    group counts once.
    """
    half = _half_year(pool, at)
    if half.state != HalfYear.State.OPEN or half.questions != pool.questions:
        return
    if pool.program_id in half.programs or not any(parts.people):
        return
    sums = PoolCounts(half)
    told, rest = parts.people
    sums.add(parts.parts[0], told, told=True)
    sums.add(parts.parts[1], rest, told=releasing.rest_was_shown(shown))
    sums.seal()
    windows = pool.windows.values_list("group", flat=True).distinct()
    half.programs = [*half.programs, pool.program_id]
    half.groups = sorted({*half.groups, *windows.filter(result__isnull=False)})
    half.asked_groups = sorted({*half.asked_groups, *windows})
    half.guides = sorted({*half.guides, *pool.guides})
    half.save()


def _half_year(pool: Pool, at: dt.datetime) -> HalfYear:
    """Locked; made with nothing in it where this is the first pool of its kind."""
    house = pool.program.institution
    from_on = begins(house, at)
    same = {"institution": house, "format": pool.program.format, "kind": pool.kind, "from_on": from_on}
    if not HalfYear.objects.filter(**same).exists():
        new = HalfYear(**same, questions=pool.questions, closes_at=ends(house, from_on))
        PoolCounts(new).seal()
        HalfYear.objects.bulk_create([new], ignore_conflicts=True)
    return HalfYear.objects.select_for_update(no_key=True).get(**same)


def close_due(*, at: dt.datetime) -> int:
    """Every half-year that is over; how many. May run twice."""
    due = HalfYear.objects.filter(state=HalfYear.State.OPEN, closes_at__lte=at).values_list("pk", flat=True)
    return sum(close(pk, at=at) for pk in list(due))


@transaction.atomic
def close(pk: uuid.UUID, *, at: dt.datetime) -> bool:
    """Show the director what there is, or destroy it; False if somebody did so before."""
    rows = HalfYear.objects.select_for_update(no_key=True, of=("self",)).select_related("institution")
    half = rows.get(pk=pk)
    if half.state != HalfYear.State.OPEN or half.closes_at > at:
        return False
    half.state = HalfYear.State.DESTROYED
    sums = PoolCounts(half)
    if may := _may_be_shown(half, sums.people):
        half.result = _result(half, sums.chosen(may), may.people, at)
        half.state = HalfYear.State.RELEASED
    half.key = half.sealed = None
    half.save()
    log.info("half-year closed", extra={"half_year": str(half.pk)})
    return True


def _may_be_shown(half: HalfYear, people: Collection[int]) -> Pooled | None:
    """Whoever sits in several of the groups may have answered in each, and is one person."""
    twice = seats_too_many(half.asked_groups)
    told, rest = (max(count - twice, 0) for count in people)
    return releasing.to_director(told, rest, len(half.groups), half.institution.min_n)


def seats_too_many(groups: Collection[uuid.UUID]) -> int:
    """How many seats these groups have, now or before, beyond one for each person."""
    seats = Membership.objects.filter(group__in=groups).aggregate(
        people=Count("user", distinct=True), seats=Count("pk")
    )
    return int(seats["seats"] - seats["people"])


def _result(half: HalfYear, counts: Mapping[str, Counts], people: int, at: dt.datetime) -> HalfYearResult:
    guides_too = releasing.about_guides_may_be_told(half.guides)
    words = {
        question.key: releasing.word(counts[question.key], people=people, reverse=question.reverse)
        for question in half.asked
        if guides_too or not question.about_guide
    }
    return HalfYearResult.objects.create(
        institution=half.institution,
        format=half.format,
        kind=half.kind,
        from_on=half.from_on,
        words=words,
        people_at_least=releasing.DIRECTOR_PEOPLE,
        released_at=at,
    )
