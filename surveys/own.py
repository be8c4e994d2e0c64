"""What is kept here of one person by name: that a round about the climate asked them, until it closes."""

from collections.abc import Collection

from django.db.models import Q

from accounts.models import User
from surveys.models import ClimateInvitation


def erase_own(user: User, addresses: Collection[str]) -> None:
    """Their links stay and name nobody; what they answered is among the counts of the others."""
    mine = Q(user=user) | Q(email__in=[address.lower() for address in addresses])
    ClimateInvitation.objects.filter(mine).update(user=None, email="")
