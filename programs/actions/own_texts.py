"""What a resident writes for themselves, and whom they let read it. Each caller has found the row as the owner's."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max

import vault
from catalogue import retention
from programs.errors import TooManyGoals
from programs.models import GoalSettled, Guide, LearningGoal, Membership, Preparation, Program, StageChange

MOST_GOALS = 5


@transaction.atomic
def save_preparation(place: Membership, texts: Mapping[str, str], *, share: Guide | None) -> Preparation:
    """Seal the preparation of ``place``, and let ``share`` read it, or nobody. Raises vault.CannotOpen."""
    _lock(place)
    text = Preparation.objects.filter(membership=place).first() or Preparation(membership=place)
    vault.write(place.user, text, texts)
    share_with(text, share)
    if texts.get("first_goal"):
        settle(place)
    return text


@transaction.atomic
def save_goal(
    place: Membership, pk: uuid.UUID, texts: Mapping[str, str], *, share: Guide | None
) -> LearningGoal:
    """Seal the goal ``pk`` of ``place``, a new one if there is none: sending a form twice makes one goal.

    Raises TooManyGoals or vault.CannotOpen, having changed nothing.
    """
    _lock(place)
    goal: LearningGoal | None = place.goals.filter(pk=pk).first()
    if goal is None:
        if place.goals.count() >= MOST_GOALS:
            raise TooManyGoals
        if LearningGoal.objects.filter(pk=pk).exists():
            pk = uuid.uuid4()  # of another place: whoever asks for that gets one of their own
        last = place.goals.aggregate(last=Max("number"))["last"] or 0
        goal = LearningGoal(pk=pk, membership=place, number=last + 1)
    vault.write(place.user, goal, texts)
    share_with(goal, share)
    settle(place)
    return goal


def share_with(text: Preparation | LearningGoal, guide: Guide | None) -> None:
    """Let ``guide`` read ``text``, and nobody else; with None nobody but the owner."""
    text.shared_with = guide
    text.save(update_fields=["shared_with"])


def settle(place: Membership) -> None:
    """Note that this member has a goal or keeps it to themselves; which of the two is not written down."""
    GoalSettled.objects.get_or_create(membership=place)


def purge(*, at: dt.datetime) -> int:
    """Delete texts of programs that ended longer ago than people were told; returns how many."""
    period = retention.of("goal").period
    assert period is not None  # noqa: S101  the table says so
    gone = 0
    for model in (Preparation, LearningGoal):
        gone += model.objects.filter(membership__program__in=ended_before(period.before(at))).delete()[0]
    return gone


def ended_before(moment: dt.datetime) -> list[uuid.UUID]:
    """Programs that are over and whose last change of stage was before ``moment``."""
    over = Program.objects.filter(stage__in=(Program.Stage.COMPLETED, Program.Stage.CANCELLED))
    changes = StageChange.objects.filter(program__in=over).order_by().values("program")
    last = changes.annotate(last=Max("created_at"))
    return [row["program"] for row in last if row["last"] < moment]


def _lock(place: Membership) -> None:
    """Two savings of one person wait for each other."""
    Membership.objects.select_for_update(no_key=True).get(pk=place.pk)
