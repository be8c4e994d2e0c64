"""What a resident writes for themselves: sealed, and read by one named guide where the resident says so."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from intervision import clock
from programs.models.group import Membership
from programs.models.guide import Guide
from vault.models import Sealed, SealedField


class SharedQuerySet(models.QuerySet[Any]):
    def shared_with(self, user: User) -> Self:
        """What ``user`` may read as a guide: named by the resident, guiding today, both in the same group still."""
        return self.filter(
            shared_with__in=user.guided.active(),
            membership__in=Membership.objects.seated(),
            membership__group=F("shared_with__group"),
        )

    def share_no_more(self, **which: Any) -> None:
        """Let nobody read those of ``which`` until their owner names somebody again."""
        self.filter(**which).update(shared_with=None)

    def lapsed(self, on: dt.date | None = None) -> Self:
        """Shared with somebody who does not guide this member today: the owner is asked again."""
        guides_still = Q(shared_with__in=Guide.objects.active(on), membership__group=F("shared_with__group"))
        return self.filter(shared_with__isnull=False).exclude(guides_still)


class OwnText(Sealed):
    """A text of a member. ``shared_with`` is one assignment, so a guide who takes over reads nothing of it."""

    #: Whom the resident named. A new assignment, also of the same person, asks to be named again.
    shared_with = models.ForeignKey(Guide, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = SharedQuerySet.as_manager()

    class Meta:
        abstract = True


class Preparation(OwnText):
    """What a resident would like to say at the intake interview (Jorissen 2024, Factor 2)."""

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="preparation")
    expectations = SealedField()
    not_to_discuss = SealedField()
    first_goal = SealedField()


class LearningGoal(OwnText):
    """What somebody wants to learn, and their own line on how it goes."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="goals")
    #: The order in which they were written; there is no time of writing.
    number = models.PositiveSmallIntegerField(default=1)
    goal = SealedField()
    progress = SealedField()

    class Meta:
        ordering = ("number", "id")
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="programs_learninggoal_number_from_one"),
        ]


class GoalSettled(models.Model):
    """A member saved a goal, or said that they keep it to themselves. Which of the two is not written down."""

    membership = models.OneToOneField(
        Membership, models.CASCADE, primary_key=True, related_name="goal_settled"
    )
    #: The first time, because what counts is whether it was before the first session.
    on = models.DateField(default=clock.today)
