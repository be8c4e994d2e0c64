"""The line somebody keeps for themselves after a session."""

import datetime as dt

from django.db import transaction

import vault
from catalogue import retention
from programs.actions.own_texts import ended_before
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


def purge(*, at: dt.datetime) -> int:
    """Delete lines of programs that ended longer ago than people were told; returns how many."""
    period = retention.of("private_line").period
    assert period is not None  # noqa: S101  the table says so
    programs = ended_before(period.before(at))
    return PrivateLine.objects.filter(membership__program__in=programs).delete()[0]
