"""The line somebody keeps for themselves after a session."""

from django.db import transaction

import vault
from programs.models import Membership
from sessions.models import GroupSession, PrivateLine


@transaction.atomic
def save_line(session: GroupSession, place: Membership, text: str) -> None:
    """Seal ``text`` as the line of ``place`` about ``session``; an empty one is removed. Raises vault.CannotOpen."""
    Membership.objects.select_for_update(no_key=True).get(pk=place.pk)
    line = PrivateLine.objects.filter(session=session, membership=place).first()
    if not text:
        if line:
            line.delete()
        return
    vault.write(place.user, line or PrivateLine(session=session, membership=place), {"line": text})
