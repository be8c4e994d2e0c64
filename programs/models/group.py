import datetime as dt
import uuid
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.time import HALF_DAYS
from intervision import clock
from programs.models.program import Program


class GroupQuerySet(models.QuerySet["Group"]):
    def coordinated_by(self, user: User, on: dt.date | None = None) -> Self:
        return self.filter(program__in=Program.objects.coordinated_by(user, on))

    def guided_by(self, user: User, on: dt.date | None = None) -> Self:
        """Groups ``user`` leads or co-leads on the day ``on``, today unless told, and is not suspended from."""
        return self.filter(pk__in=user.guided.active(on).values("group"))

    def joined_by(self, user: User) -> Self:
        """Groups ``user`` is a member of today, paused or not, and not suspended from."""
        return self.filter(pk__in=user.memberships.seated().values("group"))

    def visible_to(self, user: User) -> Self:
        """Groups ``user`` leads, is in, or runs the program of. Subqueries, so Count() stays right."""
        return self.filter(
            Q(pk__in=self.model.objects.guided_by(user).values("pk"))
            | Q(pk__in=self.model.objects.joined_by(user).values("pk"))
            | Q(pk__in=self.model.objects.coordinated_by(user).values("pk"))
        )

    def with_standing(self, user: User, on: dt.date | None = None) -> Self:
        """Each with ``standing``: what ``user`` is to it on the day ``on``, today unless told."""
        return self.annotate(standing=self.model.standing_of(user, "pk", on))

    def with_free_places(self) -> Self:
        return self.filter(closed=False, taken__lt=F("places"))


class Group(models.Model):
    """A fixed small group. Safety and depth live here, so it is the unit of scoring."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="groups")
    name = models.CharField(_("name"), max_length=80)
    #: How many may be in it; follows the format's size unless a reason is given.
    places = models.PositiveSmallIntegerField(
        _("places"), validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    places_reason = models.CharField(_("why another size"), max_length=200, blank=True)
    #: How many seats are taken. Kept by a trigger; the last place is decided here.
    taken = models.PositiveSmallIntegerField(default=0, editable=False)
    #: Nobody joins any more, and nobody is planned to.
    closed = models.BooleanField(_("closed"), default=False)
    paused_at = models.DateTimeField(null=True, blank=True)
    #: The half-day it usually meets, 0 (Monday morning) to 13 (Sunday afternoon).
    half_day = models.PositiveSmallIntegerField(_("half-day"), null=True, blank=True)
    room = models.ForeignKey("programs.Room", models.SET_NULL, null=True, blank=True, related_name="groups")
    created_at = models.DateTimeField(auto_now_add=True)

    #: What ``with_standing`` found: whether ``user`` guides this group, runs its program, and the
    #: id of their own ``seat`` in it.
    standing: dict[str, Any] | None = None

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ("name", "created_at")
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__lte=F("places")),
                name="programs_group_not_over_full",
                violation_error_message=_("This group is full."),
            ),
            models.CheckConstraint(
                condition=Q(half_day__isnull=True) | Q(half_day__lt=HALF_DAYS),
                name="programs_group_half_day_in_week",
            ),
            models.UniqueConstraint(
                fields=("program", "name"),
                name="programs_group_name_once",
                violation_error_message=_("There is already a group with this name."),
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def standing_of(cls, user: User, group: str, on: dt.date | None = None) -> JSONObject:
        """For a query in which ``group`` names the group's id: what ``user`` is to it."""
        here = cls.objects.filter(pk=OuterRef(group))
        seats = user.memberships.seated(on).filter(group=OuterRef(group)).order_by("pk")
        return JSONObject(
            user=Value(user.pk, models.UUIDField()),
            guides=Exists(here.guided_by(user, on)),
            runs=Exists(here.coordinated_by(user, on)),
            seat=Subquery(seats.values("pk")[:1]),
        )

    @property
    def free_places(self) -> int:
        return self.places - self.taken


class MembershipQuerySet(models.QuerySet["Membership"]):
    def live(self) -> Self:
        """Not left, not declined: somebody who is, or may come, in."""
        return self.exclude(state__in=(Membership.State.LEFT, Membership.State.DECLINED))

    def shown_names(self, user: str) -> models.QuerySet[Any, Any]:
        """In a query about people: the name that is shown here of whom ``user`` names, by their place of today."""
        given = When(given_name__gt="", accepted_at=None, then="given_name")
        gone = When(state__in=(Membership.State.LEFT, Membership.State.DECLINED), then=1)
        mine = self.filter(user=OuterRef(user)).order_by(Case(gone, default=0), "pk")
        return mine.annotate(shown=Case(given, default="user__name")).values("shown")[:1]

    def search(self, text: str) -> Self:
        """Those whose name or address, as they are shown here, holds ``text``."""
        given = Q(given_name__gt="", accepted_at=None)
        shown = Q(user__name__icontains=text) | Q(user__email__icontains=text)
        return self.filter(
            (given & (Q(given_name__icontains=text) | Q(given_email__icontains=text))) | (~given & shown)
        )

    def answerable_by(self, user: "User | uuid.UUID") -> Self:
        """Places ``user`` was invited to or asked for: those whose pages are open to ``user``."""
        asked = Q(invited_at__isnull=False) | Q(accepted_at__isnull=False)
        return self.filter(asked, user=user).exclude(state=Membership.State.LEFT)

    def seated(self, on: dt.date | None = None) -> Self:
        """With a seat in a group and rights there on the day ``on``: not left and not suspended."""
        day = on or clock.today()
        return self.live().filter(
            Q(group__isnull=False), Q(suspended_from__isnull=True) | Q(suspended_from__gt=day)
        )

    def said_yes(self) -> Self:
        """Without those who have a seat and were not heard yet."""
        return self.exclude(state=Membership.State.PLACED)

    def taking_part(self, on: dt.date | None = None) -> Self:
        """Seated and not paused on the day ``on``: those who count in every share."""
        day = on or clock.today()
        paused = Q(paused_from__lte=day) & (Q(paused_until__isnull=True) | Q(paused_until__gte=day))
        return self.seated(day).exclude(paused)


class Membership(models.Model):
    """One person's place in one program: first without a group, then with a seat in one.

    No reason is stored for declining, pausing or leaving.
    """

    #: What ``name`` is read from.
    SHOWN = ("given_name", "accepted_at", "user__name")

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        INTERESTED = "interested", _("interested")
        PLACED = "placed", _("placed")
        ACTIVE = "active", _("takes part")
        LEFT = "left", _("left")
        DECLINED = "declined", _("not placed")
        COMPLETED = "completed", _("completed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="memberships")
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    #: The day the seat was given; part of what independence is judged over.
    #: How whoever brought somebody in calls and mails them, where their address was known to no one here. Until
    #: they take part nothing else of them is shown: another institution may know them.
    given_name = models.CharField(max_length=150, blank=True)
    given_email = models.EmailField(max_length=254, blank=True)
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    paused_from = models.DateField(null=True, blank=True)
    paused_until = models.DateField(null=True, blank=True)
    suspended_from = models.DateField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("user__name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("program", "user"),
                condition=~Q(state__in=("left", "declined")),
                name="programs_membership_one_live",
                violation_error_message=_("This person is in the program already."),
            ),
            models.CheckConstraint(
                condition=Q(group__isnull=True) | Q(joined_on__isnull=False),
                name="programs_membership_seat_has_first_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("placed", "active")) | Q(group__isnull=False),
                name="programs_membership_placed_has_group",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | Q(group__isnull=True),
                name="programs_membership_declined_has_no_seat",
            ),
            models.CheckConstraint(
                condition=~Q(state="left") | Q(left_on__isnull=False),
                name="programs_membership_left_has_last_day",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True)
                | Q(joined_on__isnull=True)
                | Q(left_on__gte=F("joined_on")),
                name="programs_membership_leaves_after_joining",
            ),
            models.CheckConstraint(
                condition=Q(paused_until__isnull=True) | Q(paused_until__gte=F("paused_from")),
                name="programs_membership_pause_ends_after_start",
                violation_error_message=_("A pause must end after it starts."),
            ),
        ]
        # The worklist asks for the few that are suspended, of every program of its reader.
        indexes = [
            models.Index(
                fields=("program",),
                name="programs_membership_suspended",
                condition=Q(suspended_from__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.given_name if self._only_given else self.user.name

    @property
    def email(self) -> str:
        return self.given_email if self._only_given else self.user.email

    @property
    def _only_given(self) -> bool:
        return bool(self.given_name) and self.accepted_at is None

    @property
    def is_asked(self) -> bool:
        """Whether a seat is kept for somebody who has not said yes: nothing of the group is theirs to read yet."""
        return self.state == self.State.PLACED

    def is_paused(self, on: dt.date) -> bool:
        if self.paused_from is None or on < self.paused_from:
            return False
        return self.paused_until is None or on <= self.paused_until


class GroundRules(models.Model):
    """What the group agrees on confidentiality, in versions; all confirm again when someone joins."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="ground_rules")
    version = models.PositiveIntegerField(default=1)
    text_en = models.TextField(_("in English"), max_length=4000)
    text_nl = models.TextField(_("in Dutch"), max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-version",)
        constraints = [
            models.UniqueConstraint(fields=("group", "version"), name="programs_groundrules_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.version}"

    @property
    def text(self) -> str:
        return self.text_nl if get_language() == "nl" else self.text_en


class GroundRulesConfirmation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ground_rules = models.ForeignKey(GroundRules, models.CASCADE, related_name="confirmations")
    user = models.ForeignKey(User, models.CASCADE, related_name="ground_rules_confirmations")
    confirmed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("ground_rules", "user"), name="programs_groundrules_confirmed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.confirmed_at:%Y-%m-%d}"
