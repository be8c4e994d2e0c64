import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from intervision import clock, history
from programs.models import Group, Membership, Program, Room
from vault.models import Sealed, SealedField

#: How long after its end a session can be logged and its log changed.
LOG_OPEN = dt.timedelta(days=14)
#: After this the coordinator is asked whether it took place.
LATE = dt.timedelta(days=2)


class GroupSessionQuerySet(models.QuerySet["GroupSession"]):
    def with_standing(self, user: User, on: dt.date | None = None) -> Self:
        """Each with ``standing``: what ``user`` is to its group on the day ``on``, today unless told."""
        return self.annotate(standing=Group.standing_of(user, "group", on))

    def with_marks(self) -> Self:
        """Each with its ``marks`` and ``interrupted``, and the one ``following`` it: for its log."""
        marks = Attendance.objects.filter(session=OuterRef("pk")).values(
            row=JSONObject(membership="membership", state="state", left_early="left_early")
        )
        counts = Interruption.objects.filter(session=OuterRef("pk")).values(
            row=JSONObject(kind="kind", count="count")
        )
        later = GroupSession.objects.filter(group=OuterRef("group")).upcoming(OuterRef("ends_at"))
        following = later.order_by("starts_at").values(
            row=JSONObject(pk="pk", starts_at="starts_at", ends_at="ends_at", room="room__name")
        )
        return self.annotate(
            marks=ArraySubquery(marks), interrupted=ArraySubquery(counts), following=Subquery(following[:1])
        )

    def upcoming(self, at: "dt.datetime | OuterRef") -> Self:
        return self.filter(
            ends_at__gt=at, state__in=(GroupSession.State.PLANNED, GroupSession.State.CONFIRMED)
        )

    def met_by(self, user: User) -> Self:
        """Where ``user`` was counted as a member or stood in, also of a group they have moved from since."""
        return self.filter(Q(substitute=user) | Q(attendances__membership__user=user))

    def took_place(self) -> Self:
        """Held and logged; a session without a log does not count as held (domain notes, 4)."""
        return self.filter(state=GroupSession.State.LOGGED)

    def of_live_programs(self) -> Self:
        """Of programs that people have been told about and that go on."""
        silent = (Program.Stage.DRAFT, Program.Stage.PAUSED, Program.Stage.CANCELLED)
        return self.exclude(group__program__stage__in=silent).filter(group__paused_at__isnull=True)

    def next_for(self, user: User, at: dt.datetime) -> Self:
        """What ``user`` comes to next, as member, guide or substitute; soonest first."""
        mine = Q(group__in=Group.objects.joined_by(user)) | Q(group__in=Group.objects.guided_by(user))
        chosen = self.of_live_programs().upcoming(at).filter(mine | Q(substitute=user))
        return chosen.select_related("group__program", "room").order_by("starts_at")

    def over_without_log(self, at: dt.datetime) -> Self:
        """Ended, not cancelled, not logged, and the log still open."""
        waiting = (GroupSession.State.PLANNED, GroupSession.State.CONFIRMED, GroupSession.State.HELD)
        return self.of_live_programs().filter(ends_at__lte=at, ends_at__gt=at - LOG_OPEN, state__in=waiting)

    def to_log_by(self, user: User, at: dt.datetime) -> Self:
        """Sessions whose log is waiting for ``user``, oldest first."""
        mine = Q(group__in=Group.objects.guided_by(user)) | Q(substitute=user)
        chosen = self.over_without_log(at).filter(mine)
        return chosen.select_related("group__program").order_by("starts_at")

    def late_logs(self, user: User, at: dt.datetime) -> Self:
        """For the coordinator: over for two days, nothing logged, nobody said whether it took place."""
        mine = Group.objects.coordinated_by(user)
        late = self.of_live_programs().filter(
            group__in=mine, ends_at__lte=at - LATE, state__in=GroupSession.OPEN
        )
        return late.select_related("group__program").order_by("starts_at")

    def with_counts(self) -> Self:
        """``came``: how many were there, where a log says so. In order of time: counting drops the model's own."""
        present = Count("attendances", filter=Q(attendances__state=Attendance.State.PRESENT))
        return self.annotate(came=present).order_by("starts_at")


class GroupSession(models.Model):
    """One meeting of one group. ``Session`` means a login in Django, hence the name."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        CONFIRMED = "confirmed", _("confirmed")
        HELD = "held", _("took place")
        LOGGED = "logged", _("logged")
        CANCELLED = "cancelled", _("cancelled")

    class CancelReason(models.TextChoices):
        GUIDE_ILL = "guide_ill", _("the guide cannot come")
        TOO_FEW = "too_few", _("too few can come")
        NO_ROOM = "no_room", _("no room")
        DUTY = "duty", _("too many were needed at work")
        STRIKE = "strike", _("a day that is off for everyone")
        OTHER = "other", _("another reason")

    #: Still to come, or nobody has said yet whether it took place.
    OPEN = (State.PLANNED, State.CONFIRMED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    #: Where it was first planned; a session moved within 14 days keeps its number and counts as held.
    first_planned_at = models.DateTimeField()
    room = models.ForeignKey(Room, models.SET_NULL, null=True, blank=True, related_name="sessions")
    #: What another booking system calls this booking.
    outside_reference = models.CharField(_("reference of the booking"), max_length=80, blank=True)
    video_link = models.URLField(_("video link"), blank=True)
    refreshments = models.BooleanField(_("refreshments"), default=False)
    #: Stands in for the guide this once; sees names and room only.
    substitute = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="substituted_sessions"
    )
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    cancel_reason = models.CharField(max_length=9, choices=CancelReason, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    #: Grows with every change of time, place or cancellation; part of the keys of its messages.
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    #: What ``with_standing`` found, for the group.
    standing: dict[str, Any] | None = None
    #: What ``with_marks`` found: who was there, what broke in, and when and where the group meets next.
    marks: Sequence[dict[str, Any]] = ()
    interrupted: Sequence[dict[str, Any]] = ()
    following: dict[str, Any] | None = None

    objects = GroupSessionQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="sessions_groupsession_ends_after_start",
                violation_error_message=_("A session must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=F("started_at")),
                name="sessions_groupsession_took_time",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
                name="sessions_groupsession_cancelled_has_reason",
            ),
            models.UniqueConstraint(
                fields=("group", "number"),
                name="sessions_groupsession_number_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]
        indexes = [models.Index(fields=("starts_at",))]

    def __str__(self) -> str:
        return f"{self.group} {self.number}"

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED

    @property
    def is_logged(self) -> bool:
        return self.state == self.State.LOGGED

    @property
    def is_open(self) -> bool:
        """Neither cancelled, nor held, nor logged."""
        return self.state in self.OPEN

    def is_over(self, at: dt.datetime) -> bool:
        return self.ends_at <= at

    def log_is_open(self, at: dt.datetime) -> bool:
        """From the start until 14 days after the end."""
        return not self.is_cancelled and self.starts_at <= at < self.ends_at + LOG_OPEN

    @property
    def minutes(self) -> int:
        """Length in minutes: as logged, otherwise as planned."""
        start, end = self.started_at or self.starts_at, self.ended_at or self.ends_at
        return int((end - start).total_seconds() // 60)


class Attendance(models.Model):
    """One member at one session. Read by the guide and by that member; counts for the coordinator."""

    class State(models.TextChoices):
        PRESENT = "present", _("present")
        EXCUSED = "excused", _("said they cannot come")
        ABSENT = "absent", _("absent")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(GroupSession, models.CASCADE, related_name="attendances")
    #: None: long over, or erased; only the number still counts.
    membership = models.ForeignKey(Membership, models.CASCADE, null=True, related_name="attendances")
    state = models.CharField(max_length=8, choices=State)
    left_early = models.BooleanField(_("left early"), default=False)
    #: What the member says instead, until the guide has looked at it.
    says = models.CharField(max_length=8, choices=State, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("session", "membership"), name="sessions_attendance_once"),
        ]

    def __str__(self) -> str:
        return self.state


class Interruption(models.Model):
    """How often care broke in: evidence for protected time, not a mark against anybody."""

    class Kind(models.TextChoices):
        PAGER = "pager", _("paged out")
        CALLED_AWAY = "called_away", _("called away")
        LEFT_FOR_CARE = "left_for_care", _("left early for care")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(GroupSession, models.CASCADE, related_name="interruptions")
    kind = models.CharField(max_length=13, choices=Kind)
    count = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("session", "kind"), name="sessions_interruption_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.count}"


class SessionLog(models.Model):
    """What the guide logs: ticks, themes from the closed list, 1-5 answers. There is no text field.

    Read by the group and its guides only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.OneToOneField(GroupSession, models.CASCADE, related_name="log")
    own_case = models.BooleanField(_("somebody brought their own situation"), default=False)
    next_step = models.BooleanField(_("a next step was found"), default=False)
    #: Ids of the catalogue's themes.
    themes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    #: Answers 1 to 5 by catalogue item, for the format's log questions.
    answers = models.JSONField(default=dict)
    logged_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    logged_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.session} {self.logged_at:%Y-%m-%d}"


class GuideRoundQuerySet(models.QuerySet["GuideRound"]):
    def visible_to(self, user: User) -> Self:
        """Of groups ``user`` guides today; nobody else is shown what was asked or answered."""
        return self.filter(group__in=Group.objects.guided_by(user))

    def to_answer(self, at: dt.datetime) -> Self:
        """Open and not yet answered, in groups that go on; what closes first comes first."""
        silent = (Program.Stage.DRAFT, Program.Stage.PAUSED, Program.Stage.CANCELLED)
        rows = self.filter(opens_at__lte=at, closes_at__gt=at, answered_at__isnull=True)
        rows = rows.exclude(group__program__stage__in=silent).filter(group__paused_at__isnull=True)
        return rows.order_by("closes_at", "pk")


class GuideRound(models.Model):
    """What the guide of a group is asked about their own work, at one moment; one set of answers for each group.

    With the name of who answered: there is one guide, so it could not be anonymous. Read by the group's guides;
    by nobody else but pooled over three guides.
    """

    class Kind(models.TextChoices):
        FIRST = "first", _("after the first session")
        MIDWAY = "midway", _("halfway")
        END = "end", _("at the end")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="guide_rounds")
    kind = models.CharField(max_length=6, choices=Kind)
    #: Ids of the catalogue's items, as they were asked.
    questions = ArrayField(models.CharField(max_length=60))
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    #: 1 to 5 by item; empty until somebody answered.
    answers = models.JSONField(default=dict)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = GuideRoundQuerySet.as_manager()

    class Meta:
        ordering = ("opens_at",)
        constraints = [
            models.UniqueConstraint(fields=("group", "kind"), name="sessions_guideround_once"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="sessions_guideround_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=False) | Q(answers={}),
                name="sessions_guideround_answers_have_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.kind}"

    def is_open(self, at: dt.datetime) -> bool:
        return self.opens_at <= at < self.closes_at


class PrivateLine(Sealed):
    """A line somebody keeps for themselves after a session. Nobody else ever reads it, and it cannot be shared."""

    session = models.ForeignKey(GroupSession, models.CASCADE, related_name="private_lines")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="private_lines")
    line = SealedField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("session", "membership"), name="sessions_privateline_once"),
        ]


class GroupSessionEvent(
    history.of(  # type: ignore[misc]
        GroupSession,
        "group",
        "number",
        "starts_at",
        "ends_at",
        "room",
        "state",
        "cancel_reason",
        "substitute",
    )
):
    """Every change of a session's planning; who was there is no part of it."""

    class Meta:
        indexes = [models.Index(fields=("group",))]
