"""What Celery calls once a day."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from accounts import access
from accounts.models import RememberedDevice


@shared_task
def purge() -> None:
    """Delete sessions and remembered devices whose time is over; they have opened nothing since."""
    RememberedDevice.objects.filter(expires_at__lte=access.real_now()).delete()
    SessionStore.clear_expired()
