"""Asking guides for their own word on independence."""

import datetime as dt
import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import links
from accounts.models import User
from outbox import kinds
from outbox.mail import Gone, Mail
from programs.actions.guides import ASK
from programs.models import Guide

#: How long the question can be answered by its link.
LASTS = dt.timedelta(days=30)


def register() -> None:
    kinds.register(ASK, ask, label=gettext_lazy("A question about independence"))


def ask(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    guides = Guide.objects.current().filter(pk=about_id, user=recipient)
    guide = guides.select_related("group__program__institution").first()
    if guide is None:
        return Gone("no longer guides")
    program = guide.group.program
    address = links.address(
        recipient,
        purpose="guide",
        about_id=guide.pk,
        path=reverse("programs:declare", args=[guide.pk]),
        expires_at=at + LASTS,
    )
    context = {"program": program, "address": address}
    return Mail(
        _("A short question before the start"),
        "emails/programs/ask_independence",
        context,
        program.institution.zone,
    )
