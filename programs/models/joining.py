import datetime as dt
import uuid

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution
from intervision import clock
from programs.models.program import Program

#: How long the link lives that a join request mails.
LINK_FOR = dt.timedelta(days=7)


class JoinRequest(models.Model):
    """Somebody typed an address on a program's public page. Until its owner confirms it is nobody's place."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, models.CASCADE, related_name="join_requests")
    email = models.EmailField(_("e-mail address"), max_length=254)
    #: Raised by each confirmation, so that a mailed link works once.
    counter = models.PositiveIntegerField(default=0)
    #: Whether the link in hand was used before; ``join_links.find`` knows.
    spent = False
    asked_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint("program", Lower("email"), name="programs_joinrequest_once"),
        ]

    def __str__(self) -> str:
        return f"{self.program} {self.asked_at:%Y-%m-%d}"

    def is_open(self, at: dt.datetime) -> bool:
        return at < self.asked_at + LINK_FOR


class Interest(models.Model):
    """Somebody would like to hear of an institution's next round. One mail comes of it, and then it goes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="interests")
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"), max_length=254)
    language = models.CharField(max_length=5, default="nl")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("created_at", "id")
        constraints = [
            models.UniqueConstraint("institution", Lower("email"), name="programs_interest_once"),
        ]

    def __str__(self) -> str:
        return self.name
