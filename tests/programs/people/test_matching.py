"""Rows are compared with the people an institution knows; importing twice changes nothing."""

import pytest

from programs.people.matching import Known, Match, Verdict, count, match
from programs.people.names import likeness, pairs_of_similar_names
from programs.people.reading import Row, read_row

ANNA = Known("anna", "Anna de Vries", ["anna@huis.nl", "anna@thuis.nl"], "17", {"training_year": 3})
BO = Known("bo", "Bo Wit", ["bo@huis.nl"])


def row(name: str, email: str, number: str = "", year: int = 3, line: int = 2) -> Row:
    typed = {"name": name, "email": email, "personnel_number": number, "training_year": str(year)}
    return read_row(line, typed, program_format="intervision")


def match_one(*given: Row) -> Match:
    return match(given, [ANNA, BO])[-1]


def test_a_row_that_says_nothing_new_is_the_same_by_any_address():
    found = match_one(row("Anna de Vries", "ANNA@thuis.nl"))

    assert (found.verdict, found.known) == (Verdict.SAME, "anna")


def test_changed_fields_are_listed_and_empty_cells_change_nothing():
    found = match_one(row("Anna Visser", "anna@huis.nl", year=4))

    assert (found.verdict, found.changed) == (Verdict.CHANGED, ("name", "training_year"))


def test_the_personnel_number_finds_somebody_with_a_new_address():
    found = match_one(row("Anna de Vries", "av@huis.nl", "17"))

    assert (found.verdict, found.known, found.changed) == (Verdict.CHANGED, "anna", ("email",))


@pytest.mark.parametrize(
    ("name", "why"), [("Vries, Anna de", "same_name"), ("A. de Vries", "initial"), ("Anna de Vriess", "typo")]
)
def test_a_similar_name_with_another_address_is_a_question(name, why):
    found = match_one(row(name, "new@huis.nl"))

    assert (found.verdict, found.known, found.why) == (Verdict.ASK, "anna", why)


def test_another_personnel_number_is_another_person():
    assert match_one(row("Anna de Vries", "new@huis.nl", "18")).verdict is Verdict.NEW


def test_address_and_number_of_two_people_and_two_rows_of_one_are_conflicts():
    crossed = match_one(row("Bo Wit", "bo@huis.nl", "17"))
    twice = match_one(row("Anna de Vries", "anna@huis.nl"), row("Anna de Vries", "anna@thuis.nl", line=3))

    assert crossed.verdict is Verdict.CONFLICT
    assert twice.verdict is Verdict.CONFLICT


def test_importing_twice_changes_nothing():
    rows = [row("Cy Jong", "cy@huis.nl"), row("Dee Oud", "dee@huis.nl", "9", line=3), row("", "x", line=4)]
    first = match(rows, [])
    stored = [
        Known(
            found.row.number,
            found.row.values.name,
            [found.row.values.email],
            found.row.values.personnel_number,
        )
        for found in first
    ]

    counts = count(match(rows, stored))

    assert [found.verdict for found in first] == [Verdict.NEW, Verdict.NEW]
    assert counts[Verdict.SAME] == 2
    assert sum(counts.values()) == 2


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Renée O'Neill", "renee o'neill", "same_name"),
        ("Prof. dr. J. van den Berg", "Jan van den Berg", "initial"),
        ("Margriet Hoekstra", "Margreit Hoekstra", "typo"),
        ("Margriet Hoekstra", "Margriet Hoekstr", "typo"),
        ("Bo Wit", "Bo Wot", None),
        ("Jan Bakker", "Jet Bakker", None),
        ("", "Jan Bakker", None),
        ("Al", "Bin", None),
    ],
)
def test_names_are_alike_or_not(one, other, why):
    assert likeness(one, other) == likeness(other, one) == why


def test_three_of_one_name_are_two_questions():
    people = [(n, "Anna de Vries", "") for n in range(3)]

    assert [(pair.one, pair.other) for pair in pairs_of_similar_names(people)] == [(0, 1), (0, 2)]
