"""Addresses by which people come in: a program's public page, and the link mailed to one address."""

from django.urls import reverse

from accounts import tokens
from outbox.mail import link
from programs.models import JoinRequest, Program

SALT = "programs.joining"


def public_address(program: Program) -> str:
    """The whole address that the QR code holds."""
    return link(reverse("joining:program", args=[program.join_key]))


def address_of(request: JoinRequest) -> str:
    token = tokens.make(SALT, request.pk, request.counter, request.program_id, request.email)
    return link(reverse("joining:confirm", args=[token]))


def find(text: str) -> JoinRequest | None:
    """The request whose mailed link this is, whether or not it still opens; None for what we never sent."""
    token = tokens.read(text)
    if token is None:
        return None
    requests = JoinRequest.objects.select_related("program__institution")
    request = requests.filter(pk=token.pk).first()
    if request is None or not tokens.fits(token, SALT, request.program_id, request.email):
        return None
    request.spent = token.counter != request.counter
    return request
