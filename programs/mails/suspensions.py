"""To a coordinator: an assignment has been suspended, and a choice is needed. No names in the mail."""

import datetime as dt
import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from outbox import kinds
from outbox.mail import Gone, Mail, link
from programs import independence, suspensions
from programs.models import Program


def register() -> None:
    kinds.register(suspensions.SUSPENDED, suspended, label=gettext_lazy("Somebody has been suspended"))


def suspended(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    programs = Program.objects.coordinated_by(recipient).select_related("institution")
    program = programs.filter(pk=about_id).first()
    if program is None:
        return Gone("no longer coordinates")
    if not independence.suspended_in(program, program.institution.on_day(at)):
        return Gone("resolved")
    context = {"program": program, "address": link(reverse("programs:suspended", args=[program.pk]))}
    return Mail(
        _("A choice is needed in a program"), "emails/programs/suspended", context, program.institution.zone
    )
