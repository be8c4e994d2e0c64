"""Counts as bytes, of one length for so many questions, whatever the counts are."""

import struct
from collections.abc import Mapping, Sequence

from surveys.releasing import NOBODY, Counts


def empty(items: Sequence[str]) -> dict[str, Counts]:
    return dict.fromkeys(items, NOBODY)


def pack(counts: Mapping[str, Counts], items: Sequence[str], *people: int) -> bytes:
    """``counts`` in the order of ``items``, after the numbers ``people``."""
    numbers = [*people, *(count for item in items for count in counts[item])]
    return struct.pack(f">{len(numbers)}H", *numbers)


def unpack(plain: bytes, items: Sequence[str], people: int = 0) -> tuple[tuple[int, ...], dict[str, Counts]]:
    """The first ``people`` numbers, and the counts; raises struct.error for bytes of another length."""
    numbers = struct.unpack(f">{people + 5 * len(items)}H", plain)
    rest = numbers[people:]
    counts: dict[str, Counts] = {item: rest[5 * n : 5 * n + 5] for n, item in enumerate(items)}
    return numbers[:people], counts
