"""At the deadline, once: a window is shown, waits for its pair, or is destroyed. Then receipts and key are gone."""

import datetime as dt
import logging
import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Count, Min, Q

from programs.models import Membership
from programs.models.history import MembershipEvent
from surveys import releasing, tallies
from surveys.actions import climate, half_years
from surveys.models import Pool, Receipt, Result, Tally, Window
from surveys.releasing import Counts, Fate, Partner
from surveys.tallies import PoolCounts

log = logging.getLogger(__name__)
MANY = 10


def close_due(*, at: dt.datetime) -> int:
    """Everything whose time has come; how many. May run twice, and at once with another."""
    over = Q(state=Window.State.OPEN, closes_at__lte=at) | Q(state=Window.State.WAITING, waits_until__lte=at)
    windows = Window.objects.filter(over).order_by("closes_at", "number", "pk").values_list("pk", flat=True)
    closed = sum(close(pk, at=at) for pk in list(windows))
    pools = Pool.objects.filter(state=Pool.State.OPEN, closes_at__lte=at).values_list("pk", flat=True)
    closed += sum(close_pool(pk, at=at) for pk in list(pools))
    return closed + half_years.close_due(at=at) + climate.close_due(at=at)


@transaction.atomic
def close(pk: uuid.UUID, *, at: dt.datetime) -> bool:
    """Close one window whose deadline is past; False if somebody did so before."""
    window, partner = _pair(pk)
    held = [one for one in (window, partner) if one is not None]
    locked = tallies.locked(held)
    if window.state == Window.State.WAITING:
        return _give_up(window, partner, locked[window.pk], at)
    if window.state != Window.State.OPEN or window.closes_at > at:
        return False
    counts = tallies.counts(window, locked[window.pk])
    people = tallies.answers(counts)
    standing = _standing(window, partner, at)
    waiting = partner if standing is Partner.WAITING else None
    together = Receipt.objects.filter(window__in=held).values("user").distinct().count() if waiting else 0
    before = tallies.counts(waiting, locked[waiting.pk]) if waiting else {}
    match releasing.fate(people, _least(window), standing, together):
        case Fate.WAIT:
            window.state = Window.State.WAITING
            window.save(update_fields=["state"])
        case Fate.RELEASE:
            # The same people may have answered the partner: they count once.
            new = 0 if standing is Partner.RELEASED else people
            _release([window], counts, people, at, pooled=new)
            if waiting:
                _destroy([waiting], before, tallies.answers(before))
        case Fate.RELEASE_PAIR:
            _release(held, tallies.total(counts, before), together, at, pooled=together)
        case Fate.DESTROY if waiting:
            _destroy(held, tallies.total(counts, before), together)
        case Fate.DESTROY:
            _destroy([window], counts, people)
    log.info("window closed", extra={"window": str(window.pk)})
    return True


def _pair(pk: uuid.UUID) -> tuple[Window, Window | None]:
    """The window and its partner, both locked in one order."""
    window = Window.objects.get(pk=pk)
    mine = Q(pk=pk)
    if window.pair is not None:
        mine |= Q(group=window.group_id, kind=window.kind, pair=window.pair)
    rows = list(Window.objects.select_for_update(no_key=True).filter(mine).order_by("pk"))
    own = next(row for row in rows if row.pk == pk)
    return own, next((row for row in rows if row.pk != pk), None)


def _standing(window: Window, partner: Window | None, at: dt.datetime) -> Partner:
    if window.pair is None:
        return Partner.NONE
    if partner is None:
        return Partner.TO_COME if window.waits_until and window.waits_until > at else Partner.NONE
    return {
        Window.State.OPEN: Partner.TO_COME,
        Window.State.WAITING: Partner.WAITING,
        Window.State.RELEASED: Partner.RELEASED,
        Window.State.DESTROYED: Partner.DESTROYED,
    }[Window.State(partner.state)]


def _give_up(window: Window, partner: Window | None, tally: Tally, at: dt.datetime) -> bool:
    """Destroy what waited for a partner that does not come any more."""
    if (
        window.waits_until is None
        or window.waits_until > at
        or (partner and partner.state == Window.State.OPEN)
    ):
        return False
    counts = tallies.counts(window, tally)
    _destroy([window], counts, tallies.answers(counts))
    return True


def _least(window: Window) -> int:
    return window.institution.min_n


def _release(
    windows: Sequence[Window], counts: Mapping[str, Counts], people: int, at: dt.datetime, *, pooled: int
) -> None:
    last = windows[0]
    words = {
        question.key: releasing.word(counts[question.key], people=people, reverse=question.reverse)
        for question in last.asked
    }
    result = Result.objects.create(
        program_id=last.group.program_id,
        group_id=last.group_id,
        kind=last.kind,
        slot=last.pair or 0,
        words=words,
        people_at_least=MANY if people >= MANY else _least(last),
        released_at=at,
    )
    for window in windows:
        window.state, window.result = Window.State.RELEASED, result
    _forget(windows, counts, pooled, told=True)


def _destroy(windows: Sequence[Window], counts: Mapping[str, Counts], people: int) -> None:
    for window in windows:
        window.state = Window.State.DESTROYED
    _forget(windows, counts, people, told=False)


def _forget(windows: Sequence[Window], counts: Mapping[str, Counts], people: int, *, told: bool) -> None:
    """Hand the counts to the pool, and keep nothing of them here: neither receipts nor key."""
    _add_to_pool(windows[0], counts, people, told=told)
    Receipt.objects.filter(window__in=windows).delete()
    Tally.objects.filter(window__in=windows).delete()
    for window in windows:
        window.save(update_fields=["state", "result"])


def _add_to_pool(window: Window, counts: Mapping[str, Counts], people: int, *, told: bool) -> None:
    pools = Pool.objects.select_for_update(no_key=True).filter(windows=window, state=Pool.State.OPEN)
    pool = pools.first()
    if pool is None or not tallies.answers(counts):
        return
    parts = PoolCounts(pool)
    parts.add(counts, people, told=told)
    parts.seal()
    if told:
        pool.guides = sorted({*pool.guides, *window.guides})
    pool.save(update_fields=["key", "sealed", "guides"])


@transaction.atomic
def close_pool(pk: uuid.UUID, *, at: dt.datetime) -> bool:
    """Show the coordinator what the groups' answers come to, if nothing can be subtracted from it."""
    pool = Pool.objects.select_for_update(no_key=True).select_related("program__institution").get(pk=pk)
    unfinished = pool.windows.filter(state__in=(Window.State.OPEN, Window.State.WAITING))
    if pool.state != Pool.State.OPEN or pool.closes_at > at or unfinished.exists():
        return False
    parts, least = PoolCounts(pool), pool.program.institution.min_n
    parts.people = [max(count - _moved_between(pool), 0) for count in parts.people]
    told, rest = parts.people
    may = releasing.poolable(told, rest, least)
    pool.state = Pool.State.DESTROYED
    if may:
        pool.result = _pooled(pool, parts.chosen(may), may.people, at)
        pool.state = Pool.State.RELEASED
    half_years.hand_on(pool, parts, may, at=at)
    pool.key = pool.sealed = None
    pool.save(update_fields=["state", "result", "key", "sealed"])
    return True


def _moved_between(pool: Pool) -> int:
    """How many answers may be a second one of the same person: of who sat in several of these groups meanwhile."""
    groups = pool.windows.values("group")
    first = pool.windows.aggregate(first=Min("opens_at"))["first"]
    if first is None:
        return 0
    came = Membership.objects.filter(group__in=groups, joined_on__gte=pool.program.institution.on_day(first))
    seats = MembershipEvent.objects.filter(group__in=groups, user__in=came.values("user"))
    each = seats.order_by().values("user").annotate(sat_in=Count("group", distinct=True))
    return sum(row["sat_in"] - 1 for row in each)


def _pooled(pool: Pool, counts: Mapping[str, Counts], people: int, at: dt.datetime) -> Result:
    guides_too = releasing.about_guides_may_be_told(pool.guides)
    words = {
        question.key: releasing.word(counts[question.key], people=people, reverse=question.reverse)
        for question in pool.asked
        if guides_too or not question.about_guide
    }
    return Result.objects.create(
        program=pool.program,
        kind=pool.kind,
        slot=pool.slot,
        words=words,
        people_at_least=MANY if people >= MANY else pool.program.institution.min_n,
        released_at=at,
    )
