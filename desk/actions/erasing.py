"""Being forgotten: every room lets go of one person, and the journal outside the database says so."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

import vault
from accounts import own as who
from accounts.models import Appointment, User
from concerns import own as reports
from desk import journal
from desk.errors import StillInOffice
from intervision import clock
from outbox import own as told
from programs import own as places
from programs.models import Membership
from sessions import own as meetings
from surveys import own as asked


def in_office(user: User) -> Sequence[Appointment]:
    """Roles of today or later: they end first, by whoever sees to the house, because others depend on them."""
    lasting = Q(until_on__isnull=True) | Q(until_on__gte=clock.today())
    return list(user.appointments.filter(lasting).select_related("institution"))


@transaction.atomic
def erase(user: User) -> None:
    """Erase ``user`` from every room. Raises StillInOffice, having changed nothing."""
    row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if roles := in_office(row):
        raise StillInOffice(roles)
    at = clock.now()
    let_go(row, at=at)
    journal.note(row.pk, at)


def let_go(user: User, *, at: dt.datetime) -> None:
    """Each room in turn; whoever they are goes last, since the others ask for it. Twice is once."""
    addresses = who.addresses(user)
    meetings.erase_own(user, at=at)
    places.erase_own(user, addresses, at=at)
    reports.erase_own(user, at=at)
    asked.erase_own(user, addresses)
    vault.shred(user)
    told.erase_own(user, addresses, at=at)
    who.erase_own(user, at=at)


@transaction.atomic
def end_part(place: Membership) -> None:
    """``place`` ends today, with what its owner said of sessions to come. Raises AlreadyLeft."""
    at = clock.now()
    meetings.forget_coming(place, at=at)
    places.end_part(place, at=at)


def replay() -> int:
    """Erase once more whom the journal names, after an older database was restored; how many that were."""
    found = 0
    for pk, at in journal.people():
        with transaction.atomic():
            user = User.objects.select_for_update(no_key=True).filter(pk=pk, erased_at__isnull=True).first()
            if user:
                user.appointments.filter(Q(until_on__isnull=True) | Q(until_on__gte=at.date())).delete()
                let_go(user, at=at)
                found += 1
    return found
