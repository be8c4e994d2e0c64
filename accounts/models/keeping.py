import uuid

from django.db import models

from intervision import clock


class PurgeReport(models.Model):
    """What one night let go of: how many rows of each kind of the retention table, and where it failed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ran_at = models.DateTimeField(default=clock.now)
    counts = models.JSONField(default=dict)
    #: Rooms that could not; the next night tries again.
    failed = models.JSONField(default=list)

    class Meta:
        ordering = ("-ran_at", "id")

    def __str__(self) -> str:
        return f"{self.ran_at:%Y-%m-%d}"
