"""Which column of a file is which: names in English and Dutch, in any order, others ignored."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from programs.people.problems import Problem, quoted

NAMES: dict[str, tuple[str, ...]] = {
    "name": ("name", "full name", "naam", "volledige naam", "resident", "aios", "deelnemer", "participant"),
    "email": ("email", "email address", "mail", "emailadres", "mailadres", "e mail", "e mailadres"),
    "training_year": (
        "training year",
        "year",
        "year of training",
        "pgy",
        "opleidingsjaar",
        "jaar",
        "jaar van opleiding",
    ),
    "specialty": ("specialty", "speciality", "specialism", "specialisme", "vakgebied", "opleiding"),
    "discipline": ("discipline", "profession", "beroep", "beroepsgroep", "functie"),
    "department": ("department", "ward", "afdeling"),
    "supervisors": ("supervisors", "supervisor", "opleiders", "opleider", "begeleiders op de afdeling"),
    "grid": ("half days", "halfdays", "half day grid", "availability", "dagdelen", "beschikbaarheid"),
    "personnel_number": (
        "personnel number",
        "personnel no",
        "employee number",
        "staff number",
        "personeelsnummer",
        "personeelsnr",
    ),
}

FIELDS = tuple(NAMES)
WORKSHOP = "error_coping_workshop"

_FIELD_OF = {name: field for field, names in NAMES.items() for name in names}


@dataclass(frozen=True, slots=True)
class Columns:
    """The header as understood: ``places`` maps a field to its column from 0.

    ``ignored`` are header cells of columns that are not read. ``absent`` are fields that
    are not required and not there: what they would say stays not known.
    """

    places: dict[str, int]
    ignored: tuple[str, ...]
    absent: tuple[str, ...]
    problems: tuple[Problem, ...]


def fields_of(program_format: str) -> tuple[str, ...]:
    """What a format's list can have: a workshop asks the discipline, not training year or specialty."""
    not_asked = {"training_year", "specialty"} if program_format == WORKSHOP else {"discipline"}
    return tuple(field for field in FIELDS if field not in not_asked)


def required_of(program_format: str) -> tuple[str, ...]:
    """What every row must have; for all else, empty means not yet known."""
    return "name", "email", "discipline" if program_format == WORKSHOP else "training_year"


def field_of(header: str) -> str | None:
    """The field that a header cell names, None for one that we do not know."""
    plain = unicodedata.normalize("NFKD", header).casefold()
    return _FIELD_OF.get(" ".join(re.findall(r"[a-z]+", plain)))


def recognise(header: Sequence[str], program_format: str) -> Columns:
    """Find the fields of a format in a header; a missing or doubled column is a problem by its name."""
    wanted = fields_of(program_format)
    places: dict[str, int] = {}
    ignored: list[str] = []
    problems: list[Problem] = []
    for place, cell in enumerate(header):
        field = field_of(cell)
        if field is None or field not in wanted:
            ignored += [quoted(cell)] if cell.strip() else []
        elif field in places:
            problems.append(Problem("column_twice", {"column": quoted(cell)}))
        else:
            places[field] = place
    missing = [field for field in required_of(program_format) if field not in places]
    problems += [Problem("missing_column", {"field": field}) for field in missing]
    absent = tuple(field for field in wanted if field not in places and field not in missing)
    return Columns(places, tuple(ignored), absent, tuple(problems))
