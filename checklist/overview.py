"""What the first page of a checklist says of a score: each layer with its factors, and the conditions that are open."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import catalogue
from catalogue.kinds import Kind
from checklist.interplay import EFFORT
from checklist.lines import ORDER, VARIANTS
from checklist.links import comes_by_itself
from checklist.outcomes import ItemScore
from checklist.places import Place
from checklist.scoring import Counts, FactorScore, LayerScore, Score, band_word


@dataclass(frozen=True, slots=True)
class OpenCondition:
    """One that is met in part or not at all."""

    statement: str
    status: str
    variant: str
    url: str


@dataclass(frozen=True, slots=True)
class FactorPart:
    label: str
    met: str
    limits: bool
    url: str
    open: tuple[OpenCondition, ...]


@dataclass(frozen=True, slots=True)
class LayerPart:
    """``shown`` is the part to unfold at once."""

    key: str
    label: str
    met: str
    #: What comes next where too little is known for a number; said also while the part is folded.
    thin: str
    known: str
    url: str
    factors: tuple[FactorPart, ...]
    shown: bool
    word: str


def parts(score: Score, place: Place) -> list[LayerPart]:
    """Unfolded is the layer that limits the total, else the first with something open."""
    unfolded = next((key for key in _by_need(score) if score.layers[key].counts.open), "")
    return [_layer(score.layers[key], score, place.layer(key), key == unfolded) for key in ORDER]


def _by_need(score: Score) -> list[str]:
    limiting = {catalogue.load().factors[key].layer for key in score.held_down_by}
    return sorted(ORDER, key=lambda key: key not in limiting)


def _layer(layer: LayerScore, score: Score, url: str, unfolded: bool) -> LayerPart:
    return LayerPart(
        key=layer.layer.key,
        label=str(layer.layer.label),
        met=met(layer.counts),
        thin=known(layer) if layer.thin else "",
        known=_known(layer),
        url=url,
        factors=tuple(_factor(factor, score, url) for factor in layer.factors),
        shown=unfolded,
        word=_word(layer),
    )


def _word(layer: LayerScore) -> str:
    return str(catalogue.load().word("band", band_word(layer.shown))) if layer.shown is not None else ""


def met(counts: Counts) -> str:
    return _("%(met)s of %(of)s met") % {"met": counts.met, "of": counts.of}


def _known(layer: LayerScore) -> str:
    opened = _("%(open)s not met or only partly") % {"open": layer.counts.open} if layer.counts.open else ""
    return ", ".join(filter(None, ("" if layer.thin else known(layer), opened)))


#: What makes conditions of each kind known.
MAKES_KNOWN: Mapping[Kind, Any] = {
    "planned": gettext_lazy("more of the plan"),
    "coordinator_declared": gettext_lazy("the coordinator's answers"),
    "recorded": gettext_lazy("sessions that take place"),
    "intervisor_feedback": gettext_lazy("the guide's answers"),
    "resident_feedback": gettext_lazy("the members' answers"),
    "climate_survey": gettext_lazy("the climate survey"),
}


def known(layer: LayerScore) -> str:
    """How many of its conditions are known; where that is too little for a number, also what comes next."""
    points, of = layer.points
    said = _("%(known)s of %(all)s conditions known") % {"known": points, "all": of}
    if not layer.thin:
        return said
    following = next_known(layer)
    if following is None:
        return _("%(said)s, too few for a number") % {"said": said}
    return _("%(said)s, too few for a number; next: %(what)s") % {
        "said": said,
        "what": MAKES_KNOWN[following],
    }


def next_known(layer: LayerScore) -> Kind | None:
    """The kind that most of what is not yet known waits for, by weight; of two alike the cheapest."""
    missing: Counter[Kind] = Counter()
    for item in layer.items:
        if item.status == "unknown" and not comes_by_itself(item.fact):
            missing[item.item.measure.kind] += item.item.weight
    return min(missing, key=lambda kind: (-missing[kind], EFFORT[kind]), default=None)


def _factor(factor: FactorScore, score: Score, url: str) -> FactorPart:
    key = factor.factor.key
    return FactorPart(
        label=str(factor.factor.label),
        met=met(factor.counts),
        limits=key in score.held_down_by,
        url=f"{url}#{key}",
        open=tuple(_open(item, url) for item in factor.items if item.status in ("partly", "not_met")),
    )


def _open(item: ItemScore, url: str) -> OpenCondition:
    return OpenCondition(
        statement=str(item.item.statement),
        status=str(catalogue.load().word("status", item.status)),
        variant=VARIANTS[item.status],
        url=f"{url}#{item.item.key}",
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """A layer as it is and as it would be."""

    label: str
    now: str
    then: str
    changes: bool


def compared(now: Score, then: Score) -> list[Compared]:
    return [_compared(now.layers[key], then.layers[key]) for key in ORDER]


def _compared(now: LayerScore, then: LayerScore) -> Compared:
    before, after = _of_hundred(now), _of_hundred(then)
    return Compared(str(now.layer.label), before, after, before != after)


def _of_hundred(layer: LayerScore) -> str:
    number = _("not yet known") if layer.shown is None else _("%(shown)s of 100") % {"shown": layer.shown}
    return f"{met(layer.counts)} ({number})"


def in_words(score: Score) -> list[tuple[str, str]]:
    """Each layer with its number out of 100 and its word, and nothing of what is inside it."""
    return [(str(score.layers[key].layer.label), _worded(score.layers[key])) for key in ORDER]


def _worded(layer: LayerScore) -> str:
    if layer.shown is None:
        return known(layer)
    return _("%(word)s, %(shown)s of 100") % {"word": _word(layer), "shown": layer.shown}
