"""The one table of who reads what and how long it is kept. Privacy sentences and purges are made from it."""

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args
from uuid import UUID

from catalogue.files import FOLDER, CatalogueError, Problem, SourceFile, read
from catalogue.texts import Text

FILE = "retention.yaml"
After = Literal["program_ends", "written", "sent", "last_role_ends"]
TEXTS = ("name", "reads", "until")
Moment = TypeVar("Moment", dt.date, dt.datetime)


@dataclass(frozen=True, slots=True)
class Period:
    days: int = 0
    months: int = 0

    @property
    def number(self) -> int:
        return self.months or self.days

    def of(self, number: int) -> "Period":
        """As long as ``number`` of the same unit."""
        return Period(months=number) if self.months else Period(days=number)

    @property
    def words(self) -> Text:
        if self.months:
            return Text(en=_many(self.months, "month", "months"), nl=_many(self.months, "maand", "maanden"))
        return Text(en=_many(self.days, "day", "days"), nl=_many(self.days, "dag", "dagen"))

    def before(self, at: Moment) -> Moment:
        """The moment from which on things are still kept at ``at``; what is older goes."""
        return _months_earlier(at, self.months) - dt.timedelta(days=self.days)

    def after(self, at: Moment) -> Moment:
        """The moment until which something of ``at`` is kept."""
        return _months_earlier(at, -self.months) + dt.timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Retention:
    key: str
    name: Text
    reads: Text
    #: Counted from the end of the program, the moment it was written or sent, or the end of the last role.
    after: After | None
    period: Period | None
    _until: Text
    #: The shortest period that an institution may choose instead, in the same unit.
    least: Period | None = None
    #: Words of ``TEXTS`` that differ where the reader is not the person it is about.
    others: Mapping[str, Text] = field(default_factory=dict)

    @property
    def of_others(self) -> "Retention":
        """The same in words for who is not the person it is about: an administrator, a privacy officer."""
        said = self.others.get
        return replace(
            self,
            name=said("name", self.name),
            reads=said("reads", self.reads),
            _until=said("until", self._until),
        )

    @property
    def until(self) -> Text:
        """The sentence that says until when, e.g. "It is deleted 30 days after the program ends."."""
        return self.until_after(self.period)

    def until_after(self, period: Period | None) -> Text:
        """The same for an institution's own, shorter period."""
        if period is None:
            return self._until
        words = period.words
        return Text(
            en=self._until.en.format(period=words.en),
            nl=self._until.nl.format(period=words.nl),
        )

    @property
    def sentence(self) -> Text:
        """Who reads this and until when: what stands beside each field of this kind."""
        until = self.until
        return Text(en=f"{self.reads.en} {until.en}", nl=f"{self.reads.nl} {until.nl}")

    def shortened(self, number: int | None) -> "Retention":
        """As an institution keeps it that chose ``number`` of days or months; never longer than the table says."""
        if self.period is None or number is None or not self.is_shorter(number):
            return self
        return replace(self, period=self.period.of(number))

    def is_shorter(self, number: int) -> bool:
        return self.period is not None and number < self.period.number

    def allows(self, number: int) -> bool:
        """Whether an institution may keep this for ``number`` of the table's days or months."""
        if self.period is None or self.least is None:
            return False
        return self.least.number <= number <= self.period.number

    def said_by(self, until: Text) -> "Retention":
        """The same with ``until`` as the sentence that says until when."""
        return replace(self, period=None, _until=until)


Table = Mapping[str, Retention]
#: By kind, queries for the rows that are kept no longer.
Old = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class House:
    """What one institution keeps for less time than the table says."""

    id: UUID
    #: A query for those whose pages are this institution's: what is in no program goes by its person.
    people: Any
    periods: Mapping[str, Period]


def shorter(kind: str, at: Moment, houses: Iterable[House]) -> Iterator[tuple[House, Moment]]:
    """Each of ``houses`` that keeps ``kind`` for less time, and from which moment on it still keeps it at ``at``."""
    for house in houses:
        if kind in house.periods:
            yield house, house.periods[kind].before(at)


@cache
def load() -> Table:
    """The table by kind; raises CatalogueError with file and line for everything that is wrong."""
    return load_from(FOLDER)


def of(key: str) -> Retention:
    return load()[key]


def cutoff(key: str, at: Moment) -> Moment:
    """What is older than this is no longer kept at ``at``. Raises ValueError for a kind that has no period."""
    period = of(key).period
    if period is None:
        raise ValueError(f"{key} is kept, or not kept at all")
    return period.before(at)


def load_from(folder: Path) -> Table:
    file = read(FILE, folder=folder)
    found = [file.at(problem) for problem in _problems(file)]
    if found:
        raise CatalogueError(found)
    return {key: _retention(key, spec) for key, spec in file.data.items()}


def _retention(key: str, spec: Mapping[str, Any]) -> Retention:
    kept = {unit: spec[unit] for unit in ("days", "months") if unit in spec}
    period = Period(**kept) if kept else None
    texts = {name: Text(**spec[name]) for name in TEXTS}
    others = {name: Text(**said) for name, said in spec.get("others", {}).items()}
    return Retention(
        key=key,
        name=texts["name"],
        reads=texts["reads"],
        after=spec.get("after"),
        period=period,
        _until=texts["until"],
        least=period.of(spec["least"]) if period else None,
        others=others,
    )


def _problems(file: SourceFile) -> Iterator[Problem]:
    for key, spec in file.data.items():
        if not isinstance(spec, dict) or set(spec) - {*TEXTS, "days", "months", "after", "least", "others"}:
            yield Problem((key,), f"{key} has a field that is not known")
            continue
        for name in TEXTS:
            yield from _wrong_words((key, name), spec.get(name), has_period="after" in spec)
        yield from _wrong_others(key, spec)
        kept = [spec[unit] for unit in ("days", "months") if unit in spec]
        if len(kept) != ("after" in spec) or not all(
            isinstance(number, int) and number > 0 for number in kept
        ):
            yield Problem((key,), f"{key}: a period has days or months, and what it comes after")
        if ("least" in spec) != ("after" in spec) or not _is_least(spec.get("least", 1), kept):
            yield Problem((key,), f"{key}: a period, and only that, has a least that is not more")
        if "after" in spec and spec["after"] not in get_args(After):
            yield Problem((key, "after"), f"{key}: nothing is kept after {spec['after']!r}")


def _wrong_words(at: tuple[str, ...], said: object, *, has_period: bool) -> Iterator[Problem]:
    key, name = at[0], at[-1]
    if not isinstance(said, dict) or set(said) != {"en", "nl"} or not all(said.values()):
        yield Problem(at, f"{key}: {name} is not there in both languages")
    elif name == "until" and any(("{period}" in text) != has_period for text in said.values()):
        yield Problem(at, f"{key}: a period is named exactly where there is one")


def _wrong_others(key: str, spec: Mapping[str, Any]) -> Iterator[Problem]:
    others = spec.get("others", {})
    if not isinstance(others, dict) or set(others) - set(TEXTS):
        yield Problem((key, "others"), f"{key}: others has words that are not known")
        return
    for name, said in others.items():
        yield from _wrong_words((key, "others", name), said, has_period="after" in spec)


def _is_least(number: object, kept: list[Any]) -> bool:
    return isinstance(number, int) and all(isinstance(one, int) and 1 <= number <= one for one in kept)


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _months_earlier(at: Moment, months: int) -> Moment:
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return at.replace(year=year, month=month + 1, day=min(at.day, last))
