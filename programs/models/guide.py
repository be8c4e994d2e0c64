import datetime as dt
import uuid
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment, Institution, User
from intervision import clock
from programs.models.group import Group
from programs.models.program import AssignmentQuerySet


class GuideQuerySet(AssignmentQuerySet):
    def active(self, on: dt.date | None = None) -> Self:
        """Those that give rights: current, not suspended, and the person is still appointed in the house."""
        house = OuterRef("group__program__institution")
        held = Appointment.objects.current(on).filter(user=OuterRef("user"), institution=house)
        return super().active(on).filter(Exists(held.filter(role=Appointment.Role.INTERVISOR)))

    def led_groups(self) -> models.QuerySet[Any, Any]:
        """The ids of groups that somebody leads today: nobody joins another one by themselves."""
        return self.active().filter(role=Guide.Role.LEAD).values("group")


class Guide(models.Model):
    """Somebody leads or co-leads a group from a day to a day."""

    class Role(models.TextChoices):
        LEAD = "lead", _("leads")
        CO = "co", _("leads along")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="guides")
    user = models.ForeignKey(User, models.CASCADE, related_name="guided")
    role = models.CharField(_("role"), max_length=4, choices=Role, default=Role.LEAD)
    from_on = models.DateField(_("from"), default=clock.today)
    until_on = models.DateField(_("until"), null=True, blank=True)
    #: Written by the database when an evaluative relation meets this assignment.
    suspended_from = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = GuideQuerySet.as_manager()

    class Meta:
        # "lead" sorts after "co"; the lead is named first.
        ordering = ("-role", "created_at")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="programs_guide_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.UniqueConstraint(
                fields=("group", "user"),
                condition=Q(until_on__isnull=True),
                name="programs_guide_once",
                violation_error_message=_("This person guides the group already."),
            ),
            models.UniqueConstraint(
                fields=("group",),
                condition=Q(until_on__isnull=True, role="lead"),
                name="programs_guide_one_lead",
                violation_error_message=_("This group has a lead already."),
            ),
        ]
        # The worklist asks for the few that are suspended, of every group of its reader.
        indexes = [
            models.Index(
                fields=("group",),
                name="programs_guide_suspended",
                condition=Q(suspended_from__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} - {self.group}"


class FacilitatorProfile(models.Model):
    """What a guide brings: kind, background, how many groups they can take."""

    class Kind(models.TextChoices):
        COACH = "coach", _("independent coach")
        PHYSICIAN = "physician", _("independent physician")
        ALUMNUS = "alumnus", _("alumnus of the training program")
        PSYCHOLOGIST = "psychologist", _("psychologist or other mental-health professional")
        OTHER = "other", _("other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="facilitator_profiles")
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="facilitator_profiles")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    #: Works in the hospital; an outsider is briefed before the first session.
    insider = models.BooleanField(_("knows this workplace from within"), default=False)
    cbt_experience = models.BooleanField(_("experience with cognitive-behavioural work"), default=False)
    capacity = models.PositiveSmallIntegerField(
        _("groups at most"), default=2, validators=[MinValueValidator(0), MaxValueValidator(20)]
    )

    class Meta:
        ordering = ("user__name",)
        constraints = [
            models.UniqueConstraint(fields=("user", "institution"), name="programs_profile_once"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class TrainingRecord(models.Model):
    """A training a guide followed; hours are whole or half hours, from 0.25 upward."""

    class Topic(models.TextChoices):
        FACILITATION = "facilitation", _("guiding groups")
        COUNSELLING = "counselling", _("counselling")
        STEERING = "steering_away_from_negativity", _("steering away from hopelessness")
        CBT = "cbt", _("cognitive-behavioural work")
        MANUAL = "manual", _("the workshop's manual")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="training_records")
    topic = models.CharField(_("topic"), max_length=30, choices=Topic)
    hours = models.DecimalField(
        _("hours"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0.25), MaxValueValidator(500)],
    )
    on = models.DateField(_("date"))
    trainer = models.CharField(_("given by"), max_length=120, blank=True)

    class Meta:
        ordering = ("-on",)
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0), name="programs_trainingrecord_some_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.hours} h"


class IndependenceDeclaration(models.Model):
    """A guide says whom of a group they evaluate; saying nobody makes the rest known as independent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guide = models.ForeignKey(Guide, models.CASCADE, related_name="declarations")
    declared_at = models.DateTimeField(default=clock.now)
    #: The members it was about; somebody who joins later is "not yet known" until asked again.
    members = models.ManyToManyField(User, related_name="+")

    class Meta:
        ordering = ("-declared_at",)

    def __str__(self) -> str:
        return f"{self.guide} {self.declared_at:%Y-%m-%d}"
