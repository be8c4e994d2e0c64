"""The questions of a window as they are handed over and kept. What they ask stands in the catalogue."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from catalogue import load


@dataclass(frozen=True, slots=True)
class Question:
    """``key`` is the catalogue's item. ``reverse``: agreeing is bad news. ``about_guide``: it is about one person."""

    key: str
    reverse: bool = False
    about_guide: bool = False


def stored(questions: Iterable[Question]) -> list[dict[str, Any]]:
    return [asdict(question) for question in questions]


def read(rows: Iterable[dict[str, Any]]) -> tuple[Question, ...]:
    return tuple(Question(**row) for row in rows)


def keys(questions: Sequence[Question]) -> list[str]:
    return [question.key for question in questions]


def of_climate(who: str) -> list[Question]:
    """What the catalogue asks of one stratum, whatever programs the house runs."""
    asked = (item for item in load().items.values() if who in item.measure.respondents and not item.extended)
    return [Question(item.key, item.measure.reverse) for item in asked]
