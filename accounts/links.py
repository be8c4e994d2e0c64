"""Personal links: addresses in mails that open a narrow session for one person and one purpose."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from accounts import tokens
from accounts.models import PersonalLink, RememberedDevice, User
from intervision import clock
from outbox.mail import link as whole_address

SALT = "accounts.links"
#: How long a link lives that its owner asked for again after its day.
RENEWED_FOR = dt.timedelta(days=7)
_withheld: ContextVar[bool] = ContextVar("links_withheld", default=False)


@contextmanager
def withheld() -> Iterator[None]:
    """Write mails with dots where a personal link would stand: for everybody's eyes, and it makes none."""
    token = _withheld.set(True)
    try:
        yield
    finally:
        _withheld.reset(token)


def address(user: User, *, purpose: str, about_id: uuid.UUID, path: str, expires_at: dt.datetime) -> str:
    """The whole address that leads ``user`` to ``path`` without a password, for a mail that leaves now.

    ``purpose`` is "take_part" (``about_id`` is a membership) or "guide" (a group or a session).
    Called again for the same page it gives the same address, living until the new ``expires_at``; after
    ``revoke`` it gives a new one.
    """
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError("a personal link leads to a page of ours")
    if _withheld.get():
        return whole_address("/link/…")
    link, _ = PersonalLink.objects.update_or_create(
        user=user,
        purpose=PersonalLink.Purpose(purpose),
        about_id=about_id,
        path=path,
        defaults={"expires_at": expires_at, "revoked_at": None},
    )
    return address_of(link)


def address_of(link: PersonalLink) -> str:
    token = tokens.make(SALT, link.pk, link.counter, *_says(link))
    return whole_address(reverse("accounts:link", args=[token]))


@transaction.atomic
def revoke(about_id: uuid.UUID) -> int:
    """End every address and every open narrow session about ``about_id``; how many links that were."""
    links = PersonalLink.objects.filter(about_id=about_id)
    RememberedDevice.objects.filter(link__in=links).delete()
    return links.update(revoked_at=clock.now(), counter=F("counter") + 1)


def end_those_sent_to(user: User) -> None:
    """End every address that ``user`` was mailed so far, and what was opened by one: the next mail holds a new one."""
    RememberedDevice.objects.filter(link__user=user).delete()
    PersonalLink.objects.filter(user=user).update(counter=F("counter") + 1)


def find(text: str) -> PersonalLink | None:
    """The link that the token ``text`` opens now, or None for every reason why it opens nothing."""
    token, link = tokens.read(text), issued(text)
    if token is None or link is None or token.counter != link.counter:
        return None
    return link if link.is_open(clock.now()) and link.user.is_active else None


def issued(text: str) -> PersonalLink | None:
    """The link whose address ``text`` once was, whether or not it still opens."""
    token = tokens.read(text)
    if token is None:
        return None
    link = PersonalLink.objects.select_related("user").filter(pk=token.pk).first()
    return link if link and tokens.fits(token, SALT, *_says(link)) else None


def _says(link: PersonalLink) -> tuple[object, ...]:
    return link.user_id, link.purpose, link.about_id, link.path
