"""The things the catalogue holds. All are frozen; numbers that score are exact fractions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Literal

from catalogue.texts import Text

LayerKey = Literal["preparation", "minimal", "optimizing", "climate"]
Kind = Literal[
    "planned",
    "recorded",
    "resident_feedback",
    "intervisor_feedback",
    "coordinator_declared",
    "climate_survey",
]
Critical = Literal["hard", "soft"]
Plain = bool | str | None


@dataclass(frozen=True, slots=True)
class Paper:
    key: str
    cite: str
    short: str  # "Jorissen 2024"


@dataclass(frozen=True, slots=True)
class Source:
    """Where in which paper; ``section`` keeps the paper's own English words."""

    paper: Paper
    section: str


@dataclass(frozen=True, slots=True)
class Layer:
    key: LayerKey
    label: Text
    explanation: Text


@dataclass(frozen=True, slots=True)
class Factor:
    key: str
    layer: LayerKey
    label: Text
    order: int


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One number, yes/no or choice that a planned or recorded item is scored from.

    ``most`` is what a number of its unit can be at most; beyond it somebody mistyped.
    """

    key: str
    type: Literal["int", "number", "ratio", "bool", "enum"]
    phase: Literal["planned", "recorded"]
    unit: Text | None
    meaning: Text | None
    values: tuple[str, ...] = ()
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """``score`` for a value from ``low`` to ``high``, both included; None is open."""

    low: Fraction | None
    high: Fraction | None
    score: Fraction

    def holds(self, value: Fraction) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Rule:
    """How one fact becomes a score: bands (first match wins, else 0) or a map of plain values."""

    fact: str
    bands: tuple[Band, ...] = ()
    map: Mapping[Plain, Fraction] = field(default_factory=dict)
    round_half_up: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """How an item becomes known.

    ``words`` is the rule of a planned or recorded item, else the question. ``rules`` and ``recorded`` are
    by format key, with "" for every format without its own entry.
    """

    kind: Kind
    words: Text
    rules: Mapping[str, Rule] = field(default_factory=dict)
    recorded: Mapping[str, Rule] = field(default_factory=dict)
    ask: str = ""
    reverse: bool = False
    respondents: tuple[str, ...] = ()
    origin: str = ""
    origin_note: Text | None = None

    def rule(self, format_key: str) -> Rule:
        return self.rules[format_key] if format_key in self.rules else self.rules[""]

    def recorded_rule(self, format_key: str) -> Rule | None:
        """The rule that replaces ``rule`` once enough sessions took place, if there is one."""
        return self.recorded.get(format_key) or self.recorded.get("")


@dataclass(frozen=True, slots=True)
class NotApplicable:
    fact: str
    equals: Fraction | bool | str


@dataclass(frozen=True, slots=True)
class Item:
    key: str
    layer: LayerKey
    factor: str
    statement: Text
    why: Text
    next_action: Text | None
    sources: tuple[Source, ...]
    said_by: str
    strength: str
    basis: str
    measure: Measure
    weight: int
    weight_reason: Text
    applies_to: tuple[str, ...]
    extends_to: tuple[str, ...] = ()
    critical: Critical | None = None
    anchor: bool = False
    extended: bool = False
    not_applicable_when: NotApplicable | None = None


@dataclass(frozen=True, slots=True)
class Default:
    """A format's value for one field, and who says so: stated, derived, not_stated or recommended."""

    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    words: Text | None
    status: str
    source: Text | None
    note: Text | None

    @property
    def number(self) -> int:
        """The value of a field that counts; raises ValueError where the format has none."""
        if self.value is None:
            raise ValueError("this format has no value for the field")
        return int(self.value)


@dataclass(frozen=True, slots=True)
class Stage:
    key: str
    label: Text


@dataclass(frozen=True, slots=True)
class Format:
    """``defaults`` by field: group_size, interval_weeks, session_minutes, trajectory_months, sessions_total,
    timing, place, intake (minutes), facilitator, co_facilitator, coaching_call (minutes),
    mixing_training_years, participation, advertise_as, follow_up (contacts); a format lacks some."""

    key: str
    label: Text
    definition: Text
    paper: Paper
    defaults: Mapping[str, Default]
    outcomes: tuple[Text, ...]
    names: tuple[Text, ...]
    stages: tuple[Stage, ...]
    asks: frozenset[str]
    has_intakes: bool
    has_calls: bool
    guide: Text
    guides: Text
    purpose: Text
    limits: Text
    ground_rules: Text


@dataclass(frozen=True, slots=True)
class Edge:
    """When ``to`` is low, look at ``origin`` first. A star stands for all; an edge carries no points."""

    origin: str
    to: str
    source: str
    note: Text | None


@dataclass(frozen=True, slots=True)
class AvoidedWord:
    word: str
    language: str
    stem: str
    instead: Text
    resilience: bool


@dataclass(frozen=True)
class Catalogue:
    version: str
    reconstruction_note: Text
    caveats: tuple[Text, ...]
    papers: Mapping[str, Paper]
    layers: Mapping[str, Layer]
    factors: Mapping[str, Factor]
    formats: Mapping[str, Format]
    facts: Mapping[str, FactSpec]
    items: Mapping[str, Item]
    interplay: tuple[Edge, ...]
    themes: Mapping[str, Text]
    words: Mapping[str, Mapping[str, Text]]
    avoid: tuple[AvoidedWord, ...]
    min_sessions_held: int
    min_n: Mapping[str, int]

    def items_of(self, format_key: str, *, extended: bool = False) -> tuple[Item, ...]:
        """The items of a format in the order of the file; extended ones only when asked for."""
        found = self._by_format[self.formats[format_key].key]
        return tuple(item for item in found if extended or not item.extended)

    def factors_of(self, layer: str) -> tuple[Factor, ...]:
        return tuple(sorted((f for f in self.factors.values() if f.layer == layer), key=lambda f: f.order))

    def questions(self, format_key: str, ask: str, kind: Kind, *, extended: bool = False) -> tuple[Item, ...]:
        """The items whose question is put to ``kind`` in the window ``ask``."""
        found = self.items_of(format_key, extended=extended)
        return tuple(item for item in found if item.measure.kind == kind and item.measure.ask == ask)

    def log_questions(self, format_key: str) -> tuple[Item, ...]:
        """What the guide answers in every session's log."""
        return self.questions(format_key, "log", "intervisor_feedback")

    def items_by_fact(self, fact: str, format_key: str) -> tuple[Item, ...]:
        """The items of a format that are scored from ``fact``, before or after sessions took place."""
        return tuple(
            item for item in self.items_of(format_key, extended=True) if fact in facts_of(item, format_key)
        )

    def word(self, group: str, key: str) -> Text:
        """A label of ``words.yaml`` or of the vocabulary, e.g. ``word("kind", "planned")``."""
        return self.words[group][key]

    @cached_property
    def _by_format(self) -> Mapping[str, tuple[Item, ...]]:
        return {key: tuple(i for i in self.items.values() if key in i.applies_to) for key in self.formats}


def facts_of(item: Item, format_key: str) -> tuple[str, ...]:
    """Keys of the facts that score ``item``: the planned one first, then the one that replaces it."""
    if not item.measure.rules:
        return ()
    recorded = item.measure.recorded_rule(format_key)
    planned = item.measure.rule(format_key).fact
    return (planned, recorded.fact) if recorded else (planned,)
