"""What Celery calls once a day."""

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection

from accounts import access
from accounts.models import RememberedDevice


@shared_task
def purge() -> None:
    """Delete sign-ins, remembered devices and counted attempts whose time is over; nothing has used them since."""
    RememberedDevice.objects.filter(expires_at__lte=access.real_now()).delete()
    SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    with connection.cursor() as cursor:
        cursor.execute("delete from cache_entries where expires < %s", [access.real_now()])
