"""Conditions that are planned or recorded, group by group, for those who run the program.

Only what is known of a group without anybody's answer, log or tick.
"""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

import catalogue
from checklist.assessing import Assessment
from checklist.labels import LABELS
from checklist.lines import VARIANTS
from checklist.outcomes import ItemScore, Status, score_item
from checklist.words import value_of

#: In the order in which one wants to know.
STATES: tuple[Status, ...] = ("not_met", "partly", "unknown", "met", "not_applicable")
KINDS = ("planned", "recorded")


@dataclass(frozen=True, slots=True)
class Cell:
    group: str
    status: str
    variant: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """A condition that is not the same in every group; ``measured`` is what the values of its cells are of."""

    statement: str
    measured: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Conditions that stand alike in every group."""

    status: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ByGroup:
    groups: tuple[str, ...]
    rows: tuple[Row, ...]
    alike: tuple[Alike, ...]
    sentence: str


def by_group(found: Assessment, format_key: str) -> ByGroup:
    known = catalogue.load()
    items = [item for item in known.items_of(format_key) if item.measure.kind in KINDS]
    names = tuple(group.name for group, _inputs in found.by_group)
    scored = {
        item.key: [score_item(item, format_key, inputs, known) for _group, inputs in found.by_group]
        for item in items
    }
    same = {key: scores[0].status for key, scores in scored.items() if _alike_in_all(scores)}
    differing = {key: scores for key, scores in scored.items() if key not in same}
    rows = tuple(_row(names, scores) for scores in differing.values())
    return ByGroup(names, rows, _alike(same), _sentence(same, differing))


def _alike_in_all(scores: list[ItemScore]) -> bool:
    return len({one.status for one in scores}) == 1


def _row(names: tuple[str, ...], scores: list[ItemScore]) -> Row:
    word = catalogue.load().word
    cells = (
        Cell(name, str(word("status", one.status)), VARIANTS.get(one.status, "neutral"), value_of(one))
        for name, one in zip(names, scores, strict=True)
    )
    facts = dict.fromkeys(one.fact for one in scores if value_of(one))
    return Row(str(scores[0].item.statement), "; ".join(str(LABELS[fact]) for fact in facts), tuple(cells))


def _alike(same: dict[str, Status]) -> tuple[Alike, ...]:
    known = catalogue.load()
    found = {
        state: tuple(str(known.items[key].statement) for key, one in same.items() if one == state)
        for state in STATES
    }
    return tuple(
        Alike(str(known.word("status", state)), statements)
        for state, statements in found.items()
        if statements
    )


def _sentence(same: dict[str, Status], differing: dict[str, list[ItemScore]]) -> str:
    """Says where groups differ, never which group is behind."""
    counts = Counter(same.values())
    words = {
        "of": len(same) + len(differing),
        "met": counts["met"],
        "open": counts["not_met"] + counts["partly"],
        "n": len(differing),
    }
    said = _(
        "Of %(of)s conditions that are planned or recorded, %(met)s are met in every group; %(open)s are open in all."
    )
    if not differing:
        return f"{said} {_('Nowhere do the groups differ.')}" % words
    most = max(differing.values(), key=_open_in)
    statement = str(most[0].item.statement)
    also = _("The groups differ in %(n)s, most of all in this: %(what)s")
    return f"{said} {also}" % (words | {"what": statement})


def _open_in(scores: list[ItemScore]) -> int:
    return sum(one.status in ("partly", "not_met") for one in scores)
