"""One cell into a value, or a problem in plain words. Never raises, never asks the network."""

import re
import unicodedata
from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from programs.people.half_days import NOT_ANSWERED, read_grid
from programs.people.problems import Problem, quoted

LAST_TRAINING_YEAR = 12
MOST_SUPERVISORS = 20
LONGEST = {
    "name": 150,
    "email": 254,
    "personnel_number": 40,
    "discipline": 80,
    "supervisors": 2000,
    "grid": 500,
}
LONGEST_OTHER = 100

FORMULA_SIGNS = "=+-@\t\r"
_SIGN_NAMES = {"\t": "TAB", "\r": "CR"}
NOTHING = ("", "-", "–", "—")

Value = TypeVar("Value")


class CellError(Exception):
    """Carries the problem of one cell from its reader to ``read_cell``."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.problem = Problem(code, params)


def read_cell(
    field: str, cell: str, reader: Callable[[str], Value], *, place: str
) -> tuple[Value | None, Problem | None]:
    """The value, or what is wrong with it; ``place`` names the cell as a spreadsheet does, such as B7."""
    try:
        text = clean(cell, longest=LONGEST.get(field, LONGEST_OTHER), place=place)
        return (reader(text), None) if text else (None, None)
    except CellError as error:
        return None, error.problem


def clean(cell: str, *, longest: int, place: str) -> str:
    """One line without invisible characters; raises CellError for a formula and for control characters.

    A cell that a spreadsheet would run as a formula is refused rather than mended: nobody can tell
    what was meant. A lone dash means that there is nothing.
    """
    visible = cell if cell.isascii() else "".join(c for c in cell if unicodedata.category(c) != "Cf")
    if visible.strip() in NOTHING:
        return ""
    sign = formula_sign(visible)
    if sign:
        raise CellError("formula", cell=place, sign=_SIGN_NAMES.get(sign, sign))
    text = " ".join(unicodedata.normalize("NFC", visible).split())
    if not text.isprintable() or "\ufffd" in text:
        raise CellError("control_character")
    if len(text) > longest:
        raise CellError("longer_than", most=longest)
    return text


def formula_sign(text: str) -> str | None:
    """The sign that makes ``text`` a formula, also after spaces or in its full-width form."""
    for start in (text[:1], text.strip()[:1]):
        sign = unicodedata.normalize("NFKC", start) if start not in ("\t", "\r") else start
        if sign and sign in FORMULA_SIGNS:
            return sign
    return None


def read_name(text: str) -> str:
    if "@" in text:
        raise CellError("name_is_email")
    if len(text) > LONGEST["name"]:  # one of several supervisors
        raise CellError("longer_than", most=LONGEST["name"])
    if sum(char.isalpha() for char in text) < 2 or formula_sign(text):
        raise CellError("not_a_name")
    return text


def read_email(text: str) -> str:
    """The address with its domain in small letters; ``Name <address>`` gives the address."""
    named = re.fullmatch(r"[^<>]*<([^<>]+)>", text)
    address = (named[1] if named else text).removeprefix("mailto:").strip()
    try:
        validate_email(address)
    except (ValidationError, UnicodeError):  # the second from the encoding of foreign domains
        raise CellError("not_an_email", value=quoted(text)) from None
    name, _, domain = address.rpartition("@")
    return f"{name}@{domain.lower()}"


def read_training_year(text: str) -> int:
    """``3``, ``PGY-3``, ``year 3``, ``jaar 3``, ``3e jaar``."""
    found = re.fullmatch(
        r"(?:pgy|year|jaar|yr|r)?[ -]*(\d{1,2})(?:st|nd|rd|th|e|de|ste)?(?: *(?:year|jaar))?",
        text,
        re.IGNORECASE,
    )
    if not found or not found[1].isascii() or not 1 <= int(found[1]) <= LAST_TRAINING_YEAR:
        raise CellError("not_a_year", most=LAST_TRAINING_YEAR, value=quoted(text))
    return int(found[1])


def read_text(text: str) -> str:
    return text


def read_supervisors(text: str) -> tuple[str, ...]:
    """Names or e-mail addresses separated by ``|``, each once and in order."""
    supervisors = tuple(dict.fromkeys(filter(None, (part.strip() for part in text.split("|")))))
    if len(supervisors) > MOST_SUPERVISORS:
        raise CellError("too_many_supervisors", most=MOST_SUPERVISORS)
    return tuple(_supervisor(part) for part in supervisors)


def _supervisor(text: str) -> str:
    if "@" in text:
        return read_email(text)
    return read_name(text)


def read_half_days(text: str) -> str:
    """The fourteen letters of the grid; see ``half_days``."""
    try:
        answers = read_grid(text).answers
    except ValueError as error:
        raise CellError("not_a_grid", value=quoted(str(error))) from None
    return answers if answers != NOT_ANSWERED else ""
