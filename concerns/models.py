import datetime as dt
import hashlib
import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment, User
from intervision import clock
from programs.models import Group, Membership
from sessions.models import GroupSession

Role = Appointment.Role
#: How soon each step is looked for (ours).
LOOK_WITHIN = dt.timedelta(days=7)
REPAIR_WITHIN = dt.timedelta(days=28)
#: How long after its end a report still knows who made it, and can be followed with its code.
KNOWN_FOR = dt.timedelta(days=30)


def hashed(code: str) -> str:
    """Of a reporter's code as it is typed: spaces, dashes and small letters do not matter."""
    plain = "".join(mark for mark in code.upper() if mark.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def groups_with_evaluated(user: User, on: dt.date) -> RawSQL:
    """Ids of groups with somebody whom ``user`` evaluates on the day ``on``, as a subquery."""
    return RawSQL(
        """select member.group_id from programs_membership member
             join programs_evaluation evaluation on evaluation.resident_id = member.user_id
            where evaluation.evaluator_id = %s and member.group_id is not null
              and evaluation.period @> %s::date""",
        (user.pk, on),
    )


class LeakReportQuerySet(models.QuerySet["LeakReport"]):
    def made_by(self, user: User) -> Self:
        """Those ``user`` made by name."""
        return self.filter(reporter=user)

    def looked_after_by(self, user: User) -> Self:
        """Those of houses where ``user`` is the independent person today."""
        held = user.appointments.current().filter(role=Role.INDEPENDENT)
        return self.filter(group__program__institution__in=held.values("institution"))

    def visible_to(self, user: User) -> Self:
        return self.filter(
            Q(pk__in=LeakReport.objects.looked_after_by(user).values("pk"))
            | Q(pk__in=LeakReport.objects.made_by(user).values("pk"))
        )

    def to_look_into_by(self, user: User) -> Self:
        """Those ``user`` is independent of: neither coordinates, directs, guided, met, belonged to nor evaluates."""
        today = clock.today()
        runs = user.appointments.current().filter(role__in=Appointment.NOT_INDEPENDENT)
        return (
            self.looked_after_by(user)
            .exclude(group__program__institution__in=runs.values("institution"))
            .exclude(group__in=user.guided.values("group"))
            .exclude(group__in=user.memberships.filter(group__isnull=False).values("group"))
            .exclude(group__in=GroupSession.objects.met_by(user).values("group"))
            .exclude(group__in=groups_with_evaluated(user, today))
        )

    def confirmed(self) -> Self:
        """Found true and not repaired: the hard flag of the checklist."""
        return self.filter(state=LeakReport.State.CONFIRMED)


class LeakReport(models.Model):
    """Somebody of a group says that something left it. Kinds from a closed list; no text, no names of others.

    An anonymous report stores nobody and the day only; its reporter follows it with a code, kept as a hash.
    """

    class Kind(models.TextChoices):
        EVALUATION = (
            "evaluation",
            _("Words from the group came back in an assessment, or in a talk about work"),
        )
        OUTSIDE = "outside", _("Somebody outside the group knows what was said in it")
        WRITTEN = "written", _("Something was written down, recorded or passed on")
        PRESSED = "pressed", _("Somebody was pressed to tell what was said")
        SYSTEM = "system", _("Somebody could read something on this website that is not theirs")

    class State(models.TextChoices):
        REPORTED = "reported", _("reported")
        LOOKING = "looking", _("being looked into")
        CONFIRMED = "confirmed", _("it did leave the group")
        NOT_CONFIRMED = "not_confirmed", _("could not be confirmed")
        REPAIRED = "repaired", _("repaired")

    class Repair(models.TextChoices):
        TAKEN_OUT = "taken_out", _("It was taken out of the assessment or the file")
        SPOKEN = "spoken", _("Whoever passed it on has been spoken to")
        CLOSED = "closed", _("Access that was not theirs has been closed")
        REPLACED = "replaced", _("Somebody in the group, or its guide, has been replaced")
        TOLD = "told", _("The group was told, and agreed how it goes on")
        RULES = "rules", _("The group agreed its ground rules anew")

    #: From each state to those that may follow; every step can be taken back by the one before.
    NEXT = {
        State.REPORTED: (State.LOOKING,),
        State.LOOKING: (State.CONFIRMED, State.NOT_CONFIRMED),
        State.CONFIRMED: (State.REPAIRED, State.LOOKING),
        State.NOT_CONFIRMED: (State.LOOKING,),
        State.REPAIRED: (State.CONFIRMED,),
    }
    SETTLED = (State.NOT_CONFIRMED, State.REPAIRED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    reporter = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    code_hash = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=13, choices=State, default=State.REPORTED)
    repairs = ArrayField(models.CharField(max_length=10, choices=Repair), default=list, blank=True)
    #: The day of the last step, and of the report; no hour, which could tell who it was.
    reported_on = models.DateField(default=clock.today)
    since_on = models.DateField(default=clock.today)

    objects = LeakReportQuerySet.as_manager()

    class Meta:
        ordering = ("reported_on", "id")
        indexes = [models.Index(fields=("group", "state"))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="repaired") | ~Q(repairs=[]),
                name="concerns_leakreport_repaired_says_how",
            ),
            models.UniqueConstraint(
                fields=("code_hash",), condition=~Q(code_hash=""), name="concerns_leakreport_code_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_state_display()})"

    @property
    def is_settled(self) -> bool:
        return self.state in self.SETTLED

    @property
    def due_on(self) -> dt.date | None:
        """Until when the next step is looked for; None once it is settled."""
        if self.is_settled:
            return None
        within = REPAIR_WITHIN if self.state == self.State.CONFIRMED else LOOK_WITHIN
        return self.since_on + within

    def is_late(self, on: dt.date) -> bool:
        return self.due_on is not None and on > self.due_on

    @property
    def repaired_by(self) -> list[str]:
        words = dict(self.Repair.choices)
        return [str(words[key]) for key in self.repairs if key in words]


class LeakStep(models.Model):
    """One step of a report: looked into, found, repaired or taken back; by whom and when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(LeakReport, models.CASCADE, related_name="steps")
    state = models.CharField(max_length=13, choices=LeakReport.State)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return self.get_state_display()


def groups_to_report_about(user: User) -> models.QuerySet[Group]:
    """Groups ``user`` is or was in, guides or guided, also once: what leaves a group is often noticed after its end."""
    sat, met = Membership.objects.filter(user=user), GroupSession.objects.met_by(user)
    return Group.objects.filter(
        Q(pk__in=sat.values("group")) | Q(pk__in=met.values("group")) | Q(pk__in=user.guided.values("group"))
    )
