"""The four rings as SVG, from plain values: climate outermost, then preparation, optimizing and minimal conditions
around the added value. Also the small ring beside the program form.

Light colours stand as attributes, so that paper and PDF have them; the classes let the page's theme override them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

SIZE = 440
CORE = 46
LABEL = 15
BAND = 28
GAP = 1.6

FILL, TRACK, LINE, LIMIT, INK, PAPER = "#1b6f73", "#dfeae8", "#8b9a99", "#b4542f", "#1d2b2c", "#ffffff"


@dataclass(frozen=True, slots=True)
class Segment:
    """One factor. ``score`` runs from 0 to 1 and is None while not yet known; ``detail`` ("3 of 4 met") is said with
    the label; ``href`` leads to the factor's items."""

    label: str
    score: float | None
    limits: bool = False
    href: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Ring:
    label: str
    segments: Sequence[Segment]


def draw(rings: Sequence[Ring], *, title: str, finding: str, uid: str = "rings") -> SafeString:
    """Draw ``rings``, given from the outermost inwards. ``uid`` keeps the ids apart where a page has two drawings."""
    linked = any(segment.href for ring in rings for segment in ring.segments)
    bands = list(zip(rings, _radii(len(rings)), strict=True))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart rings" role="{role}" viewBox="0 0 {size} {size}" '
        'aria-labelledby="{uid}-title {uid}-desc" font-family="sans-serif" font-size="14">'
        '<title id="{uid}-title">{title}</title><desc id="{uid}-desc">{finding}</desc>'
        "<defs>{hatching}{paths}</defs>{segments}{names}{core}</svg>",
        role="group" if linked else "img",
        size=SIZE,
        uid=uid,
        title=title,
        finding=finding,
        hatching=_hatching(uid),
        paths=_joined(_name_path(f"{uid}-{i}", inner + BAND + 4) for i, (_ring, inner) in enumerate(bands)),
        segments=_joined(_ring_of_segments(ring, inner, uid) for ring, inner in bands),
        names=_joined(_name(f"{uid}-{i}", ring.label) for i, (ring, _inner) in enumerate(bands)),
        core=_core(),
    )


def _joined(parts: Iterator[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _radii(count: int) -> list[float]:
    """The inner radius of each band, outermost first."""
    return [CORE + 4 + i * (BAND + LABEL) for i in reversed(range(count))]


def _at(radius: float, angle: float) -> str:
    """A point, ``angle`` turning clockwise from twelve o'clock."""
    return f"{SIZE / 2 + radius * sin(angle):.1f} {SIZE / 2 - radius * cos(angle):.1f}"


def sector(inner: float, outer: float, start: float, end: float) -> str:
    """The path of a piece of a ring; the gap beside it is equally wide at every radius."""
    big = 1 if end - start > pi else 0
    near, far = GAP / inner, GAP / outer
    return (
        f"M{_at(outer, start + far)}A{outer:.1f} {outer:.1f} 0 {big} 1 {_at(outer, end - far)}"
        f"L{_at(inner, end - near)}A{inner:.1f} {inner:.1f} 0 {big} 0 {_at(inner, start + near)}Z"
    )


def _ring_of_segments(ring: Ring, inner: float, uid: str) -> SafeString:
    step = 2 * pi / max(len(ring.segments), 1)
    return _joined(
        _segment(ring, segment, inner, i * step, (i + 1) * step, uid)
        for i, segment in enumerate(ring.segments)
    )


def _segment(ring: Ring, segment: Segment, inner: float, start: float, end: float, uid: str) -> SafeString:
    drawn = _shape(inner, start, end, segment.score, segment.limits, uid)
    said = describe(ring, segment)
    if not segment.href:
        return format_html("<g><title>{}</title>{}</g>", said, drawn)
    focus = _focus(inner, start, end)
    return format_html('<a href="{}"><title>{}</title>{}{}</a>', segment.href, said, drawn, focus)


@lru_cache(maxsize=2048)
def _shape(inner: float, start: float, end: float, score: float | None, limits: bool, uid: str) -> SafeString:
    """Kept: a segment has few places, and few scores."""
    parts = [_ground(sector(inner, inner + BAND, start, end), score, uid)]
    if score:
        level = inner + BAND * min(max(score, 0.08), 1)
        parts.append(
            format_html('<path class="fill" fill="{}" d="{}"/>', FILL, sector(inner, level, start, end))
        )
    if limits:
        parts.append(
            format_html(
                '<path class="limits" fill="none" stroke="{}" stroke-width="3" d="{}"/>',
                LIMIT,
                sector(inner + 1.5, inner + BAND - 1.5, start + 1.5 / inner, end - 1.5 / inner),
            )
        )
    return _joined(iter(parts))


@lru_cache(maxsize=256)
def _focus(inner: float, start: float, end: float) -> SafeString:
    return format_html(
        '<path class="focus" fill="none" stroke="none" stroke-width="3" d="{}"/>',
        sector(inner, inner + BAND, start, end),
    )


def _ground(path: str, score: float | None, uid: str) -> SafeString:
    if score is not None:
        return format_html('<path class="track" fill="{}" d="{}"/>', TRACK, path)
    return format_html(
        '<path class="unknown" fill="url(#{}-hatch)" stroke="{}" stroke-width="1" d="{}"/>', uid, LINE, path
    )


def describe(ring: Ring, segment: Segment) -> str:
    """What a segment says when pointed at or read aloud."""
    known = _("not yet known") if segment.score is None else f"{segment.score:.0%}"
    said = f"{ring.label} – {segment.label}: {segment.detail or known}"
    return _("%(said)s; this limits the total") % {"said": said} if segment.limits else said


@lru_cache(maxsize=16)
def _hatching(uid: str) -> SafeString:
    return format_html(
        '<pattern id="{}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="unknown-ground" width="7" height="7" fill="{}"/>'
        '<path class="unknown-line" d="M3.5 0V7" stroke="{}" stroke-width="1.4"/></pattern>',
        uid,
        PAPER,
        LINE,
    )


@lru_cache(maxsize=64)
def _name_path(uid: str, radius: float) -> SafeString:
    return format_html(
        '<path id="{}-path" d="M{}A{radius} {radius} 0 1 1 {}"/>',
        uid,
        _at(radius, -pi * 0.6),
        _at(radius, pi * 0.6),
        radius=f"{radius:.1f}",
    )


def _name(uid: str, label: str) -> SafeString:
    return format_html(
        '<text class="name" fill="{}" font-weight="600" text-anchor="middle">'
        '<textPath href="#{}-path" startOffset="50%">{}</textPath></text>',
        INK,
        uid,
        label,
    )


def _core() -> SafeString:
    first, _space, second = _("added value").partition(" ")
    line = '<text fill="{}" font-weight="600" font-size="13" text-anchor="middle" x="{x}" y="{y}">{}</text>'
    words = [(first, -2), (second, 14)] if second else [(first, 5)]
    return format_html(
        '<circle class="core" fill="#faeee7" stroke="{}" stroke-width="1.5" cx="{x}" cy="{x}" r="{}"/>{}',
        LIMIT,
        CORE - 4,
        _joined(format_html(line, INK, word, x=SIZE // 2, y=SIZE // 2 + down) for word, down in words),
        x=SIZE // 2,
    )


def preparation_ring(
    *, met: int, partly: int, not_met: int, unknown: int, uid: str = "preparation"
) -> SafeString:
    """The ring that fills while a program is being set up: whole for met, half for partly, dashed for unknown."""
    total = met + partly + not_met + unknown
    said = _("%(met)s of %(total)s conditions met") % {"met": met, "total": total}
    detail = _("%(partly)s partly, %(not_met)s not met, %(unknown)s not yet known")
    arcs = [("fill", FILL, 12, met), ("partly", FILL, 6, partly), ("track", TRACK, 12, not_met)]
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart ring-small" role="img" viewBox="0 0 120 120" '
        'aria-labelledby="{uid}-title {uid}-desc" font-family="sans-serif">'
        '<title id="{uid}-title">{}</title><desc id="{uid}-desc">{}</desc>'
        '<circle class="unknown" cx="60" cy="60" r="50" fill="none" stroke="{}" stroke-width="2" '
        'stroke-dasharray="3 5"/>{}'
        '<text x="60" y="62" fill="{ink}" font-size="30" font-weight="600" text-anchor="middle">{}</text>'
        '<text x="60" y="82" fill="{ink}" font-size="14" text-anchor="middle">{}</text></svg>',
        said,
        detail % {"partly": partly, "not_met": not_met, "unknown": unknown},
        LINE,
        _joined(_arcs(arcs, total)),
        met,
        _("of %(total)s met") % {"total": total},
        uid=uid,
        ink=INK,
    )


def _arcs(arcs: Sequence[tuple[str, str, int, int]], total: int) -> Iterator[SafeString]:
    """Pieces of a circle, one after another from twelve o'clock. A stroke of paper hides the dashes beneath."""
    done = 0
    for name, colour, width, count in arcs:
        if count:
            yield from (
                _arc(kind, ink, wide, done, count, total) for kind, ink, wide in _strokes(name, colour, width)
            )
        done += count


def _strokes(name: str, colour: str, width: int) -> list[tuple[str, str, int]]:
    return [("ground", PAPER, 12), (name, colour, width)]


def _arc(name: str, colour: str, width: int, done: int, count: int, total: int) -> SafeString:
    return format_html(
        '<circle class="{}" cx="60" cy="60" r="50" fill="none" stroke="{}" stroke-width="{}" pathLength="{}" '
        'stroke-dasharray="{} {}" stroke-dashoffset="{}" transform="rotate(-90 60 60)"/>',
        name,
        colour,
        width,
        total,
        count,
        total - count,
        -done,
    )
