"""What can be wrong with a file, a row or a cell, in words that say what to do.

A problem is a code with plain parameters, so that it can be stored between the dry run and the
confirmation; the words come in the language of whoever reads it. Parameters that quote the file
are shortened and cleaned first.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FILE_WORDS: dict[str, Promise | str] = {
    "empty": _("There is nothing in this file."),
    "too_big": _("This file is larger than %(megabytes)s MB. Split it and import the parts."),
    "too_many_rows": _("This file has more than %(most)s rows. Split it and import the parts."),
    "not_a_table": _("This is not a CSV or XLSX file. Save it as one of these and try again."),
    "old_excel": _("This is an old Excel file (.xls). Save it as .xlsx or CSV and try again."),
    "broken_workbook": _("This XLSX file cannot be opened. Open it in Excel, save it again and try again."),
    "locked_workbook": _("This XLSX file has a password. Save it without one and try again."),
    "workbook_too_big": _("This XLSX file is too large when unpacked. Save the list alone and try again."),
    "missing_column": _("The column “%(column)s” is missing. Add it to the first row."),
    "column_twice": _("The column “%(column)s” is there twice. Remove one of them."),
    "no_rows": _("Under the first row there are no people."),
}

ROW_WORDS: dict[str, Promise | str] = {
    "undecodable": _("Line %(line)s has characters that cannot be read. Type the row again."),
    "open_quote": _("In line %(line)s a quotation mark is not closed."),
    "too_long": _("Line %(line)s is too long to be one person."),
    "too_many_cells": _(
        "This row has more cells than the first row. Is a separator missing its quotation marks?"
    ),
    "duplicate_email": _("Row %(first)s has the same e-mail address. One person, one row."),
    "two_people": _(
        "The address and the personnel number of this row belong to two people. Mend one of them."
    ),
    "duplicate_personnel_number": _("Row %(first)s has the same personnel number. One person, one row."),
}

CELL_WORDS: dict[str, Promise | str] = {
    "required": _("Fill this in."),
    "formula": _("Cell %(cell)s begins with %(sign)s, like a formula. Type the value itself."),
    "control_character": _("This has a character that cannot be shown. Type it again."),
    "longer_than": _("This is longer than %(most)s characters."),
    "not_a_name": _("This is not a name."),
    "name_is_email": _("This is an e-mail address. Put it in the column for e-mail."),
    "not_an_email": _("This is not an e-mail address: %(value)s"),
    "not_a_year": _("The training year is a number from 1 to %(most)s, not: %(value)s"),
    "not_a_grid": _("This is not clear: %(value)s. Write for example “mon-am never, tue rather not”."),
    "too_many_supervisors": _("This has more than %(most)s supervisors. Separate them with |."),
    "own_supervisor": _("Somebody cannot be their own supervisor."),
}

#: How a field is called on the page; ``field`` in the parameters of a problem is shown as this.
LABELS: dict[str, Promise | str] = {
    "name": _("name"),
    "email": _("e-mail"),
    "training_year": _("training year"),
    "specialty": _("specialty"),
    "discipline": _("discipline"),
    "department": _("department"),
    "supervisors": _("supervisors"),
    "grid": _("half-days"),
    "personnel_number": _("personnel number"),
}

WORDS = {**FILE_WORDS, **ROW_WORDS, **CELL_WORDS}

LONGEST_QUOTE = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend; ``message`` is in the language that is active now."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def message(self) -> str:
        params = dict(self.params)
        if "field" in params:
            params["column"] = str(LABELS[str(params["field"])])
        return str(WORDS[self.code]) % params


def quoted(value: str) -> str:
    """A piece of the file that is safe in a message, a log or a mail header: one line, short, visible."""
    plain = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in value)
    plain = " ".join(plain.split())
    return plain if len(plain) <= LONGEST_QUOTE else plain[: LONGEST_QUOTE - 1] + "…"
