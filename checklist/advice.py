"""What a coordinator can do: what may lie behind a low factor, which doors a hard flag opens, what comes next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

import catalogue
from catalogue.kinds import Item
from checklist.assessing import Assessment
from checklist.interplay import Cause, explained, next_steps
from checklist.lines import Line, is_late, program_lines
from checklist.links import form_for
from checklist.models import Justification
from checklist.outcomes import ItemScore
from checklist.places import Place
from checklist.scoring import Flag
from intervision.addresses import address
from programs.models import Program

#: What helps only while groups still meet.
OVER = frozenset({"min-no-leak", "prep-sessions-held"})


@dataclass(frozen=True, slots=True)
class Behind:
    """A cause in words, with the passage that names it and the page where it is looked at."""

    label: str
    state: str
    passage: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Low:
    """A factor below which something may lie; no ``causes`` says that the arrangements are in order."""

    label: str
    url: str
    causes: tuple[Behind, ...]


@dataclass(frozen=True, slots=True)
class LookedAt:
    """Each low factor with what may lie behind it; what lies behind all of them alike stands in ``shared``, once."""

    factors: tuple[Low, ...] = ()
    of_climate: tuple[Low, ...] = ()
    shared: tuple[Behind, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.factors or self.of_climate)


@dataclass(frozen=True, slots=True)
class Doors:
    """A flag, and the three ways out of it; ``pauses`` are by group."""

    item: Item
    hard: bool
    resolve: str
    replace: str
    pauses: tuple[tuple[str, str], ...]


def low_factors(found: Assessment, program: Program, place: Place) -> LookedAt:
    """None in a cancelled program: nothing is looked for where nothing can be done."""
    if program.stage == Program.Stage.CANCELLED:
        return LookedAt()
    said = explained(catalogue.load(), found.score)
    return LookedAt(
        factors=tuple(_low(key, causes, place) for key, causes in said.own.items()),
        of_climate=tuple(_low(key, (), place) for key in said.of_climate),
        shared=tuple(_behind(cause, place) for cause in said.shared),
    )


def _low(key: str, causes: tuple[Cause, ...], place: Place) -> Low:
    factor = catalogue.load().factors[key]
    url = f"{place.layer(factor.layer)}#{key}"
    return Low(str(factor.label), url, tuple(_behind(cause, place) for cause in causes))


def _behind(cause: Cause, place: Place) -> Behind:
    known = catalogue.load()
    layer = known.factors[cause.key].layer if cause.key in known.factors else cause.key
    page = place.layer(layer)
    return Behind(
        label=str(cause.label),
        state=_("not yet known") if cause.score is None else _("low"),
        passage=passage(cause.edge.source),
        note=str(cause.edge.note or ""),
        url=f"{page}#{cause.key}" if cause.key in known.factors else page,
    )


def passage(source: str) -> str:
    """``jorissen2024 Factor 2`` as it is cited elsewhere: the paper's short name and its own section."""
    papers = catalogue.load().papers
    parts = (part.strip().partition(" ") for part in source.split(";"))
    return "; ".join(f"{papers[key].short}, {section}" for key, _space, section in parts)


def doors(found: Assessment, program: Program) -> list[Doors]:
    if program.stage == Program.Stage.CANCELLED:
        return []
    return [_doors(flag, found, program) for flag in found.score.flags if not flag.repaired]


def _doors(flag: Flag, found: Assessment, program: Program) -> Doors:
    hard = flag.critical == "hard"
    groups = [group for group, _score in found.groups_not_met(flag.item)] or found.reading.scope.groups
    return Doors(
        item=flag.item,
        hard=hard,
        resolve=form_for(flag.item, program, groups),
        replace=address("programs:suspended", program.pk) if hard else "",
        pauses=tuple(
            (group.name, address("programs:pause-group", program.pk, str(group.id)))
            for group in groups
            if hard
        ),
    )


def to_do(found: Assessment, program: Program) -> list[Line]:
    """What is open, in the order of advice, without what was chosen not to be done."""
    return list(program_lines(found, program, steps_of(found, program)).values())


def steps_of(found: Assessment, program: Program) -> tuple[ItemScore, ...]:
    """What is open and not chosen to stay; last what the program starts without, and what only a next one can do.

    Nothing in a cancelled program; in a completed one only what is known and helps a next one.
    """
    if program.stage == Program.Stage.CANCELLED:
        return ()
    lines = found.reading.justifications
    chosen = {key for key, row in lines.items() if row.chosen}
    steps = next_steps(found.score, chosen=chosen, explained=lines)
    if program.stage == Program.Stage.COMPLETED:
        return tuple(item for item in steps if item.status != "unknown" and item.item.key not in OVER)
    return tuple(sorted(steps, key=lambda item: is_late(item.item.key, program)))


def chosen(found: Assessment, program: Program) -> list[tuple[Line, Justification]]:
    """What was chosen not to be done, as long as it is open."""
    rows: Mapping[str, Justification] = {
        row.item: row
        for row in program.justifications.filter(chosen=True)
        .select_related("by")
        .order_by("changed_at", "item")
    }
    left = {item.item.key for item in next_steps(found.score, chosen=rows)}
    open_ = {item.item.key: item for item in next_steps(found.score)}
    kept = [key for key in rows if key in open_ and key not in left]
    lines = program_lines(found, program, [open_[key] for key in kept])
    return [(lines[key], rows[key]) for key in kept]


def can_be_left(found: Assessment) -> Iterator[str]:
    """Conditions of which somebody may choose that they stay as they are: all that is open but hard flags."""
    hard = {flag.item.key for flag in found.score.flags if flag.critical == "hard"}
    return (item.item.key for item in next_steps(found.score) if item.item.key not in hard)
