import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from outbox import kinds


class MessageQuerySet(models.QuerySet["Message"]):
    def about(self, ids: Iterable[uuid.UUID]) -> Self:
        return self.filter(about_id__in=ids)

    def undelivered(self) -> Self:
        """What somebody should look at: given up, uncertain, or tried without success."""
        tried = Q(state=Message.State.PENDING) & ~Q(error_class="")
        return self.filter(Q(state__in=[Message.State.DEAD, Message.State.UNKNOWN]) | tried)

    def due(self, at: dt.datetime) -> Self:
        """Free to be claimed now, in the order in which they leave."""
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=Now())
        return self.filter(free, state=Message.State.PENDING, due_at__lte=at).order_by(*SENDING_ORDER)


SENDING_ORDER = ("due_at", "created_at", "id")


class Message(models.Model):
    """Something to tell one person, written in the transaction of its cause.

    Ids only: the text is made from the data of the moment when it is sent.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("planned")
        LEASED = "leased", _("being sent")
        SENT = "sent", _("sent")
        #: Perhaps sent: the sender was killed in the act, and a second copy was not promised to be harmless.
        UNKNOWN = "unknown", _("perhaps sent")
        DEAD = "dead", _("not delivered")
        CANCELLED = "cancelled", _("no longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    #: Names cause and moment, so that the same cause is told once.
    dedupe_key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    about_id = models.UUIDField(db_index=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    #: Instead of a recipient: somebody we do not know yet, who asked to be written to, and their language.
    address = models.EmailField(max_length=254, blank=True)
    language = models.CharField(max_length=5, blank=True)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: Real time, also in a demonstration: nobody takes the row before this moment.
    lease_until = models.DateTimeField(null=True, blank=True)
    #: The batch that took the row; of a batch whose worker died, only the row in hand is uncertain.
    claim = models.UUIDField(null=True, blank=True)
    #: The e-mail's Message-ID without its brackets; the same at every attempt.
    message_id = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    #: Why the last attempt did not end well: a class of errors or a word, never content.
    error_class = models.CharField(max_length=80, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="leased", claim__isnull=False, lease_until__isnull=False)
                | ~Q(state="leased") & Q(claim__isnull=True),
                name="outbox_message_claim_while_leased",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
                name="outbox_message_sent_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=True) ^ Q(address=""), name="outbox_message_person_or_address"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "created_at", "id"],
                name="outbox_message_due",
                condition=Q(state="pending"),
            ),
            models.Index(fields=["lease_until"], name="outbox_message_leased", condition=Q(state="leased")),
            models.Index(
                fields=["about_id"],
                name="outbox_message_in_trouble",
                condition=Q(state__in=("dead", "unknown")) | Q(state="pending") & ~Q(error_class=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dedupe_key} {self.state}"

    @property
    def label(self) -> str:
        """What the message is, in words; its kind where a later version no longer knows it."""
        kind = kinds.find(self.kind)
        return str(kind.label) if kind else self.kind

    @property
    def can_be_tried_again(self) -> bool:
        return self.state in (self.State.DEAD, self.State.UNKNOWN) or bool(
            self.state == self.State.PENDING and self.error_class
        )


class Claim(models.Model):
    """A batch that some worker took. The table is unlogged: a database that crashes empties it.

    So a claim that is missing here says that marks of its messages may have been forgotten too.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    def __str__(self) -> str:
        return str(self.id)
