import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, User


class Room(models.Model):
    """Where a group meets, with the qualities residents named (Jorissen 2024, Factor 2)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="rooms")
    name = models.CharField(_("name"), max_length=80)
    site = models.CharField(_("site"), max_length=120, blank=True)
    on_hospital_site = models.BooleanField(_("on the hospital's site"), default=True)
    daylight = models.BooleanField(_("daylight"), default=False)
    comfortable_temperature = models.BooleanField(_("comfortable temperature"), default=False)
    capacity = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    #: Another system books it; ask for a reference, and it is not booked twice here either.
    booked_outside = models.BooleanField(_("booked in another system"), default=False)
    video_link = models.URLField(_("video link"), blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=("institution", "name"),
                name="programs_room_name_once",
                violation_error_message=_("There is already a room with this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Occupation(models.Model):
    """A person or a room is taken for a period, buffers included.

    Intakes and sessions share people and rooms, so both write their occupations here
    and one pair of exclusion constraints covers them. ``about_id`` is the slot or session.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="occupations")
    room = models.ForeignKey(Room, models.CASCADE, null=True, blank=True, related_name="occupations")
    period = DateTimeRangeField()
    about_id = models.UUIDField(db_index=True)
    #: Whose session it is, written by the room of the sessions; none for an intake. The guards of a program's
    #: stages compare it with duties, because this room does not see sessions.
    group = models.ForeignKey(
        "programs.Group", models.CASCADE, null=True, blank=True, related_name="occupations"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(room__isnull=True),
                name="programs_occupation_person_or_room",
            ),
            models.CheckConstraint(condition=Q(period__isempty=False), name="programs_occupation_takes_time"),
            ExclusionConstraint(
                name="programs_occupation_person_once",
                expressions=[("person", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(person__isnull=False),
                violation_error_message=_("This person is busy at that time."),
            ),
            ExclusionConstraint(
                name="programs_occupation_room_once",
                expressions=[("room", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(room__isnull=False),
                violation_error_message=_("This room is taken at that time."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.period)
