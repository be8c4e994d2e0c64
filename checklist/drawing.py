"""From a score to its pictures."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from checklist import overview, rings
from checklist.finding import of_layers, sentence
from checklist.places import Place
from checklist.roots import Root
from checklist.scoring import BANDS, FactorScore, LayerScore, Score, band_word

#: From the outermost ring inwards.
RINGS = ("climate", "preparation", "optimizing", "minimal")


#: How far a segment is filled for each word, where no number may be read from the picture.
FOUR_FILLS = dict(zip((word for _least, word in BANDS), (1.0, 0.75, 0.5, 0.25), strict=True))


def four_rings(score: Score, place: Place, *, title: str, uid: str = "rings") -> SafeString:
    """Each segment leads to its factor on the page of its layer; of a group it is filled in four steps."""
    drawn = [_ring(score.layers[key], score, place.layer(key), place.of == "group") for key in RINGS]
    return rings.draw(drawn, title=title, finding=sentence(score), uid=uid)


def layer_rings(score: Score, *, title: str) -> SafeString:
    """Each ring whole: what its layer comes to, and nothing of what is inside it."""
    drawn = [_whole(score.layers[key]) for key in RINGS]
    return rings.draw(drawn, title=title, finding=of_layers(score))


def _whole(layer: LayerScore) -> rings.Ring:
    label = str(layer.layer.label)
    detail = overview.known(layer)
    if layer.shown is not None:
        detail = _("%(shown)s of 100") % {"shown": layer.shown}
    fill = None if layer.shown is None else layer.shown / 100
    return rings.Ring(label, [rings.Segment(label, fill, detail=detail)])


def printed_rings(score: Score) -> str:
    """For paper: without links, and with the names that the words beside it do not need left in."""
    drawn = [_ring(score.layers[key], score, "", in_steps=False) for key in RINGS]
    return str(rings.draw(drawn, title="", finding=sentence(score), uid="printed"))


def small_ring(score: Score, *, uid: str = "preparation") -> SafeString:
    """The preparation alone, as it fills."""
    counts = score.layers["preparation"].counts
    return rings.preparation_ring(
        met=counts.met, partly=counts.partly, not_met=counts.not_met, unknown=counts.unknown, uid=uid
    )


def _ring(layer: LayerScore, score: Score, url: str, in_steps: bool) -> rings.Ring:
    segments = [_segment(factor, layer, score, url, in_steps) for factor in layer.factors]
    return rings.Ring(str(layer.layer.label), segments)


def _segment(factor: FactorScore, layer: LayerScore, score: Score, url: str, in_steps: bool) -> rings.Segment:
    """Hatched also where its factor is known but its ring is not: a filled piece would stand for the ring."""
    counts, key = factor.counts, factor.factor.key
    detail = _("%(met)s of %(total)s met, %(unknown)s not yet known") % {
        "met": counts.met,
        "total": counts.of,
        "unknown": counts.unknown,
    }
    if layer.thin and layer.points[0]:
        detail = _("%(detail)s; too little of this ring is known") % {"detail": detail}
    return rings.Segment(
        str(factor.factor.label),
        None if layer.thin else _fill(factor, in_steps),
        limits=key in score.held_down_by,
        href=f"{url}#{key}" if url else "",
        detail=detail,
    )


def _fill(factor: FactorScore, in_steps: bool) -> float | None:
    if factor.score is None:
        return None
    return FOUR_FILLS[band_word(Root(factor.score).down_to_five())] if in_steps else float(factor.score)
