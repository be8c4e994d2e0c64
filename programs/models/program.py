import datetime as dt
import secrets
import uuid
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment, Institution, User
from accounts.models.person import DatedQuerySet
from intervision import clock


def new_join_key() -> str:
    """What the join link and the QR code carry: 128 bits, so it cannot be guessed."""
    return secrets.token_urlsafe(16)


class ProgramQuerySet(models.QuerySet["Program"]):
    def coordinated_by(self, user: User, on: dt.date | None = None) -> Self:
        """Programs ``user`` coordinates on the day ``on``, today unless told: assigned, not suspended, appointed."""
        houses = user.appointments.current(on).filter(role=Appointment.Role.COORDINATOR)
        mine = user.program_coordinations.active(on)
        return self.filter(pk__in=mine.values("program"), institution__in=houses.values("institution"))

    def guided_by(self, user: User) -> Self:
        """Programs in which ``user`` leads or co-leads a group today and is not suspended."""
        return self.filter(pk__in=user.guided.active().values("group__program"))

    def taken_part_in_by(self, user: User) -> Self:
        """Programs in which ``user`` has, or is offered, a place."""
        return self.filter(pk__in=user.memberships.live().values("program"))

    def visible_to(self, user: User) -> Self:
        """Programs ``user`` coordinates, guides in, or takes part in. Subqueries, so Count() stays right."""
        return self.filter(
            Q(pk__in=self.model.objects.coordinated_by(user).values("pk"))
            | Q(pk__in=self.model.objects.guided_by(user).values("pk"))
            | Q(pk__in=self.model.objects.taken_part_in_by(user).values("pk"))
        )


class Program(models.Model):
    """Groups of one format, planned together in one institution.

    Sizes, cadence and length are the papers' preferences: defaults that explain
    themselves and warn, never constraints. Only truths are constraints here.
    """

    class Format(models.TextChoices):
        """Ids of the catalogue's formats; words and defaults come from there."""

        INTERVISION = "intervision", _("Group intervision")
        PEER_SUPPORT = "peer_support", _("Peer support group")
        WORKSHOP = "error_coping_workshop", _("Preparing to cope with error")

    class Stage(models.TextChoices):
        DRAFT = "draft", _("draft")
        RECRUITING = "recruiting", _("recruiting")
        INTAKES = "intakes", _("intakes")
        RUNNING = "running", _("running")
        CALLS = "calls", _("calls")
        COMPLETED = "completed", _("completed")
        PAUSED = "paused", _("paused")
        CANCELLED = "cancelled", _("cancelled")

    class Joining(models.TextChoices):
        PLACED = "placed", _("the coordinator places people")
        OPEN = "open", _("people join a group themselves")
        BOTH = "both", _("both")

    class Participation(models.TextChoices):
        VOLUNTARY = "voluntary", _("voluntary")
        MANDATORY = "mandatory", _("mandatory")

    class CoachingMode(models.TextChoices):
        OPTIONAL = "optional", _("offered to all, may be declined without a reason")
        INCLUDED = "included", _("part of the workshop")
        NOT_OFFERED = "not_offered", _("not offered")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="programs")
    format = models.CharField(_("format"), max_length=30, choices=Format)
    title = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("in a few words"), max_length=1000, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.DRAFT)
    #: The stage to go back to when a pause ends, or where the program was when it was cancelled.
    paused_stage = models.CharField(max_length=10, choices=Stage, blank=True)

    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    #: Last day to answer an invitation; a place not accepted by then is open again.
    answers_until = models.DateField(_("answer by"), null=True, blank=True)
    target_size = models.PositiveSmallIntegerField(
        _("people in a group"), validators=[MinValueValidator(2), MaxValueValidator(30)]
    )
    interval_weeks = models.PositiveSmallIntegerField(
        _("weeks between sessions"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    session_minutes = models.PositiveSmallIntegerField(
        _("minutes in a session"), validators=[MinValueValidator(15), MaxValueValidator(720)]
    )
    sessions_total = models.PositiveSmallIntegerField(
        _("number of sessions"), validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    intake_minutes = models.PositiveSmallIntegerField(
        _("minutes in an intake"), default=45, validators=[MinValueValidator(10), MaxValueValidator(180)]
    )
    participation = models.CharField(
        _("participation"), max_length=10, choices=Participation, default=Participation.VOLUNTARY
    )
    #: A workshop cannot be mandatory without a written reason, shown to participants.
    mandatory_reason = models.CharField(_("why it is mandatory"), max_length=300, blank=True)
    joining = models.CharField(_("how people come in"), max_length=6, choices=Joining, default=Joining.PLACED)
    join_key = models.CharField(max_length=32, unique=True, default=new_join_key, editable=False)
    degree_required = models.BooleanField(_("the guide must be a physician"), default=False)
    coaching_alongside = models.BooleanField(
        _("members are offered coaching by someone outside the group"), null=True, blank=True
    )
    coaching_mode = models.CharField(_("coaching call"), max_length=11, choices=CoachingMode, blank=True)
    requires_prior_error = models.BooleanField(
        _("only for people who were involved in an error before"), null=True, blank=True
    )
    refreshments = models.BooleanField(_("refreshments at every session"), default=False)

    #: How far planning is: step id -> "done" or "look" (done, with something to look at).
    #: Each room writes its own step when it saves, because none of them sees all the others.
    steps = models.JSONField(default=dict, blank=True)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    #: Grows with every change of the frame, so that the second of two editors sees both versions.
    version = models.PositiveIntegerField(default=1)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="programs_program_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(format="error_coping_workshop", participation="mandatory", mandatory_reason=""),
                name="programs_program_mandatory_workshop_has_reason",
                violation_error_message=_("Say why the workshop is mandatory; participants will read it."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open_to_join(self) -> bool:
        return self.joining != self.Joining.PLACED and self.stage in (
            self.Stage.RECRUITING,
            self.Stage.INTAKES,
        )

    @property
    def is_planning(self) -> bool:
        return self.stage in (self.Stage.DRAFT, self.Stage.RECRUITING)

    @property
    def is_over(self) -> bool:
        return self.stage in (self.Stage.COMPLETED, self.Stage.CANCELLED)

    @property
    def has_intakes(self) -> bool:
        return self.format == self.Format.INTERVISION


class AssignmentQuerySet(DatedQuerySet):
    def active(self, on: dt.date | None = None) -> Self:
        """Those that give rights on the day ``on`` (today unless told): current and not suspended."""
        day = on or clock.today()
        return self.current(day).filter(Q(suspended_from__isnull=True) | Q(suspended_from__gt=day))


class ProgramCoordinator(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="coordinators")
    user = models.ForeignKey(User, models.CASCADE, related_name="program_coordinations")
    from_on = models.DateField(default=clock.today)
    until_on = models.DateField(null=True, blank=True)
    #: Written by the database when an evaluative relation meets this assignment.
    suspended_from = models.DateField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("program", "user", "from_on"), name="programs_coordinator_once"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="programs_coordinator_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} - {self.program}"


class ProgramText(models.Model):
    """A version of what the program is for and what it cannot do; published ones never change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="texts")
    version = models.PositiveIntegerField(default=1)
    purpose_en = models.TextField(_("purpose, in English"), max_length=4000, blank=True)
    purpose_nl = models.TextField(_("purpose, in Dutch"), max_length=4000, blank=True)
    limits_en = models.TextField(_("limits, in English"), max_length=4000, blank=True)
    limits_nl = models.TextField(_("limits, in Dutch"), max_length=4000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-version",)
        constraints = [
            models.UniqueConstraint(fields=("program", "version"), name="programs_text_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.program} {self.version}"

    @property
    def purpose(self) -> str:
        return self.purpose_nl if get_language() == "nl" else self.purpose_en

    @property
    def limits(self) -> str:
        return self.limits_nl if get_language() == "nl" else self.limits_en


class StageChange(models.Model):
    """Who moved a program to another stage, when, and which warnings they saw."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="stage_changes")
    from_stage = models.CharField(max_length=10, choices=Program.Stage)
    to_stage = models.CharField(max_length=10, choices=Program.Stage)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    warnings = models.JSONField(default=list)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("created_at",)

    def __str__(self) -> str:
        return f"{self.from_stage} -> {self.to_stage}"
