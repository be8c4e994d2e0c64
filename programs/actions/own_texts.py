"""What a resident writes for themselves, and whom they let read it. Each caller has found the row as the owner's."""

import uuid
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max

import vault
from programs.errors import TooManyGoals
from programs.models import GoalSettled, Guide, LearningGoal, Membership, Preparation

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


def _lock(place: Membership) -> None:
    """Two savings of one person wait for each other."""
    Membership.objects.select_for_update(no_key=True).get(pk=place.pk)
