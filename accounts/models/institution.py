import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models.person import User

#: ISO weekdays, Monday to Friday.
WEEKDAYS = [1, 2, 3, 4, 5]


def monday_to_friday() -> list[int]:
    return list(WEEKDAYS)


def validate_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(_("Choose a time zone from the list, for example Europe/Amsterdam.")) from error


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def visible_to(self, user: "User") -> Self:
        """Houses where ``user`` holds any role today."""
        return self.filter(pk__in=user.appointments.current().values("institution"))

    def run_by(self, user: "User", role: str) -> Self:
        """Institutions where ``user`` holds ``role`` today."""
        return self.filter(pk__in=user.appointments.current().filter(role=role).values("institution"))


class Institution(models.Model):
    """A hospital, or another house with residents, that runs programs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(unique=True)
    country = models.CharField(_("country"), max_length=2, default="NL")
    subdivision = models.CharField(_("region"), max_length=6, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Europe/Amsterdam", validators=[validate_time_zone]
    )
    language = models.CharField(_("language"), max_length=5, default="nl")
    working_days = ArrayField(models.PositiveSmallIntegerField(), default=monday_to_friday)
    working_from = models.TimeField(_("working hours from"), default=dt.time(8))
    working_until = models.TimeField(_("working hours until"), default=dt.time(18))
    #: Fewest answers that may be shown; an institution may choose 4, never less.
    min_n = models.PositiveSmallIntegerField(default=5)
    #: Kinds of the retention table that this house keeps for less time: how many of the days or months of the table.
    own_periods = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=Q(working_until__gt=F("working_from")),
                name="accounts_institution_working_hours_in_order",
                violation_error_message=_("Working hours must end after they start."),
            ),
            models.CheckConstraint(
                condition=Q(min_n__gte=4),
                name="accounts_institution_min_n_never_below_four",
                violation_error_message=_("Fewer than four answers are never shown."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def on_day(self, at: dt.datetime) -> dt.date:
        """The calendar day in this house at the moment ``at``."""
        return at.astimezone(self.zone).date()


class Department(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="departments")
    name = models.CharField(_("name"), max_length=120)
    specialty = models.CharField(_("specialty"), max_length=120, blank=True)
    #: How many years the training here takes; None where the house has no training years.
    training_years = models.PositiveSmallIntegerField(_("training years"), null=True, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                "institution",
                models.functions.Lower("name"),
                name="accounts_department_name_once",
                violation_error_message=_("This department is there already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ClosedDay(models.Model):
    """A day on which the house plans nothing, on top of its country's public holidays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="closed_days")
    on = models.DateField(_("date"))
    label = models.CharField(_("what it is"), max_length=80)

    class Meta:
        ordering = ("on",)
        constraints = [
            models.UniqueConstraint(fields=("institution", "on"), name="accounts_closedday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.label}"


class HelpContact(models.Model):
    """Whom to call: a line of the page "I need to talk to someone", open without sign-in."""

    class Kind(models.TextChoices):
        TALK = "talk", _("someone to talk to")
        EMERGENCY = "emergency", _("in an emergency")
        WORRIED = "worried", _("when you are worried about someone")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="help_contacts")
    kind = models.CharField(_("for"), max_length=10, choices=Kind)
    label_en = models.CharField(_("who, in English"), max_length=120)
    label_nl = models.CharField(_("who, in Dutch"), max_length=120)
    phone = models.CharField(_("telephone"), max_length=40)
    hours_en = models.CharField(_("when, in English"), max_length=120, blank=True)
    hours_nl = models.CharField(_("when, in Dutch"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("kind", "order", "label_en")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.label_nl if get_language() == "nl" else self.label_en

    @property
    def dialled(self) -> str:
        """The number as a telephone dials it."""
        return "".join(mark for mark in self.phone if mark.isdigit() or mark == "+")

    @property
    def hours(self) -> str:
        return self.hours_nl if get_language() == "nl" else self.hours_en
