"""Invitations as addresses: who may set a password, once, until a day."""

from django.urls import reverse

from accounts import access, tokens
from accounts.models import Invitation
from outbox.mail import link as whole_address

SALT = "accounts.invitations"


def address_of(invitation: Invitation) -> str:
    token = tokens.make(SALT, invitation.pk, invitation.counter, *_says(invitation))
    return whole_address(reverse("accounts:invitation", args=[token]))


def find(text: str) -> Invitation | None:
    """The invitation that ``text`` opens now. None once used, late, revoked or when the address changed."""
    token = tokens.read(text)
    if token is None:
        return None
    rows = Invitation.objects.select_related("user", "institution").filter(pk=token.pk, counter=token.counter)
    invitation = rows.first()
    if invitation is None or not tokens.fits(token, SALT, *_says(invitation)):
        return None
    return invitation if is_open(invitation) else None


def is_open(invitation: Invitation) -> bool:
    user = invitation.user
    return invitation.is_open(access.real_now()) and user.is_active and user.email == invitation.email


def _says(invitation: Invitation) -> tuple[object, ...]:
    return invitation.user_id, invitation.institution_id, invitation.email
