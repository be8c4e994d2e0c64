"""Half-days of a week as bit masks: what a group has in common is one ``&``.

Bit ``2 * weekday + part``: weekday 0 is Monday, part 0 the morning and 1 the afternoon, fourteen bits.
"""

from datetime import datetime, time

EVERY_HALF_DAY = (1 << 14) - 1
AFTERNOON_FROM = time(13)


def touched(starts: datetime, ends: datetime) -> int:
    """The half-days of its first day that a period touches; local times, the afternoon begins at 13:00."""
    mask = 0
    if starts.time() < AFTERNOON_FROM:
        mask |= 1 << 2 * starts.weekday()
    if ends.date() > starts.date() or ends.time() > AFTERNOON_FROM:
        mask |= 1 << 2 * starts.weekday() + 1
    return mask


def in_order(mask: int) -> list[int]:
    """The numbers of the half-days in ``mask``, Monday morning first."""
    return [index for index in range(14) if mask >> index & 1]
