"""What this room keeps about one person: who else opened their texts. The rooms that hold the texts tell those."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from catalogue.kept import Section, section
from vault import doors
from vault.models import AccessEvent


def export_own(user: Any) -> Iterator[Section]:
    events = list(AccessEvent.objects.of(user))
    names = get_user_model()._default_manager.in_bulk({event.actor_id for event in events})
    yield section(
        "access_events",
        "opened_by",
        _("Who opened what you wrote"),
        {"at": _("When"), "who": _("Who"), "what": _("What")},
        (
            {
                "at": event.at,
                "who": str(names.get(event.actor_id, "")),
                "what": doors.label_of(event.kind),
            }
            for event in events
        ),
    )
