import datetime as dt
import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Institution, User
from surveys import questions
from surveys.questions import Question


class Who(models.TextChoices):
    """The strata of the catalogue's climate questions."""

    RESIDENTS = "residents", _("Residents")
    INTERVISORS = "intervisors", _("Intervisors")
    STAFF = "staff", _("Staff")


class RoundQuerySet(models.QuerySet["ClimateRound"]):
    def visible_to(self, user: User) -> Self:
        """Of houses where ``user`` holds any role today."""
        return self.filter(institution__in=Institution.objects.visible_to(user))


class ClimateRound(models.Model):
    """The climate of a house, asked of some of its departments between two moments. One at a time."""

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="climate_rounds")
    opened_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ("-opens_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("institution",), condition=Q(state="open"), name="surveys_climate_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="surveys_climate_closes_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.opens_at:%Y-%m-%d}"

    def is_open(self, at: dt.datetime) -> bool:
        return self.state == self.State.OPEN and self.opens_at <= at < self.closes_at


class ClimateResult(models.Model):
    """What was released of one stratum: words, frozen. Without ``department``, of those too small alone."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="climate_results")
    round = models.ForeignKey(ClimateRound, models.PROTECT, related_name="results")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    who = models.CharField(max_length=11, choices=Who)
    #: By question: good, mixed or attention.
    words = models.JSONField()
    people_at_least = models.PositiveSmallIntegerField()
    released_at = models.DateTimeField()

    class Meta:
        ordering = ("department__name", "who")

    def __str__(self) -> str:
        return f"{self.who} {self.pk}"


class Stratum(models.Model):
    """One group of people of a round with its tally: how often each answer was given, under a key of its own.

    The tally goes when the round closes. Intervisors belong to the house and have no department.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(ClimateRound, models.CASCADE, related_name="strata")
    department = models.ForeignKey(Department, models.CASCADE, null=True, related_name="+")
    who = models.CharField(max_length=11, choices=Who)
    questions = models.JSONField()
    #: How many were asked. How many answered is sealed.
    invited = models.PositiveSmallIntegerField()
    key = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        ordering = ("department__name", "who")
        constraints = [
            models.UniqueConstraint(
                fields=("round", "department", "who"), nulls_distinct=False, name="surveys_stratum_once"
            ),
            models.CheckConstraint(
                condition=Q(sealed__isnull=True, key__isnull=True)
                | Q(sealed__isnull=False, key__isnull=False),
                name="surveys_stratum_key_goes_with_its_tally",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who} {self.pk}"

    @property
    def asked(self) -> tuple[Question, ...]:
        return questions.read(self.questions)


class ClimateInvitation(models.Model):
    """Lets one address answer once, without an account. When the round closes the address is gone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stratum = models.ForeignKey(Stratum, models.CASCADE, related_name="invitations")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    email = models.EmailField(max_length=254, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("stratum", "email"), condition=~Q(email=""), name="surveys_climate_invited_once"
            ),
        ]

    def __str__(self) -> str:
        return "invitation"


class ClimateReceipt(models.Model):
    """That an invitation was used. No time, no number, no order, like every receipt."""

    pk = models.CompositePrimaryKey("stratum_id", "invitation_id")
    stratum = models.ForeignKey(Stratum, models.CASCADE, related_name="receipts")
    invitation = models.ForeignKey(ClimateInvitation, models.CASCADE, related_name="+", db_index=False)

    def __str__(self) -> str:
        return "receipt"
