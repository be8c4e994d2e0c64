import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject, Lower
from django.utils.translation import gettext_lazy as _

from accounts.models.institution import Department, Institution
from intervision import clock

#: Characters of a password that stands alone, and of one with a second factor beside it.
LONG_ENOUGH_ALONE, LONG_ENOUGH = 15, 8


def current_q(today: dt.date) -> Q:
    """Rows with ``from_on`` and ``until_on`` (both inclusive, open end allowed) that hold on ``today``."""
    return Q(from_on__lte=today) & (Q(until_on__isnull=True) | Q(until_on__gte=today))


class UserQuerySet(models.QuerySet["User"]):
    def by_address(self, email: str) -> "User | None":
        """Whoever has this address, as the preferred one or as another that they proved to be theirs."""
        proven = Q(emailaddress__email__iexact=email, emailaddress__verified=True)
        preferred = self.filter(email__iexact=email).first()
        return preferred or self.filter(proven).first()

    def with_house(self, on: dt.date | None = None) -> Self:
        """Each with ``roles`` they hold today and ``house``: where they are appointed, else placed, else invited."""
        mine = {"user": OuterRef("pk")}
        appointed = Appointment.objects.current(on).filter(**mine).values("institution")
        placed = Placement.objects.current(on).filter(**mine).values("department__institution")
        invited = Institution.objects.filter(invitations__user=OuterRef("pk")).values("pk")
        shown = {name: name for name in ("id", "name", "slug", "time_zone", "country", "own_periods")}
        house = Institution.objects.filter(pk=OuterRef("house_id")).values(shown=JSONObject(**shown))
        first = [Subquery(ids[:1]) for ids in (appointed, placed, invited)]
        roles = Appointment.objects.current(on).filter(**mine).order_by("role").values("role").distinct()
        house_id = Coalesce(*first, output_field=models.UUIDField())
        return self.alias(house_id=house_id).annotate(house=Subquery(house), roles=ArraySubquery(roles))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new person; without ``password`` one who cannot sign in until invited."""
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        user: User = self.get(email__iexact=username)
        return user


class User(AbstractBaseUser):
    """The person, known once however many roles, addresses and institutions.

    Import makes people who cannot sign in; a supervisor stays so. What somebody may do
    hangs on appointments, placements and memberships, each with its dates: there is no
    superuser and no staff flag.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=150)
    #: The preferred address; the others are allauth's EmailAddress rows.
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    language = models.CharField(
        _("language"), max_length=5, choices=[("nl", "Nederlands"), ("en", "English")], default="nl"
    )
    is_active = models.BooleanField(default=True)
    #: Chosen while there was a second factor, which it may therefore never go without.
    short_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    #: Since then the row names nobody; it stays so that counts stay right.
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    #: What ``with_house`` found: for what a page offers, never for who may do it.
    house: dict[str, Any] | None = None
    roles: Sequence[str] = ()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self.short_password = raw_password is not None and len(raw_password) < LONG_ENOUGH_ALONE

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def home(self) -> Institution | None:
        """The house to show this person, from ``with_house``; some of its fields only, so never saved."""
        return Institution(**self.house | {"id": uuid.UUID(self.house["id"])}) if self.house else None

    def holds(self, role: str, institution: Institution | None = None) -> bool:
        """Whether this person holds ``role`` today, in ``institution`` if one is given."""
        held = self.appointments.current().filter(role=role)
        return held.filter(institution=institution).exists() if institution else held.exists()


class DatedQuerySet(models.QuerySet[Any]):
    def current(self, on: dt.date | None = None) -> Self:
        """Those that hold on the day ``on``, today unless told."""
        return self.filter(current_q(on or clock.today()))

    def lasting(self, on: dt.date) -> Self:
        """Those that hold on the day ``on`` or later."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=on))


class AppointmentQuerySet(DatedQuerySet):
    def in_charge(self) -> Self:
        """Those today that let somebody see to the house: a house without any is shut to itself."""
        return self.current().filter(role__in=(Appointment.Role.COORDINATOR, Appointment.Role.ADMINISTRATOR))

    def watching(self) -> Self:
        """Those today of a privacy officer who is none of those in the same house whom an officer watches over."""
        mine = {"user": OuterRef("user"), "institution": OuterRef("institution")}
        watched = Appointment.objects.current().filter(role__in=Appointment.WATCHED, **mine)
        return self.current().filter(~Exists(watched), role=Appointment.Role.PRIVACY)


class Appointment(models.Model):
    """A role somebody holds in an institution from a day to a day. It ends on the next request."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("coordinator")
        INTERVISOR = "intervisor", _("intervisor")
        DIRECTOR = "director", _("director")
        ADMINISTRATOR = "administrator", _("administrator")
        #: Looks into reports that something left a group; appointed by an administrator.
        INDEPENDENT = "independent", _("independent person")
        #: Reads who opened which sealed text, and no text; appointed by an administrator.
        PRIVACY = "privacy", _("privacy officer")

    #: Roles that nobody holds who is the independent person of the same house.
    NOT_INDEPENDENT = (Role.COORDINATOR, Role.DIRECTOR)
    #: Roles that nobody holds who is the privacy officer of the same house, and so watches over them.
    WATCHED = (Role.COORDINATOR, Role.INTERVISOR, Role.DIRECTOR, Role.ADMINISTRATOR)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="appointments")
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="appointments")
    role = models.CharField(_("role"), max_length=15, choices=Role)
    from_on = models.DateField(_("from"), default=clock.today)
    until_on = models.DateField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ("role", "from_on")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="accounts_appointment_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.UniqueConstraint(
                fields=("user", "institution", "role", "from_on"), name="accounts_appointment_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} ({self.institution})"


class Placement(models.Model):
    """A resident works in a department from a day to a day, in a training year where there is one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="placements")
    department = models.ForeignKey(Department, models.CASCADE, related_name="placements")
    specialty = models.CharField(_("specialty"), max_length=120, blank=True)
    discipline = models.CharField(_("discipline"), max_length=80, blank=True)
    training_year = models.PositiveSmallIntegerField(_("training year"), null=True, blank=True)
    #: The day training is finished, where known; a group should not lose a member unawares.
    training_ends_on = models.DateField(_("training ends on"), null=True, blank=True)
    personnel_number = models.CharField(_("personnel number"), max_length=40, blank=True)
    from_on = models.DateField(_("from"), default=clock.today)
    until_on = models.DateField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("-from_on",)
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="accounts_placement_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(training_year__isnull=True) | Q(training_year__range=(1, 12)),
                name="accounts_placement_training_year_in_range",
                violation_error_message=_("A training year is a number from 1 to 12."),
            ),
            models.UniqueConstraint(fields=("user", "department", "from_on"), name="accounts_placement_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} - {self.department}"
