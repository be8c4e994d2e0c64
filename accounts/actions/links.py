import datetime as dt

from django.db import transaction
from django.db.models import F

import outbox
from accounts import access, links
from accounts.models import PersonalLink
from intervision import clock

#: However often somebody asks, one mail leaves in this time.
ONE_MAIL_IN = dt.timedelta(minutes=10)


@transaction.atomic
def send_again(token: str) -> None:
    """Mail the link that ``token`` once was to its owner, with new days if its own are over.

    Nothing leaves for a token that we never sent, nor for a link that was revoked: its purpose has ended.
    """
    issued = links.issued(token)
    if issued is None or not issued.user.is_active:
        return
    link = PersonalLink.objects.select_for_update().get(pk=issued.pk)
    if link.revoked_at:
        return
    now = clock.now()
    if not link.is_open(now):
        link.counter = F("counter") + 1
        link.expires_at = now + links.RENEWED_FOR
        link.save()
    window = int(access.real_now().timestamp() // ONE_MAIL_IN.total_seconds())
    outbox.enqueue(
        "link-again", about_id=link.pk, to=issued.user, key=f"link-again:{link.pk}:{window}", at=now
    )
