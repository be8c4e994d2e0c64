"""The one sentence that says what a score shows, first as plain data, then in words."""

from collections.abc import Container
from dataclasses import dataclass
from fractions import Fraction

import catalogue
from catalogue.texts import Text
from checklist.scoring import BANDS, LayerScore, Score, band_word

STRONG = BANDS[0][1]


@dataclass(frozen=True, slots=True)
class LayerState:
    """``state`` is a band word, or ``unknown`` while too little of the layer is known."""

    layer: str
    state: str


@dataclass(frozen=True, slots=True)
class Finding:
    """``held_down_by`` are factor keys; ``layers`` are the layers worth naming, the worst first."""

    held_down_by: tuple[str, ...]
    layers: tuple[LayerState, ...]
    all_strong: bool = False


def finding(score: Score) -> Finding:
    states = {key: state_of(layer) for key, layer in score.layers.items()}
    if score.overall is None:
        return _withheld(score, states)
    unknown = tuple(LayerState(key, state) for key, state in states.items() if state == "unknown")
    strongest = _strongest(score, states)
    if score.limited_by != "layers":
        return Finding(score.limiting, strongest + unknown)
    lowest = _lowest(score)
    if states[lowest] == STRONG:
        return Finding((), unknown, all_strong=True)
    return Finding((), (LayerState(lowest, states[lowest]), *strongest, *unknown))


def sentence(score: Score, language: str | None = None, *, left_out: Container[str] = ()) -> str:
    """The finding in ``language``, or in the active one; of layers ``left_out`` it says that they are not shown."""
    found = finding(score)
    words = catalogue.load().words
    parts = [_held_down(found, language)] if found.held_down_by else []
    parts += [_say(words["finding"]["all_strong"], language)] if found.all_strong else []
    parts += [
        _say(words[f"finding_{layer.layer}"][_shown_state(layer, left_out)], language)
        for layer in found.layers
    ]
    said = "; ".join(parts or [_say(words["finding"]["nothing"], language)])
    return said[0].upper() + said[1:] + "."


def _shown_state(layer: LayerState, left_out: Container[str]) -> str:
    return "left_out" if layer.state == "unknown" and layer.layer in left_out else layer.state


def of_layers(score: Score) -> str:
    """What each layer comes to, the known ones first, without naming what is inside them."""
    words, states = catalogue.load().words, {key: state_of(layer) for key, layer in score.layers.items()}
    order = sorted(states, key=lambda key: states[key] == "unknown")
    said = "; ".join(_say(words[f"finding_{key}"][states[key]], None) for key in order)
    return said[0].upper() + said[1:] + "."


def state_of(layer: LayerScore) -> str:
    return "unknown" if layer.shown is None else band_word(layer.shown)


def _withheld(score: Score, states: dict[str, str]) -> Finding:
    """Flags show at once; then what is known, then which of the layers it takes is not."""
    flagged = tuple(dict.fromkeys(flag.item.factor for flag in score.flags))
    needed = [LayerState(key, states[key]) for key in ("preparation", "minimal", "optimizing")]
    known = [layer for layer in needed if layer.state != "unknown"]
    unknown = [layer for layer in needed if layer.state == "unknown"]
    return Finding(flagged, (*known, *unknown[:1]) if known or flagged else ())


def _lowest(score: Score) -> str:
    usable = {key: layer.score or Fraction(0) for key, layer in score.layers.items() if layer.usable}
    return min(usable, key=lambda key: usable[key])


def _strongest(score: Score, states: dict[str, str]) -> tuple[LayerState, ...]:
    strong = {key: score.layers[key].score or Fraction(0) for key, state in states.items() if state == STRONG}
    return (LayerState(max(strong, key=lambda key: strong[key]), STRONG),) if strong else ()


def _held_down(found: Finding, language: str | None) -> str:
    known = catalogue.load()
    own = known.words["held_down_by"]
    labels = [_say(own.get(key) or known.factors[key].label, language) for key in found.held_down_by]
    joined = f" {_say(known.word('finding', 'and'), language)} ".join(
        label[0].lower() + label[1:] for label in labels
    )
    return _say(known.word("finding", "held_down"), language).format(what=joined)


def _say(value: Text, language: str | None) -> str:
    return catalogue.text(value, language)
