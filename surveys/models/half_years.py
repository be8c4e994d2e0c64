import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Institution
from programs.models import Program
from surveys import questions
from surveys.models.windows import Kind
from surveys.questions import Question


class HalfYearResult(models.Model):
    """What the director was shown of one half-year: words over all programs of a format. Frozen like every result.

    From three groups and ten people on, never fewer. Which groups, programs and people stands nowhere. For pages:
    ``institution.survey_results.all()``, oldest first, for whom ``surveys.rules.can_read_house`` lets; for a score
    ``checklist.answered.of_house`` makes of them what a pool's results are.
    """

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="survey_results")
    format = models.CharField(max_length=30, choices=Program.Format)
    kind = models.CharField(max_length=6, choices=Kind)
    #: The first day: 1 January or 1 July.
    from_on = models.DateField()
    #: By question: good, mixed or attention.
    words = models.JSONField()
    people_at_least = models.PositiveSmallIntegerField()
    released_at = models.DateTimeField()

    class Meta:
        ordering = ("from_on", "format", "kind")

    def __str__(self) -> str:
        return f"{self.kind} {self.from_on}"

    @property
    def slot(self) -> int:
        """Half-years in their order, as pairs of sessions are in theirs."""
        return 2 * self.from_on.year + (self.from_on.month > 6)


class HalfYear(models.Model):
    """What the director will see of one half-year: programs' counts of one kind, sealed until it is over.

    In two parts, of answers that somebody was shown and of those that nobody was. A program counts once.
    """

    class State(models.TextChoices):
        OPEN = "open"
        RELEASED = "released"
        DESTROYED = "destroyed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="survey_half_years")
    format = models.CharField(max_length=30, choices=Program.Format)
    kind = models.CharField(max_length=6, choices=Kind)
    from_on = models.DateField()
    questions = models.JSONField()
    programs = ArrayField(models.UUIDField(), default=list)
    #: Groups that were shown something, and all that were asked.
    groups = ArrayField(models.UUIDField(), default=list)
    asked_groups = ArrayField(models.UUIDField(), default=list)
    #: Guides of the groups that were shown something.
    guides = ArrayField(models.UUIDField(), default=list)
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    key = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)
    result = models.OneToOneField(HalfYearResult, models.PROTECT, null=True, related_name="half_year")

    class Meta:
        ordering = ("-from_on", "format", "kind")
        constraints = [
            models.UniqueConstraint(
                fields=("institution", "format", "kind", "from_on"), name="surveys_half_year_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open") ^ Q(sealed__isnull=True, key__isnull=True),
                name="surveys_half_year_sealed_while_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.from_on}"

    @property
    def asked(self) -> tuple[Question, ...]:
        return questions.read(self.questions)
