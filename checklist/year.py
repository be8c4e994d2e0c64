"""A program beside itself a year ago. Never beside another program or group."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import catalogue
from checklist import whole
from checklist.inputs import exact
from checklist.lines import ORDER
from checklist.outcomes import MET, NOT_MET
from checklist.scoring import Score
from checklist.trend import shown


@dataclass(frozen=True, slots=True)
class Change:
    """A condition that is otherwise than a year ago, each time as a status of the catalogue."""

    statement: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class LayerThen:
    label: str
    met_then: int
    of_then: int
    met_now: int
    of_now: int
    then: int | None
    now: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """``faded`` was met and is not known any more: nothing says that it is lost."""

    layers: tuple[LayerThen, ...]
    gained: tuple[Change, ...]
    lost: tuple[Change, ...]
    faded: tuple[Change, ...]
    other_catalogue: bool

    @property
    def sentence(self) -> str:
        gained, lost, faded = len(self.gained), len(self.lost), len(self.faded)
        if not gained + lost + faded:
            return _("The same conditions are met as a year ago.")
        said = (
            ngettext(
                "%(n)s condition is met that was not a year ago.",
                "%(n)s conditions are met that were not a year ago.",
                gained,
            ),
            ngettext(
                "%(n)s condition that was met a year ago is no longer met.",
                "%(n)s conditions that were met a year ago are no longer met.",
                lost,
            ),
            ngettext(
                "%(n)s condition that was met a year ago is not known any more.",
                "%(n)s conditions that were met a year ago are not known any more.",
                faded,
            ),
        )
        return " ".join(words % {"n": n} for words, n in zip(said, (gained, lost, faded), strict=True) if n)


def compare(then: Mapping[str, Any], version: str, now: Score) -> Comparison:
    """``then`` is the content of a snapshot, under that version of the catalogue."""
    today = whole.kept(now)
    changes = list(_changes(then["items"], today["items"]))
    known = catalogue.load()
    return Comparison(
        layers=tuple(_layer(key, then, today) for key in ORDER),
        gained=tuple(change for after, change in changes if after == "met"),
        lost=tuple(change for after, change in changes if after not in ("met", "unknown")),
        faded=tuple(change for after, change in changes if after == "unknown"),
        other_catalogue=version != known.version,
    )


def status(value: float | str) -> str:
    """Of an item as it is kept: a score, or why it has none."""
    if isinstance(value, str):
        return value
    score = exact(value)
    return "met" if score >= MET else "not_met" if score <= NOT_MET else "partly"


def _changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, Change]]:
    """Conditions that are in both catalogues, and met at one of both times alone; with their status now."""
    known = catalogue.load()
    for key in (key for key in now if key in then):
        before, after = status(then[key]), status(now[key])
        if (before == "met") != (after == "met") and "not_applicable" not in (before, after):
            said = [str(known.word("status", one)) for one in (before, after)]
            yield after, Change(str(known.items[key].statement), *said)


def _layer(key: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> LayerThen:
    known = catalogue.load()
    (met_then, of_then), (met_now, of_now) = (_met(key, one["items"]) for one in (then, now))
    return LayerThen(
        str(known.layers[key].label),
        met_then,
        of_then,
        met_now,
        of_now,
        *(shown(one["layers"][key], one["coverage"][key] or 0) for one in (then, now)),
    )


def _met(layer: str, items: Mapping[str, Any]) -> tuple[int, int]:
    known = catalogue.load().items
    mine = [status(value) for key, value in items.items() if key in known and known[key].layer == layer]
    return mine.count("met"), sum(one != "not_applicable" for one in mine)
