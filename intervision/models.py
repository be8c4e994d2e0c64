from datetime import timedelta

from django.db import models


class DemoClock(models.Model):
    """How far a demonstration's clock is ahead of real time. At most one row, and none in real use."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ahead = models.DurationField(default=timedelta)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="intervision_democlock_one_row"),
            models.CheckConstraint(
                condition=models.Q(ahead__gte=timedelta()), name="intervision_democlock_never_behind"
            ),
        ]
