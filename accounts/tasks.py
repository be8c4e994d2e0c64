"""What Celery calls once a day."""

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from accounts import access
from accounts.models import RememberedDevice


@shared_task
def purge() -> None:
    """Delete sign-ins and remembered devices whose time is over; they have opened nothing since."""
    RememberedDevice.objects.filter(expires_at__lte=access.real_now()).delete()
    SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
