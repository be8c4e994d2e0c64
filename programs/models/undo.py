import uuid

from django.db import models

from accounts.models import User
from intervision import clock
from programs.models.program import Program


class UndoableStep(models.Model):
    """A change that can be taken back with one click, until something has left the house.

    ``kind`` names the function that takes it back, ``before`` the plain values it needs.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="undoable_steps")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=30)
    before = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.kind
