"""How well the times of a group fit one person: for showing groups to join, best fit first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from planning.notes import Id


class Fit(IntEnum):
    """Lower fits better. Not known lies between fine and rather not: nothing speaks against it."""

    FINE = 0
    NOT_KNOWN = 1
    RATHER_NOT = 2
    NEVER = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A group one could join; ``half_days`` is the mask its sessions touch, None without dates yet."""

    id: Id
    half_days: int | None


_BY_ANSWER = {"f": Fit.FINE, "-": Fit.NOT_KNOWN, "r": Fit.RATHER_NOT, "n": Fit.NEVER}


def fit(half_days: int | None, answers: str) -> Fit:
    """The worst of ``answers`` over the half-days in the mask; fourteen letters as ``accounts`` stores them."""
    if not half_days:
        return Fit.NOT_KNOWN
    return max(_BY_ANSWER[answer] for index, answer in enumerate(answers) if half_days >> index & 1)


def best_fit_first(groups: Iterable[Candidate], answers: str) -> Sequence[tuple[Candidate, Fit]]:
    """Groups with their fit; the given order decides between equals."""
    return sorted(((group, fit(group.half_days, answers)) for group in groups), key=lambda pair: pair[1])
