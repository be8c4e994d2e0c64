import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.models.program import Program


class PeopleImport(models.Model):
    """One pasted or uploaded list: checked first, stored when confirmed, undone in one click.

    ``rows`` is the list as typed and mended; it goes when the import is stored.
    ``made`` names the rows the import created, so that undo removes those and no others.
    """

    class State(models.TextChoices):
        CHECKED = "checked", _("checked")
        STORING = "storing", _("being stored")
        STORED = "stored", _("stored")
        UNDONE = "undone", _("undone")
        FAILED = "failed", _("not stored")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="people_imports")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    filename = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.CHECKED)
    rows = models.JSONField(default=list)
    #: What the file's first row said: columns that are not read, and those that are not there.
    columns = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    made = models.JSONField(default=dict)
    job_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    stored_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.filename or str(self.created_at)
