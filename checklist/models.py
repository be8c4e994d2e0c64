"""What a coordinator says about a program: answers nobody else can give, and why a condition is not met."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from intervision import clock
from programs.models import Program

#: Ours: after a year the question is put again, half a year later the answer no longer counts.
ASKED_AGAIN_AFTER = dt.timedelta(days=365)
COUNTS_FOR = dt.timedelta(days=548)


class Declaration(models.Model):
    """The coordinator's answer to an item of the catalogue that only they can answer."""

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        PARTLY = "partly", _("partly")
        NO = "no", _("no")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="declarations")
    #: Key of the catalogue's item.
    item = models.CharField(max_length=60)
    answer = models.CharField(_("answer"), max_length=6, choices=Answer)
    note = models.CharField(_("what is missing"), max_length=300, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("program", "item"), name="checklist_declaration_once"),
            models.CheckConstraint(
                condition=~Q(answer="partly", note=""),
                name="checklist_declaration_partly_has_note",
                violation_error_message=_("Say in one line what is missing."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.answer}"

    def is_asked_again(self, at: dt.datetime) -> bool:
        return at - self.answered_at > ASKED_AGAIN_AFTER

    def counts(self, at: dt.datetime) -> bool:
        return at - self.answered_at <= COUNTS_FOR


class Justification(models.Model):
    """Why a program starts although this condition is not met: one line, kept and open to change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="justifications")
    item = models.CharField(max_length=60)
    text = models.CharField(_("why"), max_length=300)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("program", "item"), name="checklist_justification_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.text}"
