"""Looking up who opened texts of one person is an event of its own, which that person sees."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from intervision import clock
from vault.models import AccessEvent

#: The kind of such an event.
LOOKED_UP = AccessEvent._meta.label_lower
#: Leafing through the pages is one look.
ONCE_IN = dt.timedelta(days=1)


@transaction.atomic
def note(actor: Any, shown: Iterable[AccessEvent]) -> None:
    """Write down that ``actor`` looked up the owners of the events ``shown``, each once a day and house."""
    at = clock.now()
    owners = {(event.owner_id, event.house_id) for event in shown}
    noted = AccessEvent.objects.filter(actor_id=actor.pk, kind=LOOKED_UP, at__gt=at - ONCE_IN)
    owners -= set(noted.values_list("owner_id", "house_id"))
    AccessEvent.objects.bulk_create(
        AccessEvent(at=at, actor_id=actor.pk, owner_id=owner, kind=LOOKED_UP, about_id=owner, house_id=house)
        for owner, house in sorted(owners, key=str)
    )
