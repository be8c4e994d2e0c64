"""What a group or program is scored from: plain values, nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import isfinite
from typing import Literal

from catalogue.kinds import Catalogue, FactSpec

Number = Fraction | int | float
Declared = Literal["yes", "partly", "no"]
#: Something left the group and was repaired: whether the group has said since that what is said there stays there.
AfterRepair = Literal["", "awaits", "restored"]

DECLARED: Mapping[str, Fraction] = {"yes": Fraction(1), "partly": Fraction(1, 2), "no": Fraction(0)}
LOWEST_MIN_N = 4


def exact(value: Number) -> Fraction:
    """``value`` as a fraction; a float counts as the decimal it is written as, so 0.85 is 17/20."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, float) and not isfinite(value):
        raise ValueError(f"{value} is no number")
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


@dataclass(frozen=True, slots=True)
class Range:
    """A number of which only the limits are known, both included; None is open."""

    low: Number | None = None
    high: Number | None = None

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and exact(self.low) > exact(self.high):
            raise ValueError(f"a range from {self.low} to {self.high} ends before it starts")


@dataclass(frozen=True, slots=True)
class Answers:
    """The mean of ``n`` answers from 1, strongly disagree, to 5, strongly agree."""

    mean: Number
    n: int

    def __post_init__(self) -> None:
        if isinstance(self.n, bool) or not isinstance(self.n, int):
            raise ValueError(f"there cannot be {self.n} answers")
        if isinstance(self.mean, bool) or not isinstance(self.mean, Fraction | int | float):
            raise ValueError(f"{self.mean} is no mean of answers")
        if self.n < 0:
            raise ValueError(f"there cannot be {self.n} answers")
        if not 1 <= exact(self.mean) <= 5:
            raise ValueError(f"a mean of {self.mean} is outside 1 to 5")


Fact = bool | str | Number | Range | None


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that is known at one moment. What is missing, or None, is unknown and never zero.

    ``facts`` by fact key; ``resident``, ``intervisor`` and ``declared`` by item key; ``climate`` by item key
    and stratum. ``min_n`` is the institution's minimum of answers of residents and of a climate stratum;
    ``extended`` adds the items that are off by default.
    """

    facts: Mapping[str, Fact] = field(default_factory=dict)
    resident: Mapping[str, Answers] = field(default_factory=dict)
    intervisor: Mapping[str, Answers] = field(default_factory=dict)
    declared: Mapping[str, Declared | None] = field(default_factory=dict)
    climate: Mapping[str, Mapping[str, Answers]] = field(default_factory=dict)
    sessions_held: int = 0
    min_n: int = 5
    extended: bool = False
    after_repair: AfterRepair = ""


def refuse_bad(inputs: Inputs, catalogue: Catalogue, format_key: str) -> None:
    """Raise ValueError for what only a mistake can bring: unknown names, values outside their type."""
    if format_key not in catalogue.formats:
        raise ValueError(f"unknown format {format_key}")
    if inputs.sessions_held < 0:
        raise ValueError(f"there cannot be {inputs.sessions_held} sessions held")
    if inputs.min_n < LOWEST_MIN_N:
        raise ValueError(f"fewer than {LOWEST_MIN_N} answers may never be used, not {inputs.min_n}")
    for fact, value in inputs.facts.items():
        _refuse_bad_fact(fact, value, catalogue.facts.get(fact))
    for group in (inputs.resident, inputs.intervisor, inputs.declared, inputs.climate):
        for item in group:
            if item not in catalogue.items:
                raise ValueError(f"unknown item {item}")
    for item, answer in inputs.declared.items():
        if answer is not None and not (isinstance(answer, str) and answer in DECLARED):
            raise ValueError(f"{item}: {answer} is not yes, partly or no")


def _refuse_bad_fact(fact: str, value: Fact, spec: FactSpec | None) -> None:
    if spec is None:
        raise ValueError(f"unknown fact {fact}")
    if value is None:
        return
    if spec.type == "bool":
        good = isinstance(value, bool)
    elif spec.type == "enum":
        good = value in spec.values
    else:
        ends = (value.low, value.high) if isinstance(value, Range) else (value,)
        good = all(end is None or _good_number(fact, end, spec) for end in ends)
    if not good:
        raise ValueError(f"{fact}: {value} is no {spec.type}")


def _good_number(fact: str, value: object, spec: FactSpec) -> bool:
    if isinstance(value, bool) or not isinstance(value, Fraction | int | float):
        return False
    number = exact(value)
    if number < 0 or (spec.type == "int" and number.denominator != 1):
        return False
    # Several interruptions can fall in one attendance; every other ratio is a share.
    return spec.type != "ratio" or number <= 1 or "_per_" in fact
