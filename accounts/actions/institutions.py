from typing import Any

from django.db import transaction

from accounts.errors import StaleInstitution
from accounts.models import Institution
from intervision import versions

#: What the form of a house changes.
EDITED = ("name", "country", "time_zone", "language", "working_days", "working_from", "working_until")


@transaction.atomic
def save(institution: Institution, values: dict[str, Any], *, seen: str) -> Institution:
    """Store what an editor who saw the fingerprint ``seen`` typed, and return the house as saved.

    Raises StaleInstitution, having changed nothing, when somebody saved something else meanwhile.
    """
    locked = Institution.objects.select_for_update().get(pk=institution.pk)
    if seen and versions.fingerprint(locked, EDITED) != seen:
        raise StaleInstitution
    for name in EDITED:
        setattr(locked, name, values[name])
    locked.save(update_fields=EDITED)
    return locked
