import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.person import User

#: Fourteen half-days, Monday morning first, Sunday afternoon last.
HALF_DAYS = 14


class Availability(models.Model):
    """One week in half-days: when meeting suits somebody.

    ``answers`` holds fourteen letters from Monday morning to Sunday afternoon:
    ``f`` fine, ``r`` rather not, ``n`` never, ``-`` not answered.
    """

    class Answer(models.TextChoices):
        FINE = "f", _("fine")
        RATHER_NOT = "r", _("rather not")
        NEVER = "n", _("never")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, models.CASCADE, related_name="availability")
    answers = models.CharField(
        max_length=HALF_DAYS, default="-" * HALF_DAYS, validators=[RegexValidator(r"^[frn-]{14}$")]
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answers__regex=r"^[frn-]{14}$"), name="accounts_availability_fourteen_answers"
            ),
        ]

    def __str__(self) -> str:
        return self.answers

    def marked(self, answer: str) -> int:
        """The half-days with ``answer`` as a bitmask; bit 0 is Monday morning."""
        return sum(1 << place for place, given in enumerate(self.answers) if given == answer)


class BusyTime(models.Model):
    """When somebody cannot come: from, to and kind, never why."""

    class Kind(models.TextChoices):
        DUTY = "duty", _("duty")
        POST_NIGHT = "post_night", _("after a night duty")
        LEAVE = "leave", _("away")
        DAY_OFF = "day_off", _("day off")

    class Source(models.TextChoices):
        OWN = "own", _("entered by the person")
        IMPORT = "import", _("imported")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="busy_times")
    kind = models.CharField(max_length=10, choices=Kind)
    source = models.CharField(max_length=6, choices=Source, default=Source.OWN)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        ordering = ("from_at",)
        indexes = [models.Index(fields=("user", "from_at"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=F("from_at")),
                name="accounts_busytime_ends_after_start",
                violation_error_message=_("The end must be after the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.from_at:%Y-%m-%d}"
