"""``manage.py check``: every sealed model has a door, and a real installation has keys of its own."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from vault import doors, keyring
from vault.errors import CannotOpen
from vault.models import Sealed


@register()
def every_sealed_model_has_a_door(**kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"{model._meta.label} holds sealed texts and no room registered who may read them.",
            id="vault.E001",
        )
        for model in apps.get_models()
        if issubclass(model, Sealed) and doors.find(model) is None
    ]


@register(Tags.security, deploy=True)
def keys_are_set(**kwargs: Any) -> list[CheckMessage]:
    try:
        keks = keyring.all_keks()
    except CannotOpen as error:
        return [Error(f"INTERVISION_KEKS: {error.why}.", id="vault.E002")]
    if any(kek.secret in settings.SECRET_KEY.encode() for kek in keks):
        return [Error("INTERVISION_KEKS: a key is part of SECRET_KEY.", id="vault.E003")]
    return []
