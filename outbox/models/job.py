import uuid

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outbox import jobs


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> "JobQuerySet":
        """Those that ``user`` started."""
        return self.filter(started_by=user.pk)

    def unfinished(self) -> "JobQuerySet":
        """Waiting, being worked on, or left behind by a worker that died: who tries it finds out which."""
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING]).order_by("created_at")


class Job(models.Model):
    """Work too long for a request, with how far it is. Whoever started it may watch and stop it."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    about_id = models.UUIDField(db_index=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    #: What it is doing, in the language of whoever started it.
    message = models.CharField(max_length=200, blank=True)
    #: What came of it, as the room that registered the kind wants it back. No personal text.
    result = models.JSONField(default=dict)
    stop_asked_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "stopped", "failed"], finished_at__isnull=False),
                name="outbox_job_finished_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def label(self) -> str:
        kind = jobs.find(self.kind)
        return str(kind.label) if kind else self.kind

    @property
    def keeps(self) -> bool:
        """Whether stopping keeps what was done so far."""
        kind = jobs.find(self.kind)
        return kind is None or kind.keeps

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def can_be_stopped(self) -> bool:
        return not self.is_finished and self.stop_asked_at is None
