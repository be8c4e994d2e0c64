from django.db import models


class Hold(models.Model):
    """While there is a row no message leaves. There is one after an older database was put back."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="outbox_hold_only_one"),
        ]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d %H:%M}"
