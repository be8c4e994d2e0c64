import datetime as dt
import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import Institution, User
from programs.models import Group, Membership, Program
from surveys import questions
from surveys.questions import Question


class Kind(models.TextChoices):
    """When it is asked; the words are the catalogue's. What a program may bring is asked at sign-up and at the end."""

    ENROL = "enrol"
    HOPED = "hoped"
    FIRST = "first"
    PULSE = "pulse"
    MIDWAY = "midway"
    END = "end"
    GAINED = "gained"
    CALL = "call"


class Result(models.Model):
    """What was released once, to one audience. Words only; frozen: the application can neither change nor remove it."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, models.PROTECT, related_name="survey_results")
    #: Set for the group and its guides; empty for the coordinator's, pooled over the groups.
    group = models.ForeignKey(Group, models.PROTECT, null=True, related_name="survey_results")
    kind = models.CharField(max_length=6, choices=Kind)
    #: Which pair of sessions; 0 where there is one moment only.
    slot = models.PositiveSmallIntegerField(default=0)
    #: By question: good, mixed or attention.
    words = models.JSONField()
    #: A floor, never the number itself: the institution's threshold, or 10.
    people_at_least = models.PositiveSmallIntegerField()
    released_at = models.DateTimeField()

    class Meta:
        ordering = ("-released_at",)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Pool(models.Model):
    """What the coordinator will see of one moment of a program: its groups' counts, sealed until all are closed.

    Kept in two parts: of answers that a group was shown, and of those it was not.
    """

    class State(models.TextChoices):
        OPEN = "open"
        RELEASED = "released"
        DESTROYED = "destroyed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="survey_pools")
    kind = models.CharField(max_length=6, choices=Kind)
    #: Which pair of sessions; 0 where there is one moment only.
    slot = models.PositiveSmallIntegerField(default=0)
    questions = models.JSONField()
    #: Guides of the groups that were shown something: questions about guides need three.
    guides = ArrayField(models.UUIDField(), default=list)
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    key = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)
    result = models.OneToOneField(Result, models.PROTECT, null=True, related_name="pool")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("program", "kind", "slot"), name="surveys_pool_once"),
            models.CheckConstraint(
                condition=Q(state="open") ^ Q(sealed__isnull=True, key__isnull=True),
                name="surveys_pool_sealed_while_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slot}"

    @property
    def asked(self) -> tuple[Question, ...]:
        return questions.read(self.questions)

    @property
    def sessions(self) -> tuple[int, int]:
        """The numbers of the two sessions of this pair."""
        return 2 * self.slot - 1, 2 * self.slot


class WindowQuerySet(models.QuerySet["Window"]):
    def visible_to(self, user: User) -> Self:
        """Of groups ``user`` is in or guides."""
        mine = Q(group__in=Group.objects.joined_by(user)) | Q(group__in=Group.objects.guided_by(user))
        return self.filter(mine)

    def open_at(self, at: dt.datetime) -> Self:
        return self.filter(state=Window.State.OPEN, opens_at__lte=at, closes_at__gt=at)

    def to_answer(self, user: User, at: dt.datetime) -> Self:
        """Open for ``user`` and not yet answered by them; for nobody else's eyes."""
        seats = Membership.objects.taking_part().filter(user=user, group=OuterRef("group"))
        mine = Receipt.objects.filter(window=OuterRef("pk"), user=user)
        return self.open_at(at).filter(Exists(seats), ~Exists(mine)).order_by("closes_at", "pk")


class Window(models.Model):
    """One moment at which one group is asked the same questions. Its answers are in its tally, and nowhere else."""

    class State(models.TextChoices):
        OPEN = "open"
        WAITING = "waiting"
        RELEASED = "released"
        DESTROYED = "destroyed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="survey_windows")
    kind = models.CharField(max_length=6, choices=Kind)
    #: What it is about: a session, or the group itself.
    about_id = models.UUIDField()
    #: The number of that session; 0 where it is about none.
    number = models.PositiveSmallIntegerField(default=0)
    #: Two windows of a group with the same kind and pair are shown together if neither has enough alone.
    pair = models.PositiveSmallIntegerField(null=True, blank=True)
    #: Until then it waits for its partner.
    waits_until = models.DateTimeField(null=True, blank=True)
    questions = models.JSONField()
    guides = ArrayField(models.UUIDField(), default=list)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    pool = models.ForeignKey(Pool, models.SET_NULL, null=True, related_name="windows")
    result = models.ForeignKey(Result, models.PROTECT, null=True, related_name="windows")

    objects = WindowQuerySet.as_manager()

    class Meta:
        ordering = ("-opens_at", "kind")
        constraints = [
            models.UniqueConstraint(fields=("kind", "about_id"), name="surveys_window_once"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="surveys_window_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(state="released") ^ Q(result__isnull=True),
                name="surveys_window_released_has_result",
            ),
        ]
        indexes = [models.Index(fields=("state", "closes_at"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def asked(self) -> tuple[Question, ...]:
        return questions.read(self.questions)

    @property
    def institution(self) -> Institution:
        return self.group.program.institution

    def is_open(self, at: dt.datetime) -> bool:
        return self.state == self.State.OPEN and self.opens_at <= at < self.closes_at


class Tally(models.Model):
    """How often each answer was given in a window, under the window's own key. Gone when the window is closed."""

    window = models.OneToOneField(Window, models.CASCADE, primary_key=True, related_name="tally")
    key = models.BinaryField()
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return "sealed"


class Receipt(models.Model):
    """That somebody has answered a window. No time, no number, no order: nothing that could meet a tally."""

    pk = models.CompositePrimaryKey("window_id", "user_id")
    window = models.ForeignKey(Window, models.CASCADE, related_name="receipts")
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)

    def __str__(self) -> str:
        return "receipt"
