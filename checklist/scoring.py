"""The score of a group: items, factors, layers and the whole. No database, no clock.

Weights, cut-offs and formula are ours; the papers give none. It is a planning aid, not a quality mark.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Literal

from catalogue.kinds import Catalogue, Critical, Factor, Item, Layer
from checklist.inputs import AfterRepair, Inputs, refuse_bad
from checklist.outcomes import ItemScore, Status, score_item
from checklist.roots import Root

ENOUGH_COVERAGE = Fraction(1, 2)
FLOOR = Fraction(1, 20)
SLACK_ABOVE_MINIMAL = Fraction(3, 20)
CAPS: dict[Critical, Fraction] = {"hard": Fraction(35, 100), "soft": Fraction(55, 100)}
NEEDED = ("preparation", "minimal", "optimizing")
BANDS = ((80, "strong"), (60, "workable"), (40, "fragile"), (0, "not safe to build on"))

#: The condition that a leak breaks, and after its repair still flags.
LEAK = "min-no-leak"
LimitedBy = Literal["layers", "minimal+15", "hard", "soft"]
ScoreStatus = Literal["full", "provisional_no_climate", "withheld"]
Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Counts:
    met: int
    partly: int
    not_met: int
    unknown: int

    @property
    def of(self) -> int:
        return self.met + self.partly + self.not_met + self.unknown

    @property
    def open(self) -> int:
        return self.partly + self.not_met


@dataclass(frozen=True)
class FactorScore:
    """``items`` are all items of the factor, those that do not apply included."""

    factor: Factor
    score: Fraction | None
    coverage: Fraction
    items: tuple[ItemScore, ...]

    @cached_property
    def counts(self) -> Counts:
        return count(self.items)


@dataclass(frozen=True)
class LayerScore:
    """``score`` may be known while ``coverage`` is too small to show or use it."""

    layer: Layer
    score: Fraction | None
    coverage: Fraction
    factors: tuple[FactorScore, ...]

    @property
    def thin(self) -> bool:
        """Less than half of it is known, by weight."""
        return self.coverage < ENOUGH_COVERAGE

    @property
    def usable(self) -> bool:
        return self.score is not None and not self.thin

    @cached_property
    def shown(self) -> int | None:
        """Out of 100, rounded down to a multiple of 5; None while too little is known."""
        return Root(self.score).down_to_five() if self.score is not None and self.usable else None

    @cached_property
    def items(self) -> tuple[ItemScore, ...]:
        return tuple(item for factor in self.factors for item in factor.items)

    @property
    def points(self) -> tuple[int, int]:
        """How many conditions are known, and how many there are to know."""
        known = sum(item.score is not None for item in self.items)
        return known, sum(item.applicable for item in self.items)

    @cached_property
    def counts(self) -> Counts:
        return count(self.items)


@dataclass(frozen=True, slots=True)
class Flag:
    """``repaired``: what it stands for was repaired, and the group has not said yet that trust is back."""

    item: Item
    critical: Critical
    repaired: bool = False


@dataclass(frozen=True)
class Score:
    """``layers`` in the order of the catalogue; ``limiting``: keys of the factors that hold it down."""

    format: str
    layers: dict[str, LayerScore]
    flags: tuple[Flag, ...]
    status: ScoreStatus
    overall: Root | None
    range: tuple[Root, Root] | None
    limited_by: LimitedBy | None
    limiting: tuple[str, ...]
    after_repair: AfterRepair = ""

    @cached_property
    def shown(self) -> int | None:
        return self.overall.down_to_five() if self.overall else None

    @property
    def band(self) -> str | None:
        return None if self.shown is None else band_word(self.shown)

    @cached_property
    def held_down_by(self) -> tuple[str, ...]:
        """What is outlined: factors that limit the total, and each that is flagged, also without a total."""
        return tuple(dict.fromkeys((*self.limiting, *(flag.item.factor for flag in self.flags))))

    @property
    def readiness(self) -> int | None:
        """What may be shown before an overall exists: the preparation, out of 100."""
        return self.layers["preparation"].shown

    @cached_property
    def items(self) -> dict[str, ItemScore]:
        return {item.item.key: item for layer in self.layers.values() for item in layer.items}

    @cached_property
    def factors(self) -> dict[str, FactorScore]:
        return {factor.factor.key: factor for layer in self.layers.values() for factor in layer.factors}


@dataclass(frozen=True, slots=True)
class _Whole:
    layers: dict[str, LayerScore]
    flags: tuple[Flag, ...]
    overall: Root | None
    limited_by: LimitedBy | None


def score(catalogue: Catalogue, format_key: str, inputs: Inputs) -> Score:
    """Score ``inputs`` as a group. Raises ValueError for input that only a mistake can bring."""
    refuse_bad(inputs, catalogue, format_key)
    items = catalogue.items_of(format_key, extended=inputs.extended)
    scored = [score_item(item, format_key, inputs, catalogue) for item in items]
    return of_items(catalogue, format_key, scored, inputs.after_repair)


def of_items(
    catalogue: Catalogue, format_key: str, scored: list[ItemScore], after_repair: AfterRepair = ""
) -> Score:
    """The score that ``scored`` come to; ``format_key`` is empty where they are of several formats."""
    whole = _assemble(catalogue, scored, after_repair)
    return Score(
        format=format_key,
        layers=whole.layers,
        flags=whole.flags,
        status=_status(whole),
        overall=whole.overall,
        range=_range(catalogue, scored, whole.overall, after_repair),
        limited_by=whole.limited_by,
        limiting=_limiting(whole),
        after_repair=after_repair,
    )


def band_word(shown: int) -> str:
    return next(word for least, word in BANDS if shown >= least)


def count(items: Iterable[ItemScore]) -> Counts:
    statuses: list[Status] = [item.status for item in items]
    return Counts(*(statuses.count(status) for status in ("met", "partly", "not_met", "unknown")))


def confidence(score: Score, *, response: Fraction | None, fresh: bool) -> Confidence | None:
    """How far to trust an overall: ``response`` is the share of members who answered, None if unknown."""
    used = [layer.coverage for layer in score.layers.values() if layer.usable]
    if score.overall is None:
        return None
    if min(used) < Fraction(6, 10) or (response is not None and response < Fraction(1, 2)):
        return "low"
    if min(used) >= Fraction(8, 10) and response is not None and response >= Fraction(7, 10) and fresh:
        return "high"
    return "medium"


def _assemble(catalogue: Catalogue, scored: list[ItemScore], after_repair: AfterRepair) -> _Whole:
    layers = {key: _layer(catalogue, layer, scored) for key, layer in catalogue.layers.items()}
    flags = tuple(_flags(scored, after_repair))
    overall, limited_by = _overall(layers, flags)
    return _Whole(layers, flags, overall, limited_by)


def _layer(catalogue: Catalogue, layer: Layer, scored: list[ItemScore]) -> LayerScore:
    mine = [item for item in scored if item.item.layer == layer.key]
    factors = tuple(
        _factor(factor, [item for item in mine if item.item.factor == factor.key])
        for factor in catalogue.factors_of(layer.key)
        if any(item.item.factor == factor.key for item in mine)
    )
    value = _lowest(factors) if layer.key == "minimal" else _mean(mine)
    return LayerScore(layer, value, _coverage(mine), factors)


def _factor(factor: Factor, items: list[ItemScore]) -> FactorScore:
    value = _felt(items) if factor.layer == "minimal" else _mean(items)
    return FactorScore(factor, value, _coverage(items), tuple(items))


def _felt(items: list[ItemScore]) -> Fraction | None:
    """Safety or depth: paperwork can lower it, never lift it above what residents feel.

    Unknown until the anchor is known: the question that asks for the thing itself.
    """
    if not any(item.item.anchor and item.score is not None for item in items):
        return None
    felt = _mean([item for item in items if item.item.measure.kind == "resident_feedback"])
    everything = _mean(items)
    return None if felt is None or everything is None else min(felt, everything)


def _lowest(factors: Iterable[FactorScore]) -> Fraction | None:
    """Both are prerequisites, so neither makes up for the other and both must be known."""
    scores = [factor.score for factor in factors]
    known = [value for value in scores if value is not None]
    return min(known) if known and len(known) == len(scores) else None


def _mean(items: Iterable[ItemScore]) -> Fraction | None:
    """Exact, over one denominator: a sum of fractions one by one costs far more."""
    known = [(item.score, item.item.weight) for item in items if item.score is not None]
    weight = sum(weight for _, weight in known)
    if not weight:
        return None
    common = lcm(*(value.denominator for value, _ in known))
    total = sum(value.numerator * (common // value.denominator) * own for value, own in known)
    return Fraction(total, common * weight)


def _coverage(items: Iterable[ItemScore]) -> Fraction:
    applicable = [item for item in items if item.applicable]
    weight = sum(item.item.weight for item in applicable)
    known = sum(item.item.weight for item in applicable if item.score is not None)
    return Fraction(known, weight) if weight else Fraction(0)


def _flags(scored: list[ItemScore], after_repair: AfterRepair) -> Iterable[Flag]:
    """What is wrong now; and a leak that was repaired, until the group itself says that trust is back."""
    for item in scored:
        critical = item.item.critical
        if critical and item.score is not None and item.score < (1 if critical == "hard" else Fraction(1, 2)):
            yield Flag(item.item, critical)
        elif item.item.key == LEAK and after_repair == "awaits":
            yield Flag(item.item, "hard", repaired=True)


def _overall(layers: dict[str, LayerScore], flags: tuple[Flag, ...]) -> tuple[Root | None, LimitedBy | None]:
    if not all(layers[key].usable for key in NEEDED):
        return None, None
    used = [max(layer.score, FLOOR) for layer in layers.values() if layer.usable and layer.score is not None]
    minimal = layers["minimal"].score or Fraction(0)
    limits: list[tuple[Root, LimitedBy]] = [
        (Root.geometric_mean(used), "layers"),
        (Root(minimal + SLACK_ABOVE_MINIMAL), "minimal+15"),
    ]
    limits += [(Root(CAPS[flag.critical]), flag.critical) for flag in flags]
    return min(limits, key=lambda limit: limit[0])


def _status(whole: _Whole) -> ScoreStatus:
    if whole.overall is None:
        return "withheld"
    return "full" if whole.layers["climate"].usable else "provisional_no_climate"


def _range(
    catalogue: Catalogue, scored: list[ItemScore], overall: Root | None, after_repair: AfterRepair
) -> tuple[Root, Root] | None:
    """The overall with all that is unknown at its worst and its best, widened to hold the overall."""
    if overall is None:
        return None
    ends = [
        _assemble(catalogue, _filled(scored, Fraction(end)), after_repair).overall or overall
        for end in (0, 1)
    ]
    return min(*ends, overall), max(*ends, overall)


def _filled(scored: list[ItemScore], value: Fraction) -> list[ItemScore]:
    return [replace(item, score=value) if item.applicable and item.score is None else item for item in scored]


def _limiting(whole: _Whole) -> tuple[str, ...]:
    match whole.limited_by:
        case "hard" | "soft":
            return tuple(dict.fromkeys(f.item.factor for f in whole.flags if f.critical == whole.limited_by))
        case "minimal+15":
            minimal = whole.layers["minimal"]
            return tuple(f.factor.key for f in minimal.factors if f.score == minimal.score)
        case "layers":
            return _weakest(whole.layers)
    return ()


def _weakest(layers: dict[str, LayerScore]) -> tuple[str, ...]:
    """The lowest factor of the lowest layer, unless that layer is strong."""
    usable = [layer for layer in layers.values() if layer.usable]
    lowest = min(usable, key=lambda layer: layer.score or Fraction(0))
    known = [factor for factor in lowest.factors if factor.score is not None]
    if (lowest.shown or 0) >= BANDS[0][0]:
        return ()
    return (min(known, key=lambda factor: factor.score or Fraction(0)).factor.key,)
