from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from accounts import invitations
from accounts.actions.invitations import invite
from accounts.models import Appointment, Institution


class Command(BaseCommand):
    help = (
        "Makes the institution if it is not there, appoints somebody as its administrator, mails the invitation "
        "and prints its address."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="where the invitation goes")
        parser.add_argument("--institution", required=True, metavar="NAME")
        parser.add_argument("--name", default="", help="of the person; the address if not given")

    def handle(self, *args: Any, email: str, institution: str, name: str, **options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email!r} is not an e-mail address") from error
        with transaction.atomic():
            house = find_or_make(institution.strip())
            invitation = invite(
                email,
                name=name or email,
                institution=house,
                role=Appointment.Role.ADMINISTRATOR,
                invited_by=None,
            )
        self.stdout.write(invitations.address_of(invitation))


def find_or_make(name: str) -> Institution:
    """The institution of this name, whatever its capitals; a new one has a short name of its own."""
    if known := Institution.objects.filter(name__iexact=name).first():
        return known
    short = slugify(name)[:40]
    if not short:
        raise CommandError("an institution needs a name with letters or digits")
    taken = set(Institution.objects.filter(slug__startswith=short).values_list("slug", flat=True))
    slug = next(slug for slug in (short, *(f"{short}-{n}" for n in range(2, 1000))) if slug not in taken)
    return Institution.objects.create(name=name, slug=slug)
