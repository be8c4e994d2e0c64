"""How the layers of a program went from one frozen window to the next, as plain values, in words and as a picture."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

import catalogue
from checklist.inputs import exact
from checklist.lines import ORDER
from checklist.roots import Root
from checklist.scoring import ENOUGH_COVERAGE

#: A picture of one point would show no course.
FEWEST = 2
TOP, PLOT, BOTTOM = 16, 244, 40
APART = 18
#: Between layers with the same number at the same moment, to the side and down: less than the next number is away.
BESIDE = (12, 7)
MARGIN = 20
INK, MUTED, GRID = "#1d2b2c", "#516061", "#d5dbd9"
MARKS: Mapping[str, str] = {
    "preparation": "M-5 -5h10v10h-10z",
    "minimal": "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z",
    "optimizing": "M0 -7L6 5H-6z",
    "climate": "M0 -7L7 0L0 7L-7 0z",
}
DASHES: Mapping[str, str] = {"preparation": "", "minimal": "9 4", "optimizing": "3 4", "climate": "12 4 3 4"}


@dataclass(frozen=True, slots=True)
class Frame:
    """The measures of a picture. ``right`` is left for the names; without it they stand beneath, for a phone."""

    width: int
    left: int
    right: int
    shape: str

    @property
    def names_beneath(self) -> bool:
        return self.right < self.width / 4


WIDE = Frame(720, 44, 225, "timeline wide")
NARROW = Frame(340, 34, 14, "narrow")


@dataclass(frozen=True, slots=True)
class Point:
    """``shown``: each layer out of 100, rounded down to 5, None while too little of it is known."""

    label: str
    at: dt.datetime
    shown: Mapping[str, int | None]
    version: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """One layer over all points."""

    key: str
    label: str
    values: tuple[int | None, ...]

    @property
    def known(self) -> list[int]:
        return [value for value in self.values if value is not None]


def shown(score: float | None, coverage: float) -> int | None:
    """As on the page of that day."""
    if score is None or exact(coverage) < ENOUGH_COVERAGE:
        return None
    return Root(exact(score)).down_to_five()


def courses(points: Sequence[Point]) -> list[Course]:
    layers = catalogue.load().layers
    return [Course(key, str(layers[key].label), tuple(point.shown[key] for point in points)) for key in ORDER]


def finding(points: Sequence[Point]) -> str:
    """From the first window to the last, layer by layer."""
    if len(points) < FEWEST:
        return _not_yet(points)
    said = [_course(course) for course in courses(points) if len(course.known) >= FEWEST]
    if not said:
        return _("No layer was known at two of these moments yet.")
    return _("From “%(first)s” to “%(last)s”: %(courses)s.") % {
        "first": points[0].label,
        "last": points[-1].label,
        "courses": "; ".join(said),
    }


def _not_yet(points: Sequence[Point]) -> str:
    if points:
        return _(
            "One set of answers has been shown so far: “%(label)s”. A course takes two; it stands here after the next."
        ) % {"label": points[0].label}
    return _(
        "No answers have been shown yet. After the second time that groups are asked, the course stands here."
    )


def _course(course: Course) -> str:
    first, last = course.known[0], course.known[-1]
    words = {"layer": course.label, "first": first, "last": last}
    if first == last:
        return _("%(layer)s stayed at %(last)s") % words
    if last > first:
        return _("%(layer)s went up from %(first)s to %(last)s") % words
    return _("%(layer)s went down from %(first)s to %(last)s") % words


def changed_catalogue(points: Sequence[Point]) -> bool:
    return len({point.version for point in points}) > 1


def draw(points: Sequence[Point], *, title: str, frame: Frame = WIDE, uid: str = "trend") -> SafeString:
    """Lines with a mark of their own shape, each named; where a layer was not known its line stops."""
    lines = [course for course in courses(points) if course.known]
    names = _names_beneath(lines) if frame.names_beneath else _names_beside(lines, frame)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart {shape}" role="img" viewBox="0 0 {width} {height}" '
        'aria-labelledby="{uid}-title {uid}-desc" font-family="sans-serif" font-size="14">'
        '<title id="{uid}-title">{}</title><desc id="{uid}-desc">{}</desc>{}{}{}{}</svg>',
        title,
        finding(points),
        _joined(_level(value, frame) for value in range(0, 101, 20)),
        _joined(_moment(nth, point, len(points), frame) for nth, point in enumerate(points)),
        _joined(_line(course, lines, frame) for course in lines),
        _joined(names),
        shape=frame.shape,
        width=frame.width,
        height=TOP + PLOT + BOTTOM + (len(lines) * 24 if frame.names_beneath else 0),
        uid=uid,
    )


def _joined(parts: Iterator[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _x(nth: int, count: int, frame: Frame) -> float:
    return (
        frame.left + MARGIN + (frame.width - frame.left - frame.right - 2 * MARGIN) * nth / max(count - 1, 1)
    )


def _y(value: float) -> float:
    return TOP + PLOT * (1 - value / 100)


def _spot(course: Course, nth: int, lines: Sequence[Course], frame: Frame) -> tuple[float, float] | None:
    """Where its mark stands; beside its number where others have the same, so that none covers another."""
    value = course.values[nth]
    if value is None:
        return None
    alike = [line.key for line in lines if line.values[nth] == value]
    aside = alike.index(course.key) - (len(alike) - 1) / 2
    right, down = BESIDE
    return _x(nth, len(course.values), frame) + aside * right, _y(value) + aside * down


def _level(value: int, frame: Frame) -> SafeString:
    return format_html(
        '<path class="grid" stroke="{}" d="M{} {y}H{}"/>'
        '<text class="tick" fill="{}" text-anchor="end" x="{}" y="{below}">{}</text>',
        GRID,
        frame.left,
        frame.width - frame.right,
        MUTED,
        frame.left - 8,
        value,
        y=f"{_y(value):.1f}",
        below=f"{_y(value) + 5:.1f}",
    )


def _moment(nth: int, point: Point, count: int, frame: Frame) -> SafeString:
    """The number of the moment; the table beneath names it."""
    line = '<text class="tick" fill="{}" text-anchor="middle" x="{}" y="{}">{}<title>{}</title></text>'
    return format_html(line, MUTED, f"{_x(nth, count, frame):.1f}", TOP + PLOT + 24, nth + 1, point.label)


def _line(course: Course, lines: Sequence[Course], frame: Frame) -> SafeString:
    at = [_spot(course, nth, lines, frame) for nth in range(len(course.values))]
    marks = [
        (f"{spot[0]:.1f}", f"{spot[1]:.1f}", MARKS[course.key], course.label, value)
        for spot, value in zip(at, course.values, strict=True)
        if spot
    ]
    return format_html(
        '<path fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="{}" d="{}"/>{}',
        DASHES[course.key],
        _path(at),
        format_html_join(
            "",
            '<path fill="currentColor" transform="translate({} {})" d="{}"><title>{}: {}</title></path>',
            marks,
        ),
    )


def _path(spots: Sequence[tuple[float, float] | None]) -> str:
    steps, pen = [], "M"
    for spot in spots:
        if spot is None:
            pen = "M"
            continue
        steps.append(f"{pen}{spot[0]:.1f} {spot[1]:.1f}")
        pen = "L"
    return "".join(steps)


def _names_beside(lines: Sequence[Course], frame: Frame) -> Iterator[SafeString]:
    """At the right, each with its mark; names that would meet move down."""
    above = float("-inf")
    for course in sorted(lines, key=lambda line: -line.known[-1]):
        above = max(_y(course.known[-1]), above + APART)
        yield _name(course, frame.width - frame.right + 16, above)


def _names_beneath(lines: Sequence[Course]) -> Iterator[SafeString]:
    return (_name(course, 16, TOP + PLOT + BOTTOM + 12 + nth * 24) for nth, course in enumerate(lines))


def _name(course: Course, x: float, y: float) -> SafeString:
    return format_html(
        '<path fill="currentColor" transform="translate({} {y})" d="{}"/>'
        '<text class="name" fill="{}" x="{}" y="{below}">{} {}</text>',
        x,
        MARKS[course.key],
        INK,
        x + 14,
        course.label,
        course.known[-1],
        y=f"{y:.1f}",
        below=f"{y + 5:.1f}",
    )
