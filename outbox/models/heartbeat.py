"""The worker's sign of life. It goes through the queue, so it proves beat, broker, worker and database."""

import datetime as dt

from django.db import models
from django.db.models import ExpressionWrapper, F
from django.db.models.functions import Now


class Heartbeat(models.Model):
    name = models.CharField(primary_key=True, max_length=20)
    beaten_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.beaten_at}"


def beat(name: str = "tick") -> None:
    """Note that ``name`` ran. Real time of the database, whatever the demonstration's clock says."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beaten_at": Now()})


def heartbeat_age(name: str = "tick") -> dt.timedelta | None:
    """How long ago ``name`` last ran, None if it never did."""
    age = ExpressionWrapper(Now() - F("beaten_at"), output_field=models.DurationField())
    return Heartbeat.objects.filter(name=name).values_list(age, flat=True).first()
