"""The score of a program or of one of its groups, from what is stored. Calculates; decides and stores nothing."""

import datetime as dt
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast
from uuid import UUID

from django.utils.safestring import SafeString

import catalogue
from catalogue.kinds import Item
from checklist.answered import climate, counted
from checklist.facts import held
from checklist.facts.whole import FACTS, facts_of
from checklist.inputs import Declared, Fact, Inputs
from checklist.models import Declaration
from checklist.outcomes import ItemScore, score_item
from checklist.reading import Answer, Reading, ask, frame_of, read
from checklist.released import (
    OF_INTAKES,
    OF_LOGS,
    OF_REPORTS,
    after_repair,
    answers_of_guides,
    answers_of_own_guide,
    for_coordinator,
)
from checklist.rows import GroupRow, Scope
from checklist.scoring import Score, score
from programs.models import Program

KEPT_FOR = dt.timedelta(minutes=10)
#: By program and all that was stored of it; when there are more, it begins again.
MOST_KEPT = 20
_kept: "dict[tuple[Hashable, ...], Assessment]" = {}


@dataclass(frozen=True, eq=False)
class Assessment:
    """What a coordinator may know of ``reading``, pooled over the program's groups.

    It holds ``until`` then, unless something stored changes. ``written`` keeps what pages say of it: by what it
    is and in which language.
    """

    reading: Reading
    inputs: Inputs
    score: Score
    until: dt.datetime
    written: dict[tuple[str, ...], SafeString] = field(default_factory=dict)

    def holds(self, at: dt.datetime) -> bool:
        return self.reading.scope.at <= at < self.until

    def groups_not_met(self, item: Item) -> list[tuple[GroupRow, ItemScore]]:
        """The groups in which a condition that is planned or recorded is not met, or only partly."""
        if item.measure.kind not in ("planned", "recorded") or len(self.reading.scope.groups) < 2:
            return []
        known = catalogue.load()
        scored = (
            (group, score_item(item, self.score.format, inputs, known)) for group, inputs in self.by_group
        )
        return [(group, found) for group, found in scored if found.status in ("partly", "not_met")]

    @cached_property
    def by_group(self) -> list[tuple[GroupRow, Inputs]]:
        """For conditions that are planned or recorded alone."""
        return [(group, _facts_alone(self.reading, group)) for group in self.reading.scope.groups]


class _AsAsked(Mapping[str, Fact]):
    """Facts of one group for a coordinator, each computed when it is asked for; logs and ticks are never told."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def __getitem__(self, key: str) -> Fact:
        return None if key in (*OF_LOGS, *OF_INTAKES) else FACTS[key](self.scope)

    def __iter__(self) -> Iterator[str]:
        return iter(FACTS)

    def __len__(self) -> int:
        return len(FACTS)


def _facts_alone(reading: Reading, group: GroupRow) -> Inputs:
    scope = replace(reading.scope, groups=(group,))
    return Inputs(facts=_AsAsked(scope), sessions_held=held.sessions_held(scope), min_n=reading.min_n)


def assess(program: Program, at: dt.datetime) -> Assessment:
    """Asks what is stored, each time; what is unchanged is read and scored once."""
    answer = ask(program, at)
    key = (program.pk, program.institution.min_n, frame_of(program), answer)
    kept = _kept.get(key)
    if kept is None or not kept.holds(at):
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        kept = _kept[key] = assess_from(answer, program, at)
    return kept


def assess_from(answer: Answer, program: Program, at: dt.datetime) -> Assessment:
    """``program`` scored from what was stored of it at ``at``."""
    reading = read(program, at, answer)
    scope, known = reading.scope, catalogue.load()
    inputs = Inputs(
        facts=for_coordinator(facts_of(scope), scope, reading.min_n),
        resident=counted(reading.released, None, at),
        intervisor=answers_of_guides(scope),
        declared=declared(reading.declarations, at),
        climate=climate(reading.climate, at),
        sessions_held=held.sessions_held(scope),
        min_n=reading.min_n,
        after_repair=after_repair(scope.groups),
    )
    return Assessment(reading, inputs, score(known, program.format, inputs), _until(scope))


def _until(scope: Scope) -> dt.datetime:
    """Until then time alone changes nothing: a day ends, a group begins. What is a year old may be so a little late."""
    midnight = dt.datetime.combine(scope.on + dt.timedelta(days=1), dt.time.min, scope.frame.zone)
    first = (group.planned[0].starts_at for group in scope.groups if group.planned)
    return min([scope.at + KEPT_FOR, midnight, *(start for start in first if start > scope.at)])


def group_inputs(reading: Reading, group: GroupRow, *, own_guide: bool = False) -> Inputs:
    """What a coordinator, or the group's own guide, may know of one group."""
    scope = replace(reading.scope, groups=(group,))
    facts: Mapping[str, Fact] = facts_of(scope)
    if not own_guide:
        facts = for_coordinator(dict(facts), replace(scope, ticks=None), reading.min_n)
    # Where there is one group, what is pooled over the groups is this group's.
    alone = len(reading.scope.groups) == 1
    pooled = counted(reading.released, None, scope.at) if alone else {}
    return Inputs(
        facts=facts,
        resident=counted(reading.released, group.id, scope.at) if own_guide else pooled,
        intervisor=answers_of_own_guide(scope) if own_guide else {},
        declared=declared(reading.declarations, reading.scope.at),
        climate=climate(reading.climate, scope.at),
        sessions_held=held.sessions_held(scope),
        min_n=reading.min_n,
        after_repair=after_repair([group], own=own_guide),
    )


def member_inputs(reading: Reading, group: GroupRow) -> Inputs:
    """What the group's own members may know of it: what they answered together, and what was arranged.

    Not what guide and coordinator ticked or said about them, and not whether a report was made.
    """
    inputs = group_inputs(reading, group)
    hidden = dict.fromkeys((*OF_LOGS, *OF_INTAKES, *OF_REPORTS))
    answers = counted(reading.released, group.id, reading.scope.at)
    return replace(inputs, facts={**inputs.facts, **hidden}, resident=answers, intervisor={}, after_repair="")


def group_in(reading: Reading, pk: UUID) -> GroupRow:
    return next(group for group in reading.scope.groups if group.id == pk)


def score_of_frame(scope: Scope) -> Score:
    """What is known of a program from its frame alone, stored or being typed."""
    known = catalogue.load()
    return score(known, scope.frame.format, Inputs(facts=facts_of(scope)))


def declared(answers: Mapping[str, Declaration], at: dt.datetime) -> dict[str, Declared | None]:
    """The answers that still count."""
    known = catalogue.load().items
    return {
        key: cast(Declared, row.answer) for key, row in answers.items() if key in known and row.counts(at)
    }
