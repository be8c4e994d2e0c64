"""A program has ended: until when everybody can take along what only they can read. The same mail for everybody."""

import datetime as dt
import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from outbox import kinds
from outbox.mail import Gone, Mail, link
from programs import offers
from programs.mails.intakes import of_house
from programs.models import Program


def register() -> None:
    kinds.register(offers.ENDED, ended, label=gettext_lazy("The program has ended"))
    kinds.register(offers.LEAVING, leaving, label=gettext_lazy("Reminder: the program has ended"))


def ended(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    return offered(about_id, at, _("A program has ended"), soonest=at)


def leaving(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    return offered(about_id, at, _("A program has ended: a reminder"), soonest=at + offers.NOTICE)


def offered(about_id: uuid.UUID, at: dt.datetime, subject: str, *, soonest: dt.datetime) -> Mail | Gone:
    """``soonest`` is the moment before which nothing leaves, whatever the period says."""
    program = Program.objects.select_related("institution").filter(pk=about_id).first()
    end = offers.end_of(program) if program else None
    if program is None or end is None:
        return Gone("goes on")
    leaves = max(offers.leaves_at(program.institution, end.created_at), soonest)
    context = of_house(program) | {
        "leaves_on": program.institution.on_day(leaves),
        # The page's name belongs to a higher room.
        "address": link(reverse("desk:my-data")),
    }
    return Mail(subject, "emails/programs/ended", context, program.institution.zone)
