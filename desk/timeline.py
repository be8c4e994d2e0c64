"""A program in time as SVG, from plain values: bars for stretches, dots for sessions, a line for today."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape
from typing import Literal

from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

WIDTH, LEFT, TOP, ROW = 720, 130, 28, 32
SOFT, FIRM, INK, TEAL, HOT, GRID, PAPER = (
    "#bfdcd8",
    "#5aa29b",
    "#1d2b2c",
    "#0f5c63",
    "#b4542f",
    "#dedfd8",
    "#ffffff",
)

DotState = Literal["done", "planned", "missed"]


@dataclass(frozen=True, slots=True)
class Bar:
    start: date
    end: date
    label: str
    firm: bool = True


@dataclass(frozen=True, slots=True)
class Dot:
    on: date
    label: str
    state: DotState = "planned"


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    bars: Sequence[Bar] = ()
    dots: Sequence[Dot] = ()


def draw(
    rows: Sequence[Row],
    *,
    start: date,
    end: date,
    today: date,
    title: str,
    finding: str,
    uid: str = "timeline",
) -> SafeString:
    """Draw ``rows`` between ``start`` and ``end``; what lies outside is left out."""
    kept = tuple(Row(row.label, tuple(row.bars), tuple(row.dots)) for row in rows)
    return _drawn(kept, start, end, today, title, finding, uid, get_language())


@lru_cache(maxsize=200)
def _drawn(
    rows: tuple[Row, ...],
    start: date,
    end: date,
    today: date,
    title: str,
    finding: str,
    uid: str,
    language: str | None,
) -> SafeString:
    """Drawn once while nothing of it changes; ``language`` names the months."""
    scale = _Scale(start, end)
    height = TOP + ROW * len(rows) + 8
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart timeline" role="img" viewBox="0 0 {} {}" '
        'aria-labelledby="{uid}-title {uid}-desc" font-family="sans-serif" font-size="14">'
        '<title id="{uid}-title">{}</title><desc id="{uid}-desc">{}</desc>{}{}{}</svg>',
        WIDTH,
        height,
        title,
        finding,
        _joined(_months(scale, height)),
        _joined(_row(row, i, scale) for i, row in enumerate(rows)),
        _today(scale, today, height),
        uid=uid,
    )


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return SafeString("".join(parts))


@dataclass(frozen=True, slots=True)
class _Scale:
    start: date
    end: date

    def x(self, on: date) -> float:
        share = (on - self.start).days / max((self.end - self.start).days, 1)
        return round(LEFT + (WIDTH - LEFT - 12) * min(max(share, 0), 1), 1)

    def holds(self, on: date) -> bool:
        return self.start <= on <= self.end


def _months(scale: _Scale, height: int) -> Iterator[SafeString]:
    """A line and a name at the first of each month, of every second or third one in a long program."""
    firsts = [
        date(year, month, 1)
        for year in range(scale.start.year, scale.end.year + 1)
        for month in range(1, 13)
        if scale.holds(date(year, month, 1))
    ]
    for first in firsts[:: max(1, -(-len(firsts) // 9))]:
        yield format_html(
            '<line class="grid" stroke="{}" x1="{x}" x2="{x}" y1="{}" y2="{}"/>'
            '<text class="tick" fill="#4d5c5c" font-size="13" x="{x}" y="15" text-anchor="middle">{}</text>',
            GRID,
            TOP - 6,
            height - 6,
            format_date(first, "M"),
            x=scale.x(first),
        )


def _row(row: Row, number: int, scale: _Scale) -> SafeString:
    middle = TOP + ROW * number + ROW // 2
    bars = (bar for bar in row.bars if bar.start <= scale.end and bar.end >= scale.start)
    return format_html(
        '<text fill="{}" x="0" y="{}">{}</text>{}{}',
        INK,
        middle + 5,
        row.label,
        _joined(_bar(row, bar, middle, scale) for bar in bars),
        _joined(_dot(escape(row.label), dot, middle, scale) for dot in row.dots if scale.holds(dot.on)),
    )


def _bar(row: Row, bar: Bar, middle: int, scale: _Scale) -> SafeString:
    left = scale.x(bar.start)
    return format_html(
        '<rect class="{}" fill="{}" x="{}" y="{}" width="{}" height="12" rx="6"><title>{}: {}</title></rect>',
        "firm" if bar.firm else "soft",
        FIRM if bar.firm else SOFT,
        left,
        middle - 6,
        round(max(scale.x(bar.end) - left, 4), 1),
        row.label,
        bar.label,
    )


def _dot(row: str, dot: Dot, middle: int, scale: _Scale) -> SafeString:
    """A full disc took place, an open one is planned, a diamond did not take place."""
    shape = (
        "M-7 0L0 -7L7 0L0 7Z"
        if dot.state == "missed"
        else "M-6.5 0A6.5 6.5 0 1 1 6.5 0A6.5 6.5 0 1 1 -6.5 0Z"
    )
    fill, stroke = TEAL if dot.state == "done" else PAPER, HOT if dot.state == "missed" else TEAL
    # Numbers and words of ours but for the labels; format_html of each dot was a third of the page.
    return SafeString(
        f'<path class="dot {dot.state}" fill="{fill}" stroke="{stroke}" stroke-width="2.5" '
        f'transform="translate({scale.x(dot.on)} {middle})" d="{shape}">'
        f"<title>{row}: {escape(dot.label)}</title></path>"
    )


def _today(scale: _Scale, today: date, height: int) -> SafeString:
    if not scale.holds(today):
        return SafeString("")
    return format_html(
        '<line class="today" stroke="{}" stroke-width="2" stroke-dasharray="4 3" x1="{x}" x2="{x}" y1="{}" y2="{}">'
        "<title>{}</title></line>",
        HOT,
        TOP - 6,
        height - 4,
        _("today"),
        x=scale.x(today),
    )
