"""The half-day grid: which mornings and afternoons of a week suit a person.

A grid is fourteen letters from Monday morning to Sunday afternoon, as ``accounts`` stores it: ``f`` fine,
``r`` rather not, ``n`` never, ``-`` not answered. Half-day ``2 * weekday + part`` has weekday 0 for Monday
and part 1 for the afternoon.

In a file a grid is one cell of entries, separated by ``,`` ``;`` ``|`` or ``/``, in either language::

    mon-am never, tue rather not        ma-o nooit, di liever niet

An entry is a day, optionally with its part (``-am``/``-pm``; Dutch ``-o`` ochtend, ``-m`` middag), and a
word: fine (kan), rather not (liever niet), never (nooit). A later entry wins. Half-days that no entry
mentions are not answered; they count as possible, not as fine.
"""

import re
from dataclasses import dataclass

HALF_DAYS = 14
NOT_ANSWERED = "-" * HALF_DAYS

ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DUTCH_DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
ENGLISH_PARTS = ("am", "pm")
DUTCH_PARTS = ("o", "m")
ENGLISH_WORDS = {"f": "fine", "r": "rather not", "n": "never"}
DUTCH_WORDS = {"f": "kan", "r": "liever niet", "n": "nooit"}
ANSWERS = {
    **dict.fromkeys(("fine", "ok", "yes", "kan", "goed", "prima", "ja"), "f"),
    **dict.fromkeys(("rather not", "liever niet"), "r"),
    **dict.fromkeys(("never", "no", "nooit", "niet", "nee"), "n"),
}

_ENTRY = re.compile(r"(?P<day>[a-z]{2,3})(?:-(?P<part>[a-z]{1,2}))? ?[ :=] ?(?P<word>[a-z ]+)")


@dataclass(frozen=True, slots=True)
class Grid:
    """What a person answered about a week."""

    answers: str = NOT_ANSWERED

    def as_text(self, language: str = "en") -> str:
        """The cell that ``read_grid`` reads back, in English or Dutch."""
        words = DUTCH_WORDS if language.startswith("nl") else ENGLISH_WORDS
        return ", ".join(
            f"{half_day_code(index, language)} {words[answer]}"
            for index, answer in enumerate(self.answers)
            if answer != "-"
        )


def half_day_code(index: int, language: str = "en") -> str:
    """``mon-am`` or, in Dutch, ``ma-o``."""
    days, parts = (DUTCH_DAYS, DUTCH_PARTS) if language.startswith("nl") else (ENGLISH_DAYS, ENGLISH_PARTS)
    return f"{days[index // 2]}-{parts[index % 2]}"


def read_grid(text: str) -> Grid:
    """Read the textual form; raises ValueError whose only argument is the entry that is not understood."""
    answers = list(NOT_ANSWERED)
    for entry in filter(None, (part.strip() for part in re.split(r"[,;|/\n]", text))):
        half_days, answer = _read_entry(entry)
        for index in half_days:
            answers[index] = answer
    return Grid("".join(answers))


def _read_entry(entry: str) -> tuple[list[int], str]:
    found = _ENTRY.fullmatch(" ".join(entry.casefold().split()))
    answer = ANSWERS.get(found["word"].strip()) if found else None
    if not found or not answer:
        raise ValueError(entry)
    day, part = found["day"], found["part"]
    if day in DUTCH_DAYS:
        weekday, parts = DUTCH_DAYS.index(day), DUTCH_PARTS
    elif day in ENGLISH_DAYS:
        weekday, parts = ENGLISH_DAYS.index(day), ENGLISH_PARTS
    else:
        raise ValueError(entry)
    if part is None:
        return [2 * weekday, 2 * weekday + 1], answer
    if part not in parts:  # "mon-m" may be morning or middag: refused, not guessed
        raise ValueError(entry)
    return [2 * weekday + parts.index(part)], answer
