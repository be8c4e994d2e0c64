"""Windows as they are handed over: opened once, moved while nobody can have answered, withdrawn unseen."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

import outbox
from programs.models import Group
from surveys import tallies
from surveys.actions.telling import tell
from surveys.models import Kind, Pool, Receipt, Tally, Window
from surveys.questions import Question, stored
from surveys.tallies import PoolCounts


@dataclass(frozen=True, slots=True)
class Moment:
    """What to ask a group, and when. ``pair`` and ``waits_until`` go together."""

    kind: Kind
    about_id: uuid.UUID
    questions: Sequence[Question]
    guides: Sequence[uuid.UUID]
    opens_at: dt.datetime
    closes_at: dt.datetime
    pool_closes_at: dt.datetime
    number: int = 0
    pair: int | None = None
    waits_until: dt.datetime | None = None


@transaction.atomic
def ask(group: Group, moment: Moment, *, at: dt.datetime) -> Window | None:
    """The window of this moment. Called again it follows the plan as long as nobody can have answered."""
    window = Window.objects.select_for_update(no_key=True).filter(
        kind=moment.kind, about_id=moment.about_id
    ).first()  # fmt: skip
    if window is None:
        return _open(group, moment, at) if moment.questions and moment.closes_at > at else None
    _follow(window, moment, at)
    if moment.kind == Kind.HOPED and window.is_open(at):
        tell(window, at=at)  # also whoever was seated since
    if window.pool is not None:
        _extend(window.pool, moment.pool_closes_at)
    return window


def _open(group: Group, moment: Moment, at: dt.datetime) -> Window:
    window = Window.objects.create(
        group=group,
        kind=moment.kind,
        about_id=moment.about_id,
        number=moment.number,
        pair=moment.pair,
        waits_until=moment.waits_until,
        questions=stored(moment.questions),
        guides=list(moment.guides),
        opens_at=moment.opens_at,
        closes_at=moment.closes_at,
        pool=_pool(group, moment),
    )
    tallies.begin(window)
    tell(window, at=at)
    return window


def _pool(group: Group, moment: Moment) -> Pool | None:
    """The pool of this moment, if it is still open; it closes after the last of its windows."""
    slot = moment.pair or 0
    pools = Pool.objects.select_for_update(no_key=True)
    pool = pools.filter(program=group.program, kind=moment.kind, slot=slot).first()
    if pool is None:
        pool = Pool(program=group.program, kind=moment.kind, slot=slot, closes_at=moment.pool_closes_at)
        pool.questions = stored(moment.questions)
        PoolCounts(pool).seal()
        pool.save()
    elif pool.state != Pool.State.OPEN:
        return None
    else:
        _extend(pool, moment.pool_closes_at)
    return pool


def _extend(pool: Pool, until: dt.datetime) -> None:
    later = Pool.objects.filter(pk=pool.pk, state=Pool.State.OPEN, closes_at__lt=until)
    later.update(closes_at=until)


def _follow(window: Window, moment: Moment, at: dt.datetime) -> None:
    if window.state in (Window.State.OPEN, Window.State.WAITING) and window.waits_until != moment.waits_until:
        window.waits_until = moment.waits_until
        window.save(update_fields=["waits_until"])
    times = moment.opens_at, moment.closes_at
    if (
        window.state != Window.State.OPEN
        or window.opens_at <= at
        or times == (window.opens_at, window.closes_at)
    ):
        return
    window.opens_at, window.closes_at = times
    window.save(update_fields=["opens_at", "closes_at"])
    outbox.cancel(about_id=window.pk, reason="moved")
    tell(window, at=at)


@transaction.atomic
def withdraw(kind: Kind, about_id: uuid.UUID) -> bool:
    """Destroy an open window unseen: what it was about does not take place. Whether there was one."""
    windows = Window.objects.select_for_update(no_key=True)
    window = windows.filter(kind=kind, about_id=about_id, state=Window.State.OPEN).first()
    if window is None:
        return False
    tallies.locked([window])
    Receipt.objects.filter(window=window).delete()
    Tally.objects.filter(window=window).delete()
    window.state = Window.State.DESTROYED
    window.save(update_fields=["state"])
    outbox.cancel(about_id=window.pk, reason="withdrawn")
    return True
