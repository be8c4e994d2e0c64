"""What may lie behind a low factor, and what to do first. Edges explain; they carry no points."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from fractions import Fraction

from catalogue.kinds import Catalogue, Edge, Kind
from catalogue.texts import Text
from checklist.facts.whole import NOBODY_TELLS
from checklist.outcomes import ItemScore
from checklist.scoring import FactorScore, LayerScore, Score

LOW = Fraction(60, 100)
UPSTREAM_GOOD = Fraction(75, 100)
#: From here people recognise each other, and up to there burnout sounds like fate.
RECOGNISED, FATE = Fraction(75, 100), Fraction(40, 100)

# Cheapest first: changing a plan costs less than changing what takes place or how people feel.
EFFORT: dict[Kind, int] = {
    "planned": 0,
    "coordinator_declared": 1,
    "recorded": 2,
    "intervisor_feedback": 3,
    "resident_feedback": 4,
    "climate_survey": 5,
}


@dataclass(frozen=True, slots=True)
class Cause:
    """An upstream factor, or a whole layer, that is low or unknown; ``score`` None is unknown."""

    key: str
    label: Text
    score: Fraction | None
    edge: Edge


def explanations(catalogue: Catalogue, score: Score) -> dict[str, tuple[Cause, ...]]:
    """For every low factor what may lie behind it; empty when nothing upstream is low.

    Then arrangements are not the cause, and the thing to do is to talk with the guide and the group.
    """
    low = [f.factor.key for f in score.factors.values() if f.score is not None and f.score < LOW]
    return {key: behind(catalogue, score, key) for key in low}


@dataclass(frozen=True, slots=True)
class Explained:
    """For each low factor its own causes. ``shared`` lie behind all of them alike and are said once; the factors
    ``of_climate`` are low with nothing behind them that a program arranges."""

    own: dict[str, tuple[Cause, ...]]
    of_climate: tuple[str, ...]
    shared: tuple[Cause, ...]


def explained(catalogue: Catalogue, score: Score) -> Explained:
    found = explanations(catalogue, score)
    own = {key: tuple(cause for cause in causes if cause.edge.to != "*") for key, causes in found.items()}
    climate = tuple(
        key for key, causes in own.items() if not causes and catalogue.factors[key].layer == "climate"
    )
    shared = {cause.key: cause for causes in found.values() for cause in causes if cause.edge.to == "*"}
    rest = {key: causes for key, causes in own.items() if key not in climate}
    return Explained(rest, climate, tuple(shared.values()))


def behind(catalogue: Catalogue, score: Score, factor: str) -> tuple[Cause, ...]:
    """Factors directly upstream of ``factor`` that are below UPSTREAM_GOOD or unknown."""
    causes = (_cause(score, edge) for edge in catalogue.interplay if _leads_to(catalogue, edge, factor))
    return tuple(c for c in causes if c is not None and (c.score is None or c.score < UPSTREAM_GOOD))


def next_steps(
    score: Score, *, chosen: Container[str] = (), explained: Container[str] = ()
) -> tuple[ItemScore, ...]:
    """Items to work on, in this order: hard flags, safety, depth, workload, then the cheapest.

    An unknown item is among them when the coordinator can make it known; what is ``chosen`` to stay as it is, is
    not, unless it raises a hard flag. What the program started without, ``explained``, comes last, unless it raises
    a flag.
    """
    hard = {flag.item.key for flag in score.flags if flag.critical == "hard"}
    flagged = {flag.item.key for flag in score.flags}
    left = (item for item in _open(score) if item.item.key in hard or item.item.key not in chosen)
    return tuple(
        sorted(
            left,
            key=lambda item: (
                item.item.key in explained and item.item.key not in flagged,
                _rank(item, hard),
            ),
        )
    )


def sounds_like_fate(score: Score) -> bool:
    """Whether people recognise each other in what nobody seems to escape: recognition alone would look like a gain."""
    recognised, fate = (score.items.get(key) for key in ("opt-recognition", "opt-burnout-not-fate"))
    if recognised is None or fate is None or recognised.score is None or fate.score is None:
        return False
    return recognised.score >= RECOGNISED and fate.score <= FATE


def _leads_to(catalogue: Catalogue, edge: Edge, factor: str) -> bool:
    if edge.to != "*":
        return edge.to == factor
    return catalogue.factors[factor].layer != edge.origin.removesuffix(":*")


def _cause(score: Score, edge: Edge) -> Cause | None:
    layer = score.layers.get(edge.origin.removesuffix(":*")) if edge.origin.endswith(":*") else None
    part: LayerScore | FactorScore | None = layer or score.factors.get(edge.origin)
    if part is None:  # the format has no item of that factor
        return None
    if isinstance(part, LayerScore):
        return Cause(part.layer.key, part.layer.label, part.score if part.usable else None, edge)
    return Cause(part.factor.key, part.factor.label, part.score, edge)


def _open(score: Score) -> Iterator[ItemScore]:
    for item in score.items.values():
        if item.status in ("partly", "not_met") or (item.status == "unknown" and _can_tell(item)):
            yield item


def _can_tell(item: ItemScore) -> bool:
    """Whether a coordinator can make it known: by planning or by answering."""
    kind = item.item.measure.kind
    return kind == "coordinator_declared" or (kind == "planned" and item.fact not in NOBODY_TELLS)


def _rank(item: ItemScore, hard: Container[str]) -> tuple[int, int, Fraction]:
    first = ("safety", "depth", "workload")
    if item.item.key in hard:
        turn = 0
    elif item.item.factor in first and item.status != "unknown":
        turn = 1 + first.index(item.item.factor)
    else:
        turn = 4 if item.status != "unknown" else 5
    gain = item.item.weight * (1 - (item.score or Fraction(0)))
    return turn, EFFORT[item.item.measure.kind], -gain
