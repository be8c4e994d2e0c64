"""What this room keeps about one person, and how it lets go of it."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalogue.kept import Section, section
from outbox.models import Job, Message


def export_own(user: Any) -> Iterator[Section]:
    """What was, or will be, told to ``user``, and long work they started. No message keeps its words."""
    messages = Message.objects.filter(recipient=user).order_by("due_at", "id")
    yield section(
        "messages",
        "messages",
        _("Messages to you"),
        {"what": _("Message"), "due": _("Planned for"), "state": _("State"), "sent": _("Sent on")},
        (
            {
                "what": row.label,
                "due": row.due_at,
                "state": str(row.get_state_display()),
                "sent": row.sent_at,
            }
            for row in messages
        ),
    )
    work = Job.objects.filter(started_by=user).order_by("created_at")
    yield section(
        "messages",
        "long_work",
        _("Long work you started"),
        {"what": _("What"), "started": _("Started on"), "state": _("State")},
        (
            {"what": row.label, "started": row.created_at, "state": str(row.get_state_display())}
            for row in work
        ),
    )


def erase_own(user: Any, addresses: Collection[str], *, at: dt.datetime) -> None:
    """Delete what was told to ``user`` or is still to be told, and long work they started."""
    Message.objects.filter(recipient=user).delete()
    Message.objects.filter(address__in=addresses).delete()
    Job.objects.filter(started_by=user).delete()
