"""What a coordinator says about a program, and scores as they were.

Answers nobody else can give, and why a condition is not met; how each program and group stood night by night.
"""

import datetime as dt
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, User
from intervision import clock
from programs.models import Program, StageChange

#: Ours: after a year the question is put again, half a year later the answer no longer counts.
ASKED_AGAIN_AFTER = dt.timedelta(days=365)
COUNTS_FOR = dt.timedelta(days=548)


class Declaration(models.Model):
    """The coordinator's answer to an item of the catalogue that only they can answer."""

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        PARTLY = "partly", _("partly")
        NO = "no", _("no")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="declarations")
    #: Key of the catalogue's item.
    item = models.CharField(max_length=60)
    answer = models.CharField(_("answer"), max_length=6, choices=Answer)
    note = models.CharField(_("what is missing"), max_length=300, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("program", "item"), name="checklist_declaration_once"),
            models.CheckConstraint(
                condition=~Q(answer="partly", note=""),
                name="checklist_declaration_partly_has_note",
                violation_error_message=_("Say in one line what is missing."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.answer}"

    def is_asked_again(self, at: dt.datetime) -> bool:
        return at - self.answered_at > ASKED_AGAIN_AFTER

    def counts(self, at: dt.datetime) -> bool:
        return at - self.answered_at <= COUNTS_FOR


class Justification(models.Model):
    """Why a condition is not met: one line, kept and open to change.

    Given at the check or the start it says why the program starts all the same; the condition stays among what to
    do. ``chosen`` says that it was decided not to do it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="justifications")
    item = models.CharField(max_length=60)
    text = models.CharField(_("why"), max_length=300)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)
    chosen = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("program", "item"), name="checklist_justification_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.text}"


class TicksTold(models.Model):
    """What was told of a program's intake interviews, pooled over its groups: counts, and nobody's own. Never changed.

    What a guide notes or corrects afterwards is in no row until enough people more are. The row of most people counts.
    """

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, models.PROTECT, related_name="ticks_told")
    told_at = models.DateTimeField(default=clock.now)
    #: Members who had their first session; with how many both were discussed before it, and who had a goal.
    people = models.PositiveSmallIntegerField()
    framed = models.PositiveSmallIntegerField()
    goals = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("program", "people"), name="checklist_ticks_told_once"),
            models.CheckConstraint(
                condition=Q(framed__lte=F("people"), goals__lte=F("people")),
                name="checklist_ticks_of_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program_id}: {self.people}"


class SnapshotRun(models.Model):
    """One night's scoring of every program: how far it is, and what came of it. Goes on where a killed one stopped."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    #: The day in UTC; each night is scored once.
    night = models.DateField(unique=True)
    began_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField()
    #: Programs scored; those that could not be are among them.
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    #: Snapshots kept, because something was otherwise than before.
    written = models.PositiveIntegerField(default=0)
    #: The last program that is done, in the order of their ids.
    last = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ("-night",)

    def __str__(self) -> str:
        return f"{self.night}: {self.done} of {self.total}"


class Snapshot(models.Model):
    """A score as it was, whole and unrounded, kept when it differs from the one before. Never changed.

    Only from what its audience had been shown by then: ``coordinator`` holds what is pooled, of one group nothing
    that was answered; ``group`` what the group itself and its guide see.
    """

    append_only = True

    class Audience(models.TextChoices):
        COORDINATOR = "coordinator"
        GROUP = "group"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, models.PROTECT, related_name="snapshots")
    #: Empty for the program as a whole. A group that is gone leaves its snapshots.
    group = models.UUIDField(null=True)
    audience = models.CharField(max_length=11, choices=Audience)
    taken_at = models.DateTimeField()
    #: Why it was taken: a night, or a program that moved to another stage.
    run = models.ForeignKey(SnapshotRun, models.PROTECT, null=True, related_name="snapshots")
    move = models.ForeignKey(StageChange, models.PROTECT, null=True, related_name="snapshots")
    catalogue_version = models.CharField(max_length=40)
    #: How many results of questions its audience had been shown: it grows with each frozen window.
    windows = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(run__isnull=True) ^ Q(move__isnull=True), name="checklist_snapshot_has_one_cause"
            ),
            models.CheckConstraint(
                condition=Q(audience="coordinator") | Q(group__isnull=False),
                name="checklist_snapshot_of_a_group_for_the_group",
            ),
            models.UniqueConstraint(
                fields=("program", "group", "audience", "run", "move"),
                nulls_distinct=False,
                name="checklist_snapshot_once",
            ),
        ]
        indexes = [models.Index(fields=("program", "group", "audience", "taken_at"))]

    def __str__(self) -> str:
        return f"{self.program_id} {self.taken_at}"


class HousePicture(models.Model):
    """What the director of an institution is told in one half-year: rings and counts. Never changed.

    Made once, when the half-year begins (``checklist.picture``), so that nothing which happens in it can be seen by
    looking before and after.
    """

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="pictures")
    #: The first day of the half-year: 1 January or 1 July.
    from_on = models.DateField()
    taken_at = models.DateTimeField()
    catalogue_version = models.CharField(max_length=40)
    #: By figure: its value, and the day as of which it is; a figure of too few is not in it.
    content = models.JSONField()
    #: By figure what each group added to it; shown to nobody. The next pictures are held against it.
    adds = models.JSONField()

    class Meta:
        ordering = ("from_on",)
        constraints = [
            models.UniqueConstraint(
                fields=("institution", "from_on"), name="checklist_house_picture_once_a_half_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.from_on}"
