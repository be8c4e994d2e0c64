import datetime as dt
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.institution import Institution
from accounts.models.person import User


class Invitation(models.Model):
    """Lets one address set a password once. Single use, expiring, bound to the address it went to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="invitations")
    user = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"), max_length=254)
    counter = models.PositiveIntegerField(default=0)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.email

    def is_open(self, at: dt.datetime) -> bool:
        return self.accepted_at is None and self.revoked_at is None and at < self.expires_at


class PersonalLink(models.Model):
    """Opens a narrow session for one person and one purpose, without a password.

    The address holds a signature of this row and ``counter``, made when the mail is sent,
    so raising the counter ends every address sent before. ``path`` is the page it leads to;
    ``about_id`` is the row it is about, of a room that this one does not know.
    """

    class Purpose(models.TextChoices):
        TAKE_PART = "take_part", _("take part in a program")
        GUIDE = "guide", _("guide a group")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="personal_links")
    purpose = models.CharField(max_length=10, choices=Purpose)
    about_id = models.UUIDField(db_index=True)
    path = models.CharField(max_length=300)
    counter = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("user", "purpose", "about_id", "path"), name="accounts_personallink_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.user_id}"

    def is_open(self, at: dt.datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at


class RememberedDevice(models.Model):
    """A browser whose owner ticked "remember this device", for one link's person and purpose."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link = models.ForeignKey(PersonalLink, models.CASCADE, related_name="devices")
    #: SHA-256 of the key that the browser keeps.
    key_hash = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("link", "key_hash"), name="accounts_remembereddevice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.created_at:%Y-%m-%d}"
