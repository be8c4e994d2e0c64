from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.errors import PeriodRefused, StaleInstitution
from accounts.models import Institution
from catalogue import retention
from intervision import versions

KEPT = ("own_periods",)
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


@transaction.atomic
def shorten(institution: Institution, numbers: Mapping[str, int], *, seen: str) -> Institution:
    """Keep each kind for ``numbers`` days or months, and return the house as saved.

    Raises StaleInstitution for an editor who saw another version, and PeriodRefused for a kind without a period or
    a number that the table does not allow. The database notes who changed what.
    """
    locked = Institution.objects.select_for_update().get(pk=institution.pk)
    if versions.fingerprint(locked, KEPT) != seen:
        raise StaleInstitution
    table = retention.load()
    for key, number in numbers.items():
        kind = table.get(key)
        if kind is None or not kind.allows(number):
            raise PeriodRefused
    locked.own_periods = {key: number for key, number in numbers.items() if table[key].is_shorter(number)}
    locked.save(update_fields=KEPT)
    return locked
