"""What a page says about a score, ready to show: layers, factors, and a line for each condition."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import catalogue
from catalogue.kinds import Factor, Item, Layer, facts_of
from catalogue.texts import Text
from checklist.answered import FRESH_FOR, Released
from checklist.assessing import Assessment
from checklist.links import form_for, next_program, when_known
from checklist.models import Declaration, Justification
from checklist.outcomes import ItemScore
from checklist.reading import Reading
from checklist.rows import GroupRow
from checklist.scoring import Counts, FactorScore, LayerScore, Score
from checklist.words import measured
from intervision import clock
from programs.models import Program

#: The rings from within: what people arrange first comes first on the page.
ORDER = ("preparation", "minimal", "optimizing", "climate")
#: How many groups a condition names; of the others it says how many.
GROUPS_NAMED = 5
#: What people answer, in a group or around it.
OF_A_GROUP = ("resident_feedback", "intervisor_feedback")
ANSWERED = (*OF_A_GROUP, "climate_survey")
#: What is done before a program begins: once it runs the same people stay together.
BEFORE_THE_START = frozenset(
    {
        "prep-group-size",
        "prep-mix-years",
        "prep-same-phase-peer",
        "prep-one-discipline",
        "prep-continuity",
        "prep-intake-held",
        "prep-intake-own-guide",
        "prep-intake-goal",
        "prep-intake-frame",
        "prep-guide-prebriefed",
        "prep-purpose-and-limits",
        "prep-staff-views",
        "min-ground-rules",
    }
)
VARIANTS = {"met": "success", "partly": "warning", "not_met": "danger"}


@lru_cache(maxsize=1024)
def why(key: str, fact: str, language: str) -> SafeString:
    """Reason, source, threshold and weight of a condition in ``language``, the active one: all from the catalogue."""
    known = catalogue.load()
    item = known.items[key]
    spec = known.facts.get(fact)
    said = {
        "item": item,
        "kind": known.word("kind", item.measure.kind),
        "counted": spec.meaning if spec else None,
        "said_by": known.word("said_by", item.said_by),
        "basis": known.word("basis", item.basis),
        "origin": origin(item),
    }
    return render_to_string("checklist/_why.html", said)


def origin(item: Item) -> str:
    """Whose threshold it is."""
    measure = item.measure
    if not measure.origin:
        return ""
    said = str(catalogue.load().word("origin", measure.origin))
    return f"{said}: {measure.origin_note}" if measure.origin_note else said


@dataclass(frozen=True)
class Line:
    """One condition, of a program or, without ``found``, of a group; ``in_words`` says nothing that was counted.

    What a page does not ask is not worked out.
    """

    score: ItemScore
    program: Program
    min_n: int
    found: Assessment | None = None
    in_words: bool = False
    #: What was released to whoever reads, the oldest first.
    told: tuple[Released, ...] = ()

    @cached_property
    def asked_on(self) -> dt.date | None:
        """The day on which somebody last said what it is scored from."""
        of_item = (one.at for one in self.told if self.item.key in one.words)
        known = self.score.score is not None
        at = (
            self.declaration.answered_at
            if self.declaration
            else max(of_item, default=None)
            if known
            else None
        )
        return self.program.institution.on_day(at) if at else None

    @property
    def is_old(self) -> bool:
        """Whether what people felt was said so long ago that it soon stops counting; own answers say so themselves."""
        on = self.asked_on
        return bool(on and not self.declaration and clock.today() - on > FRESH_FOR)

    @cached_property
    def measured(self) -> str:
        return "" if self.in_words else _said(self.score, self.declaration)

    @cached_property
    def known_when(self) -> str:
        """What is missing while it is not yet known."""
        return _known_when(self.score, self.program.format, self.min_n, own=self.found is not None)

    @cached_property
    def url(self) -> str:
        """The form that mends it, for those who run the program; what is felt has one once it is known.

        What comes too late here begins with the program after it.
        """
        waits = self.item.measure.kind in OF_A_GROUP and self.score.status == "unknown"
        if self.found is None or waits or self.program.stage == Program.Stage.CANCELLED:
            return ""
        if self.is_for_next_program and self.item.measure.kind != "climate_survey":
            return next_program(self.program)
        return form_for(self.item, self.program, self.not_met_in or self.found.reading.scope.groups)

    @cached_property
    def not_met_in(self) -> tuple[GroupRow, ...]:
        if self.found is None or not self.is_open:
            return ()
        return tuple(group for group, _score in self.found.groups_not_met(self.item))

    @property
    def declaration(self) -> Declaration | None:
        return self.found.reading.declarations.get(self.item.key) if self.found else None

    @property
    def justification(self) -> Justification | None:
        return self.found.reading.justifications.get(self.item.key) if self.found else None

    @property
    def is_asked_again(self) -> bool:
        said = self.declaration
        return bool(self.found and said and said.is_asked_again(self.found.reading.scope.at))

    @property
    def first_not_met(self) -> tuple[GroupRow, ...]:
        return self.not_met_in[:GROUPS_NAMED]

    @property
    def more_not_met(self) -> int:
        return max(len(self.not_met_in) - GROUPS_NAMED, 0)

    @property
    def item(self) -> Item:
        return self.score.item

    @property
    def status(self) -> str:
        return str(catalogue.load().word("status", self.score.status))

    @property
    def variant(self) -> str:
        return VARIANTS.get(self.score.status, "neutral")

    @property
    def why(self) -> SafeString:
        return why(self.item.key, self.score.fact, get_language() or "")

    @property
    def action(self) -> Text | None:
        """What those who run the program do about it; what is answered has to be known first."""
        if self.program.stage == Program.Stage.CANCELLED:
            return None
        answered = self.item.measure.kind in ANSWERED
        if answered and (self.found is None or self.score.status == "unknown"):
            return None
        return self.to_know or self._in_time(self.item.next_action)

    @property
    def to_do(self) -> Text:
        """What to do about it, or what makes it known; the condition itself where the catalogue names nothing."""
        known = self.score.status != "unknown"
        return self.to_know or self._in_time(self.item.next_action if known else None) or self.item.statement

    @property
    def to_know(self) -> Text | None:
        """What makes it known while nobody knows."""
        if self.score.status != "unknown":
            return None
        words = catalogue.load().words
        if said := words["to_know"].get(self.item.key) or words["to_know"].get(self._fact):
            return said
        declared = self.item.measure.kind == "coordinator_declared"
        return _filled(words["to_do"]["say"], self.item.statement) if declared else None

    @property
    def _fact(self) -> str:
        return self.score.fact or next(iter(facts_of(self.item, self.program.format)), "")

    @property
    def is_for_next_program(self) -> bool:
        return is_late(self.item.key, self.program)

    def _in_time(self, action: Text | None) -> Text | None:
        if action is None or not self.is_for_next_program:
            return action
        return _filled(catalogue.load().word("to_do", "next_program"), action)

    @property
    def threshold(self) -> str:
        return origin(self.item)

    @property
    def sources(self) -> str:
        return "; ".join(f"{source.paper.short}, {source.section}" for source in self.item.sources)

    @property
    def is_open(self) -> bool:
        return self.score.status in ("partly", "not_met")


@dataclass(frozen=True)
class FactorLines:
    factor: Factor
    counts: Counts
    lines: tuple[Line, ...]
    limits: bool = False
    coverage: Fraction = Fraction(0)

    @property
    def known_share(self) -> int:
        """How much of it is known by weight, out of 100."""
        return int(self.coverage * 100)

    @property
    def known(self) -> list[Line]:
        return [line for line in self.lines if line.score.status != "unknown"]

    @property
    def unknown(self) -> list[Line]:
        return [line for line in self.lines if line.score.status == "unknown"]


@dataclass(frozen=True)
class LayerLines:
    layer: Layer
    score: LayerScore
    factors: tuple[FactorLines, ...]

    @property
    def counts(self) -> Counts:
        return self.score.counts

    @property
    def lines(self) -> list[Line]:
        return [line for factor in self.factors for line in factor.lines]


def layers(score: Score, lines: dict[str, Line]) -> list[LayerLines]:
    return [layer(score.layers[key], score, lines) for key in ORDER]


def layer(layer: LayerScore, score: Score, lines: dict[str, Line]) -> LayerLines:
    factors = tuple(_factor(factor, score, lines) for factor in layer.factors)
    return LayerLines(layer.layer, layer, factors)


def _factor(factor: FactorScore, score: Score, lines: dict[str, Line]) -> FactorLines:
    shown = tuple(lines[item.item.key] for item in factor.items)
    limits = factor.factor.key in score.held_down_by
    return FactorLines(factor.factor, factor.counts, shown, limits, factor.coverage)


def program_lines(
    found: Assessment, program: Program, items: Iterable[ItemScore] | None = None
) -> dict[str, Line]:
    """Every condition of the program, or ``items`` of them, by key."""
    chosen = found.score.items.values() if items is None else items
    min_n = found.reading.min_n
    told = told_to(found.reading, None)
    return {item.item.key: Line(item, program, min_n, found, told=told) for item in chosen}


def group_lines(
    program: Program,
    min_n: int,
    items: Iterable[ItemScore],
    *,
    in_words: bool = False,
    told: tuple[Released, ...] = (),
) -> dict[str, Line]:
    """Conditions of one group, by key, without forms."""
    return {item.item.key: Line(item, program, min_n, in_words=in_words, told=told) for item in items}


def told_to(reading: Reading, group: UUID | None) -> tuple[Released, ...]:
    """What was released to ``group``, or pooled to the coordinator."""
    return tuple(one for one in reading.released if one.group == group)


def is_late(key: str, program: Program) -> bool:
    """Whether nothing can be done about it any more in this program, only in a next one."""
    stage = program.paused_stage if program.stage == Program.Stage.PAUSED else program.stage
    if stage == Program.Stage.RUNNING:
        return key in BEFORE_THE_START
    return stage == Program.Stage.COMPLETED


def _filled(words: Text, what: Text) -> Text:
    return Text(words.en.format(what=what.en), words.nl.format(what=what.nl))


def _said(item: ItemScore, declaration: Declaration | None) -> str:
    if declaration is None:
        return measured(item)
    answer = str(Declaration.Answer(declaration.answer).label)
    return f"{answer}: {declaration.note}" if declaration.note else answer


def _known_when(item: ItemScore, format_key: str, min_n: int, *, own: bool) -> str:
    if item.status != "unknown":
        return ""
    measure = item.item.measure
    if measure.kind in ("planned", "recorded"):
        known = facts_of(item.item, format_key)
        return when_known(item.fact or known[0])
    if measure.kind == "coordinator_declared":
        return _("You can answer this yourself.") if own else _("The coordinator answers this.")
    return _asked(item.item, min_n)


def _asked(item: Item, min_n: int) -> str:
    words = catalogue.load().words["ask_windows"]
    moment = str(words.get(item.measure.ask, "")).partition("(")[0].strip()
    if item.measure.kind == "climate_survey":
        return _("Known once %(n)s people of one group of staff have answered the climate survey.") % {
            "n": min_n
        }
    if item.measure.kind == "intervisor_feedback":
        return _("Asked of the guide: %(when)s.") % {"when": moment}
    return _("Known once %(n)s members have answered. It is asked %(when)s.") % {"n": min_n, "when": moment}
