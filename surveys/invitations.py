"""Invitations to a climate round as addresses: they answer once, and lead to what was shown afterwards."""

from django.urls import reverse

from accounts import tokens
from outbox.mail import link
from surveys.models import ClimateInvitation

SALT = "surveys.climate"


def address_of(invitation: ClimateInvitation) -> str:
    return link(reverse("surveys:climate-answer", args=[token_of(invitation)]))


def token_of(invitation: ClimateInvitation) -> str:
    return tokens.make(SALT, invitation.pk, 0, invitation.stratum_id)


def find(text: str) -> ClimateInvitation | None:
    """The invitation whose address holds ``text``; None for whatever we did not make."""
    token = tokens.read(text)
    if token is None:
        return None
    rows = ClimateInvitation.objects.select_related(
        "user", "stratum__department", "stratum__round__institution"
    )
    found = rows.filter(pk=token.pk).first()
    return found if found and tokens.fits(token, SALT, found.stratum_id) else None
