"""A list as a hospital may really send it: 5,000 rows, some of them wrong in every way we know."""

from collections import Counter

HEADER = "Kleur;Naam;E-mail;Opleidingsjaar;Vakgebied;Afdeling;Opleiders;Kamernummer"
# Any two differ in their first and last letter, so that no name looks like a typing error of another.
SYLLABLES = [
    a + b + c for a, b, c in zip("bcdfghjklmnpqrstvwxz", "aeiou" * 4, "cdfghjklmnpqrstvwxzb", strict=True)
]
SIGNS = ("=HYPERLINK(1)", "+1", "-2+3", "@SUM(1)", "\t=1")
ROWS = 5_000

#: What reading 5,000 rows must say, by code of the first problem of each bad row.
EXPECTED = Counter(
    {
        "not_an_email": 100,
        "duplicate_email": 50,
        "formula": 50,
        "undecodable": 50,
        "not_a_year": 50,
        "required": 50,
        "open_quote": 25,
        "too_many_cells": 25,
    }
)
EXPECTED_PAIRS = 10
EXPECTED_GOOD = ROWS - EXPECTED.total()


def messy_csv(rows: int = ROWS) -> bytes:
    """The file: UTF-8, Windows line ends, semicolons, two columns that nobody asked for."""
    lines = [HEADER.encode(), *(messy_row(number) for number in range(rows))]
    return b"\r\n".join(lines) + b"\r\n"


def messy_row(number: int) -> bytes:
    wrong = number % 100
    name, email, year = name_of(number), email_of(number), str(1 + number % 6)
    specialty, department, extra = "Kindergeneeskunde", "Zuid", ""
    if number % 500 == 25:
        name = name_of(number - 1)
    elif number % 50 == 7:
        email = ("geen", "a@b", "x@@y.nl", "naam met spatie@z.nl")[number // 50 % 4]
    elif wrong == 13:
        email = email_of(number - 1).upper()
    elif wrong == 31:
        department = SIGNS[number // 100 % len(SIGNS)]
    elif wrong == 45:
        department = '"Zuid,\nlocatie ""Oost"""'
    elif wrong == 71:
        year = "zes"
    elif wrong == 83:
        name = " "
    elif number % 200 == 91:
        name = f'"{name}'
    elif number % 200 == 191:
        extra = ";over"
    line = (
        f"blauw;{name};{email};{year};{specialty};{department};opleider@huis.nl|Bé de Wit;12{extra}".encode()
    )
    return line.replace(b"Zuid", b"Z\xfcid") if wrong == 59 else line


def name_of(number: int) -> str:
    """Different for every number, by at least two letters."""
    first, second, third = number % 20, number // 20 % 20, number // 400
    return f"{SYLLABLES[third].title()}ia {SYLLABLES[first]}{SYLLABLES[second]}é".title()


def email_of(number: int) -> str:
    return f"aios{number}@ziekenhuis.nl"
