"""Keeps scores as they were: every night, and when a program moved to another stage.

A snapshot is written when something differs from the one before, so the last one before a moment says how things
stood then. A night is one run in batches; each batch is one transaction with how far the run is, so that a worker
killed in between leaves nothing half, and the next one goes on after it.
"""

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

import catalogue
from checklist import ticks, whole
from checklist.assessing import Assessment, assess_from, group_inputs
from checklist.models import Snapshot, SnapshotRun
from checklist.reading import ask, ask_of_many
from checklist.scoring import Score, score
from intervision import clock
from programs.models import Program, StageChange

log = logging.getLogger(__name__)

#: Programs in one transaction.
BATCH = 10
#: From this hour in UTC on a night is scored; whoever was switched off does it later that day.
NIGHT_BEGINS = 1
#: A move that nobody followed for so long is not followed: how things stood then can no longer be seen.
FOLLOWED_FOR = dt.timedelta(days=1)
#: What was asked at the end is shown within weeks.
AFTER_THE_END = dt.timedelta(days=90)
Audience = Snapshot.Audience
#: Of whom a snapshot is: the program, its group if it is of one, and for whom.
Scope = tuple[UUID, UUID | None, str]


def keep_due(*, until: float) -> int:
    """Follow moves, then go on with tonight's run while ``monotonic()`` is below ``until``; how many were written."""
    written = follow_moves(at=clock.now())
    while monotonic() < until and (run := _tonight(clock.now())):
        kept = go_on(run)
        if kept is None:
            break
        written += kept
    return written


@transaction.atomic
def follow_moves(*, at: dt.datetime) -> int:
    """Snapshots of programs that moved and of which none was taken since."""
    followed = Snapshot.objects.filter(move=OuterRef("pk"))
    recent = StageChange.objects.filter(
        ~Exists(followed), created_at__gt=at - FOLLOWED_FOR, created_at__lte=at
    )
    moves = recent.select_for_update(of=("self",), skip_locked=True).select_related("program__institution")
    by_program = {move.program_id: move for move in moves.order_by("created_at", "pk")}
    rows: list[Snapshot] = []
    for part in _parts(list(by_program.values())):
        taken, _failed = take([move.program for move in part], at)
        rows += [_row(one, at, move=by_program[one.scope[0]]) for one in taken]
    return len(Snapshot.objects.bulk_create(rows))


def _parts(moves: list[StageChange]) -> Iterator[list[StageChange]]:
    for first in range(0, len(moves), BATCH):
        yield moves[first : first + BATCH]


def _tonight(at: dt.datetime) -> SnapshotRun | None:
    """The run that is to be gone on with: an older one that was left behind is not finished any more."""
    night = at.astimezone(dt.UTC)
    if night.hour < NIGHT_BEGINS:
        return None
    values = {"began_at": at, "total": lambda: scored(at).count()}
    run, _new = SnapshotRun.objects.get_or_create(night=night.date(), defaults=values)
    return None if run.finished_at else run


def scored(at: dt.datetime) -> QuerySet[Program]:
    """The programs of which is kept how they stand: all but those that were cancelled or ended long ago."""
    ended = StageChange.objects.filter(
        program=OuterRef("pk"), to_stage=Program.Stage.COMPLETED, created_at__gt=at - AFTER_THE_END
    )
    goes_on = ~Q(stage__in=(Program.Stage.CANCELLED, Program.Stage.COMPLETED))
    return Program.objects.filter(goes_on | Q(stage=Program.Stage.COMPLETED) & Exists(ended))


@transaction.atomic
def go_on(run: SnapshotRun) -> int | None:
    """Score the next batch of ``run``; how many snapshots it wrote, None when there is nothing to do here."""
    locked = SnapshotRun.objects.select_for_update(skip_locked=True)
    mine = locked.filter(pk=run.pk, finished_at=None).first()
    if mine is None:
        return None
    at = clock.now()
    left = scored(mine.began_at).filter(**_after(mine)).order_by("pk")
    programs = list(left.select_related("institution")[:BATCH])
    if not programs:
        SnapshotRun.objects.filter(pk=mine.pk).update(finished_at=at)
        return None
    written, failed = keep(programs, at, run=mine)
    SnapshotRun.objects.filter(pk=mine.pk).update(
        done=F("done") + len(programs),
        failed=F("failed") + failed,
        written=F("written") + written,
        last=programs[-1].pk,
    )
    return written


def keep(programs: Sequence[Program], at: dt.datetime, *, run: SnapshotRun) -> tuple[int, int]:
    """Write what is otherwise than before; how many snapshots, and how many programs could not be scored."""
    taken, failed = take(programs, at)
    before = last_digests(programs)
    changed = [_row(one, at, run=run) for one in taken if before.get(one.scope) != one.digest]
    return len(Snapshot.objects.bulk_create(changed)), failed


def _after(run: SnapshotRun) -> dict[str, UUID]:
    return {"pk__gt": run.last} if run.last else {}


@dataclass(frozen=True)
class Taken:
    """What is to be kept of one scope."""

    scope: Scope
    windows: int
    content: Mapping[str, Any]

    @property
    def digest(self) -> str:
        whole = [catalogue.load().version, self.windows, self.content]
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def take(programs: Sequence[Program], at: dt.datetime) -> tuple[list[Taken], int]:
    """How ``programs`` and their groups stand, and how many could not be scored. One question, however many.

    What is due to be told of their intake interviews is told on the way.
    """
    answers = ask_of_many(programs, at)
    found: list[Taken] = []
    failed = 0
    for program in programs:
        try:
            assessed = assess_from(answers[program.pk], program, at)
            if ticks.tell(program, assessed.reading):
                assessed = assess_from(ask(program, at), program, at)
            found += _of_program(assessed, program)
        except Exception:  # one that cannot be scored must not keep the others from it
            log.exception("not scored", extra={"program": str(program.pk)})
            failed += 1
    return found, failed


def _of_program(found: Assessment, program: Program) -> Iterator[Taken]:
    known, reading = catalogue.load(), found.reading
    shown = [one for one in reading.released if one.at <= reading.scope.at]
    pooled = sum(one.group is None for one in shown)
    yield _taken((program.pk, None, Audience.COORDINATOR), pooled, found.score, program)
    alone = len(reading.scope.groups) == 1
    for group in reading.scope.groups:
        seen = score(known, program.format, group_inputs(reading, group))
        pk = UUID(str(group.id))
        yield _taken((program.pk, pk, Audience.COORDINATOR), pooled if alone else 0, seen, program)
        own = score(known, program.format, group_inputs(reading, group, own_guide=True))
        told = sum(one.group == group.id for one in shown)
        yield _taken((program.pk, pk, Audience.GROUP), told, own, program)


def _taken(scope: Scope, windows: int, result: Score, program: Program) -> Taken:
    return Taken(scope, windows, {"stage": program.stage} | whole.kept(result))


def _row(
    one: Taken, at: dt.datetime, *, run: SnapshotRun | None = None, move: StageChange | None = None
) -> Snapshot:
    program, group, audience = one.scope
    return Snapshot(
        program_id=program,
        group=group,
        audience=audience,
        taken_at=at,
        run=run,
        move=move,
        catalogue_version=catalogue.load().version,
        windows=one.windows,
        content=one.content,
        digest=one.digest,
    )


def last_digests(programs: Sequence[Program]) -> dict[Scope, str]:
    kept = Snapshot.objects.filter(program__in=programs)
    last = kept.order_by("program", "group", "audience", "-taken_at", "-pk").distinct(
        "program", "group", "audience"
    )
    rows = last.values_list("program", "group", "audience", "digest")
    return {(program, group, audience): digest for program, group, audience, digest in rows}
