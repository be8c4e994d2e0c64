from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts import invitations
from accounts.actions.starting_over import start_over
from accounts.models import User


class Command(BaseCommand):
    help = (
        "For somebody who lost phone and recovery codes, or whose address the hospital changed: takes away password "
        "and second factors, ends every sign-in and every personal link mailed before, mails an invitation and prints "
        "its address. Nothing else is lost."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address they have here now")
        parser.add_argument(
            "--new-address", default="", help="theirs from now on; the old one then opens nothing"
        )

    def handle(self, *args: Any, email: str, new_address: str, **options: Any) -> None:
        user = User.objects.with_house().filter(email__iexact=email).first()
        if user is None or user.home is None:
            raise CommandError(f"nobody with a place in an institution has the address {email!r}")
        if new_address:
            refuse_unless_free(new_address, user)
        invitation = start_over(user, user.home, invited_by=None, new_address=new_address)
        self.stdout.write(invitations.address_of(invitation))


def refuse_unless_free(address: str, user: User) -> None:
    try:
        validate_email(address)
    except ValidationError as error:
        raise CommandError(f"{address!r} is not an e-mail address") from error
    if User.objects.by_address(address) not in (None, user):
        raise CommandError(f"somebody else has the address {address!r}")
