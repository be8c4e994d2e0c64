import datetime as dt

from django.db import transaction
from django.db.models import F

import outbox
from accounts import access, links
from accounts.models import PersonalLink, User
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
    if not link.is_open(clock.now()):
        link.counter = F("counter") + 1
        link.expires_at = clock.now() + links.RENEWED_FOR
        link.save()
    _mail(link, issued.user)


def send_to(email: str, *, path: str) -> None:
    """Mail whoever has this address their link to ``path``, else to the page that they last got one for.

    Nothing leaves for somebody who was never sent one, or whose links have all ended.
    """
    user = User.objects.by_address(email)
    if user is None or not user.is_active:
        return
    mine = PersonalLink.objects.filter(user=user, purpose=PersonalLink.Purpose.TAKE_PART)
    open_ = [link for link in mine.order_by("-created_at", "pk") if link.is_open(clock.now())]
    if open_:
        _mail(min(open_, key=lambda link: link.path != path), user)


def _mail(link: PersonalLink, user: User) -> None:
    window = int(access.real_now().timestamp() // ONE_MAIL_IN.total_seconds())
    key = f"link-again:{link.pk}:{window}"
    outbox.enqueue("link-again", about_id=link.pk, to=user, key=key, at=clock.now())
