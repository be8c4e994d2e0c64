import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Wrapped(models.Model):
    """A random key, wrapped by the key of the environment that ``kek`` names."""

    kek = models.CharField(max_length=40, db_index=True)
    wrapped = models.BinaryField(null=True)

    class Meta:
        abstract = True


class KeyCheck(models.Model):
    """A known value under each key of the environment that wraps something: does this process have that key?"""

    kek = models.CharField(primary_key=True, max_length=40)
    value = models.BinaryField()


class HouseKey(Wrapped):
    """The key of what belongs to no vault: seeds of second factors, keys of survey windows."""

    name = models.CharField(primary_key=True, max_length=20)


class Vault(Wrapped):
    """One person's key. Without it nothing of theirs opens again: that is how texts are shredded.

    A shredded vault stays as the mark on rows that no longer open; the person may get a new one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    owner_id: uuid.UUID
    shredded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner"], condition=Q(shredded_at__isnull=True), name="vault_vault_one_open_each"
            ),
            models.CheckConstraint(
                condition=Q(wrapped__isnull=False, shredded_at__isnull=True)
                | Q(wrapped__isnull=True, shredded_at__isnull=False),
                name="vault_vault_shredded_has_no_key",
            ),
        ]


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """A text of a person as sealed bytes. It has no decrypting accessor: ``vault.read`` is the only door."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"null": True, "editable": False}))


class Sealed(models.Model):
    """A row of another room with texts of one person. It keeps no time of writing: that would say something too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vault = models.ForeignKey(Vault, models.CASCADE, related_name="+")
    vault_id: uuid.UUID

    class Meta:
        abstract = True


class AccessEventQuerySet(models.QuerySet["AccessEvent"]):
    def of(self, owner: Any) -> Self:
        """Who else opened texts of ``owner``, latest first."""
        return self.by_others().filter(owner_id=owner.pk)

    def by_others(self) -> Self:
        """Not what people opened of their own; latest first."""
        return self.exclude(actor_id=F("owner_id")).order_by("-at", "id")


class AccessEvent(models.Model):
    """Somebody opened a text, or looked up who opened those of one person.

    Added and read, never changed; ids only, so that it outlives what it names.
    """

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    actor_id = models.UUIDField()
    owner_id = models.UUIDField()
    #: The model's label and the row that was opened.
    kind = models.CharField(max_length=60)
    about_id = models.UUIDField()
    #: The institution whose program the text was of: how long the event is kept, and whose officer reads it.
    house_id = models.UUIDField(null=True)

    objects = AccessEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner_id", "-at"], name="vault_accessevent_of_owner"),
            models.Index(fields=["house_id", "-at"], name="vault_accessevent_of_house"),
        ]
