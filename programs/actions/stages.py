"""A program moves from stage to stage: started, moved on, paused, resumed, cancelled."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

import outbox
from accounts.models import User
from intervision import clock
from programs import reasons, stages, steps
from programs.actions import intake_messages, seats, setup
from programs.errors import NotReady, ReasonsMissing, StageMoved, WarningsUnseen
from programs.locking import lock_program
from programs.models import Guide, IntakeSlot, Membership, Occupation, Program, StageChange

Stage = Program.Stage
INVITATION, CANCELLED = "invitation", "program-cancelled"
OVER = (Stage.COMPLETED, Stage.CANCELLED)


@transaction.atomic
def start(program: Program, *, by: User, note: str = "", lines: Mapping[str, str] | None = None) -> Program:
    """Begin recruiting: publish the text and invite everybody in the list. Returns the program as saved.

    ``note`` is what ``by`` says about the warnings, ``lines`` about each condition that is not met: both stay with
    the move. Raises StageMoved, NotReady, WarningsUnseen and ReasonsMissing, having changed and sent nothing.
    """
    reasons.keep(program, {key: line.strip()[:300] for key, line in (lines or {}).items()}, by=by)
    asked = reasons.asked(program)
    if not all(one.reason for one in asked):
        raise ReasonsMissing
    said = [{"code": one.key, "sentence": one.statement, "note": one.reason} for one in asked]
    return move(program, Stage.RECRUITING, by=by, note=note, said=said)


@transaction.atomic
def move(
    program: Program,
    to: str,
    *,
    by: User | None,
    note: str = "",
    also: Sequence[stages.Finding] = (),
    said: Sequence[Mapping[str, str]] = (),
) -> Program:
    """Move to the next stage ``to``, past its guards; ``by`` is None when the clock moves it.

    ``also`` are warnings of a room that sees more than this one, ``said`` is what else is kept with the move. A
    person says in ``note`` that they saw the warnings; the clock keeps them as they are. Raises StageMoved,
    NotReady and WarningsUnseen, having changed nothing.
    """
    locked = (
        Program.objects.select_for_update(of=("self",), no_key=True)
        .select_related("institution")
        .get(pk=program.pk)
    )
    if stages.next_stage(locked) != to:
        raise StageMoved
    if stages.blocks(locked, to):
        raise NotReady
    warned = [*stages.warnings(locked, to), *also]
    if warned and by is not None and not note.strip():
        raise WarningsUnseen
    _change(locked, to, by=by, warnings=[*_kept(warned, note), *said])
    if to == Stage.RECRUITING:
        _begin_recruiting(locked)
    return locked


def _kept(warned: Iterable[stages.Finding], note: str) -> list[dict[str, str]]:
    said = note.strip()[:300]
    return [{"code": found.code, "sentence": found.sentence, "note": said} for found in warned]


def _change(program: Program, to: str, *, by: User | None, warnings: Iterable[Any] = ()) -> None:
    StageChange.objects.create(
        program=program, from_stage=program.stage, to_stage=to, by=by, warnings=list(warnings)
    )
    program.stage = to
    program.save(update_fields=["stage", "paused_stage", "started_at"])


def _begin_recruiting(program: Program) -> None:
    now = clock.now()
    setup.publish_text(program, at=now)
    program.started_at = now
    program.save(update_fields=["started_at"])
    steps.remember(program, "start", "done")
    invite(program, at=now)
    intake_messages.announce_times(program, at=now)


def to_invite(program: Program) -> Any:
    """Who is in the list and was not invited: everybody at the start, newcomers later."""
    return program.memberships.live().filter(invited_at=None, accepted_at=None)


@transaction.atomic
def invite(program: Program, *, at: dt.datetime) -> int:
    """Invite everybody who was not invited yet, and return how many that were.

    The caller has checked that the program has started and that the person may.
    """
    places = list(to_invite(program).select_for_update(of=("self",)).select_related("user").order_by("pk"))
    Membership.objects.filter(pk__in=[place.pk for place in places]).update(invited_at=at)
    for place in places:
        outbox.enqueue(INVITATION, about_id=place.pk, to=place.user, key=f"invitation:{place.pk}", at=at)
    return len(places)


@transaction.atomic
def pause(program: Program, *, by: User) -> Program:
    """Stop the program for now; messages that fall due meanwhile are not sent. Raises StageMoved."""
    locked = lock_program(program.pk)
    if locked.stage in (Stage.DRAFT, Stage.PAUSED, *OVER):
        raise StageMoved
    locked.paused_stage = locked.stage
    _change(locked, Stage.PAUSED, by=by)
    return locked


@transaction.atomic
def resume(program: Program, *, by: User) -> Program:
    """Go on where the pause began. Raises StageMoved when the program is not paused."""
    locked = lock_program(program.pk)
    if locked.stage != Stage.PAUSED:
        raise StageMoved
    to, locked.paused_stage = locked.paused_stage, ""
    _change(locked, to, by=by)
    return locked


@transaction.atomic
def cancel(program: Program, *, by: User, also: Iterable[User] = ()) -> Program:
    """End the program for good: what was going to be sent is taken back, whoever knows of it is told once.

    Those are the people who were invited, the guides of a program that has started, and ``also``, whom the
    room of the sessions adds: the page calls that room, which calls off what is to come as well.
    Raises StageMoved when it is over already.
    """
    now = clock.now()
    locked = lock_program(program.pk)
    if locked.stage in OVER:
        raise StageMoved
    locked.paused_stage = locked.paused_stage or locked.stage
    _change(locked, Stage.CANCELLED, by=by)
    for about_id in messages_about(locked):
        outbox.cancel(about_id=about_id, reason="program cancelled")
    slots = IntakeSlot.objects.filter(program=locked, starts_at__gt=now)
    Occupation.objects.filter(about_id__in=slots.values("pk")).delete()
    for place in told_of_the_end(locked):
        outbox.enqueue(
            CANCELLED, about_id=place.pk, to=place.user, key=f"program-cancelled:{place.pk}", at=now
        )
    for person in {one.pk: one for one in [*guides_told(locked), *also] if one.pk != by.pk}.values():
        key = f"program-cancelled:{locked.pk}:{person.pk}"
        outbox.enqueue(CANCELLED, about_id=locked.pk, to=person, key=key, at=now)
    return locked


def told_of_the_end(program: Program) -> Any:
    """The places whose people are told when the program is cancelled."""
    return program.memberships.live().filter(invited_at__isnull=False).select_related("user")


def guides_told(program: Program) -> Any:
    """The guides who are told when the program is cancelled: nobody while it is planned in silence."""
    if Stage.DRAFT in (program.stage, program.paused_stage):
        return User.objects.none()
    leading = Guide.objects.active().filter(group__program=program)
    return User.objects.filter(pk__in=leading.values("user"))


def messages_about(program: Program) -> list[Any]:
    """The ids that this room's messages of ``program`` are about."""
    return [
        program.pk,
        *program.memberships.order_by().values_list("pk", flat=True),
        *program.groups.order_by().values_list("pk", flat=True),
        *program.intake_slots.order_by().values_list("pk", flat=True),
    ]


def advance_due(*, at: dt.datetime) -> int:
    """Move every program whose time has come from recruiting to intakes; return how many moved.

    One that is blocked stays: the worklist says why. The stages after that depend on sessions.
    """
    release_unanswered(at=at)
    moved = 0
    for program in Program.objects.filter(stage=Stage.RECRUITING).select_related("institution"):
        if stages.next_stage(program) != Stage.INTAKES or not _time_for_intakes(program):
            continue
        try:
            move(program, Stage.INTAKES, by=None)
        except (NotReady, StageMoved):
            continue
        moved += 1
    return moved


def release_unanswered(*, at: dt.datetime) -> int:
    """Open the places nobody accepted by the closing date; return how many.

    Whoever has a time for the intake keeps the place: silence keeps that time, as its message says.
    """
    released = 0
    asking = Program.objects.filter(stage__in=(Stage.RECRUITING, Stage.INTAKES), answers_until__isnull=False)
    for program in asking.select_related("institution"):
        if program.answers_until is None or program.institution.on_day(at) <= program.answers_until:
            continue
        silent = program.memberships.filter(
            state=Membership.State.PLACED, invited_at__isnull=False, accepted_at=None, intake_slot=None
        )
        for place in silent:
            seats.unplace(place)
            released += 1
    return released


def _time_for_intakes(program: Program) -> bool:
    return program.intake_slots.filter(withdrawn_at=None).exists() and stages.answering_is_over(program)
