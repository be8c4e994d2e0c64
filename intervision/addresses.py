"""Where a page is, for lists of hundreds of links: the resolver is asked once for each kind of page."""

import uuid
from functools import cache

from django.urls import get_script_prefix, reverse


def address(name: str, *ids: uuid.UUID | str | None) -> str:
    """``reverse(name, args=ids)`` for pages found by ids alone, or by keys that are slugs."""
    return _pattern(name, len(ids), get_script_prefix()) % ids


@cache
def _pattern(name: str, count: int, prefix: str) -> str:
    stand_ins = [uuid.UUID(int=nth) for nth in range(count)]
    pattern = reverse(name, args=stand_ins).replace("%", "%%")
    for stand_in in stand_ins:
        pattern = pattern.replace(str(stand_in), "%s")
    return pattern
