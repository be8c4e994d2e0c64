import datetime as dt
import uuid
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from intervision import clock
from programs.models.group import Group, Membership
from programs.models.place import Room
from programs.models.program import Program


class IntakeSlotQuerySet(models.QuerySet["IntakeSlot"]):
    def free(self, *, at: dt.datetime) -> Self:
        """Slots nobody has that start after ``at`` and are not withdrawn."""
        return self.filter(membership__isnull=True, withdrawn_at__isnull=True, starts_at__gt=at)

    def for_membership(self, membership: Membership) -> Self:
        """Slots of the leads of the member's group, in that program."""
        leads = membership.group.guides.active().filter(role="lead") if membership.group else None
        if leads is None:
            return self.none()
        return self.filter(program=membership.program_id, guide__in=leads.values("user"))

    def offered_by(self, guide: User, program: Program) -> Self:
        """What ``guide`` offers in ``program`` and has not withdrawn."""
        return self.filter(guide=guide, program=program, withdrawn_at__isnull=True)

    def with_theirs(self, user: User) -> Self:
        """Each with ``is_theirs``: whether ``user`` guides the group of who has it today."""
        guided = Group.objects.guided_by(user).filter(pk=OuterRef("membership__group"))
        return self.annotate(is_theirs=Exists(guided))


class IntakeSlot(models.Model):
    """A time a guide offers for an intake interview.

    The intake comes before the first session (Jorissen 2024, Factor 2).
    """

    class Channel(models.TextChoices):
        ROOM = "room", _("in a room")
        PHONE = "phone", _("by phone")
        VIDEO = "video", _("by video")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="intake_slots")
    guide = models.ForeignKey(User, models.CASCADE, related_name="intake_slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    channel = models.CharField(max_length=5, choices=Channel, default=Channel.ROOM)
    room = models.ForeignKey(Room, models.SET_NULL, null=True, blank=True, related_name="+")
    video_link = models.URLField(blank=True)
    #: Who has it. A conditional update on this column decides every race.
    membership = models.OneToOneField(
        Membership, models.SET_NULL, null=True, blank=True, related_name="intake_slot"
    )
    #: Set aside for the member by us; ``kept_at`` says the member chose it or kept it.
    reserved_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    #: What ``with_theirs`` found.
    is_theirs = False

    objects = IntakeSlotQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at",)
        indexes = [models.Index(fields=("program", "guide", "starts_at"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="programs_intakeslot_ends_after_start",
                violation_error_message=_("A slot must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(membership__isnull=True),
                name="programs_intakeslot_withdrawn_is_empty",
            ),
            models.UniqueConstraint(
                fields=("guide", "starts_at"),
                condition=Q(withdrawn_at__isnull=True),
                name="programs_intakeslot_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_free(self) -> bool:
        return self.membership_id is None and self.withdrawn_at is None

    def is_before_closing(self, program: Program) -> bool:
        """Whether this time of ``program`` comes no later than its closing day: an answer is asked before it then."""
        closing = program.answers_until
        return closing is None or program.institution.on_day(self.starts_at) <= closing


class Intake(models.Model):
    """The interview itself, and what came of it: ticks, never text."""

    class State(models.TextChoices):
        OFFERED = "offered", _("time reserved")
        BOOKED = "booked", _("booked")
        HELD = "held", _("took place")
        HELD_LATE = "held_late", _("took place after the first session")
        NO_SHOW = "no_show", _("did not take place")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.OneToOneField(Membership, models.CASCADE, related_name="intake")
    state = models.CharField(max_length=9, choices=State, default=State.OFFERED)
    held_at = models.DateTimeField(null=True, blank=True)
    held_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    by_phone = models.BooleanField(default=False)
    expectations_voiced = models.BooleanField(_("expectations voiced"), default=False)
    boundaries_agreed = models.BooleanField(_("boundaries agreed"), default=False)
    goal_formulated = models.BooleanField(_("goal formulated"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=("held", "held_late")) | Q(held_at__isnull=False),
                name="programs_intake_held_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()

    @property
    def took_place(self) -> bool:
        return self.state in (self.State.HELD, self.State.HELD_LATE)


class WaitingPlaceQuerySet(models.QuerySet["WaitingPlace"]):
    def waiting(self, kind: str) -> Self:
        return self.filter(kind=kind, ended_at__isnull=True)


class WaitingPlace(models.Model):
    """A place in a queue: for a seat in a group, or for an intake time when all are gone.

    An offer is real: the seat or slot is held for the person until ``offer_until``.
    """

    class Kind(models.TextChoices):
        GROUP = "group", _("a place in a group")
        INTAKE = "intake", _("a time for the intake")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=6, choices=Kind)
    program = models.ForeignKey(Program, models.CASCADE, related_name="waiting_places")
    #: None: any group of the program will do.
    group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True, related_name="waiting_places")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="waiting_places")
    created_at = models.DateTimeField(default=clock.now)
    offered_at = models.DateTimeField(null=True, blank=True)
    offer_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = WaitingPlaceQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("kind", "membership"),
                condition=Q(ended_at__isnull=True),
                name="programs_waiting_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d}"
