"""A root of a fraction, compared exactly: a geometric mean that lies on an edge stays on it."""

import math
from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from functools import total_ordering
from typing import Self

STEPS = range(0, 101, 5)


@total_ordering
@dataclass(frozen=True, slots=True)
class Root:
    """The ``degree``-th root of ``base``, which is from 0 to 1."""

    base: Fraction
    degree: int = 1

    @classmethod
    def geometric_mean(cls, values: list[Fraction]) -> Self:
        return cls(math.prod(values, start=Fraction(1)), len(values))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Root) and self.base**other.degree == other.base**self.degree

    def __lt__(self, other: "Root") -> bool:
        return self.base**other.degree < other.base**self.degree

    def __hash__(self) -> int:
        return hash(float(self))

    def __float__(self) -> float:
        return math.pow(self.base, 1 / self.degree)

    def down_to_five(self) -> int:
        """Out of 100, rounded down to a multiple of 5."""
        above = bisect_right(STEPS, self, key=lambda step: Root(Fraction(step, 100)))
        return STEPS[above - 1]
