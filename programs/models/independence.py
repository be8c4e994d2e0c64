import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Institution, User
from accounts.models.person import DatedQuerySet
from intervision import clock


class EvaluativeRelation(models.Model):
    """Somebody supervises, assesses, teaches or directs a resident, from a day to a day.

    A fact of the hospital, so never refused. When it meets an assignment, a trigger
    suspends that assignment in the same statement (migration ``independence_guard``).
    """

    class Kind(models.TextChoices):
        SUPERVISES = "supervises", _("supervises")
        ASSESSES = "assesses", _("assesses")
        TEACHES = "teaches", _("teaches on behalf of the training program")
        DIRECTS = "directs", _("directs the training program")

    class Source(models.TextChoices):
        IMPORT = "import", _("people import")
        ENTERED = "entered", _("entered by a coordinator")
        DECLARED = "declared", _("declared by the guide")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="evaluative_relations")
    evaluator = models.ForeignKey(User, models.CASCADE, related_name="evaluates")
    resident = models.ForeignKey(User, models.CASCADE, related_name="evaluated_by")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SUPERVISES)
    source = models.CharField(max_length=8, choices=Source, default=Source.ENTERED)
    from_on = models.DateField(_("from"), default=clock.today)
    until_on = models.DateField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=("evaluator", "resident"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="programs_relation_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(evaluator=F("resident")),
                name="programs_relation_between_two_people",
                violation_error_message=_("Nobody evaluates themselves."),
            ),
            models.UniqueConstraint(
                fields=("institution", "evaluator", "resident", "kind", "from_on"),
                name="programs_relation_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluator} {self.get_kind_display()} {self.resident}"


class DepartmentRule(models.Model):
    """A member of a department's assessing staff: evaluates every resident placed there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    department = models.ForeignKey(Department, models.CASCADE, related_name="rules")
    evaluator = models.ForeignKey(User, models.CASCADE, related_name="department_rules")
    from_on = models.DateField(_("from"), default=clock.today)
    until_on = models.DateField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="programs_departmentrule_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.UniqueConstraint(
                fields=("department", "evaluator", "from_on"), name="programs_departmentrule_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluator} - {self.department}"
