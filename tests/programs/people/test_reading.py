"""Lists of people are read whole: what is good is read, what is wrong is named by row and cell."""

from collections import Counter
from io import BytesIO
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.people.reading import Reading, Row, pairs_in, read_file, read_pasted, read_row, recheck
from tests.programs.people.messy import EXPECTED, EXPECTED_GOOD, EXPECTED_PAIRS, ROWS, messy_csv

HEADER = "name;e-mail;training year;specialty;department;supervisors"
ROW = "Zoë Bakker;zoe@huis.nl;3;paediatrics;North;"


def read(text: str, program_format: str = "intervision") -> Reading:
    return read_file(text.encode(), "list.csv", program_format=program_format)


def only(reading: Reading) -> Row:
    assert reading.problems == ()
    (row,) = reading.rows
    return row


def codes(row: Row) -> dict[str, list[str]]:
    return {field: [problem.code for problem in found] for field, found in row.errors.items()}


def problems(reading: Reading) -> list[str]:
    assert all(problem.message for problem in reading.problems)
    return [problem.code for problem in reading.problems]


def test_a_messy_list_of_5000_rows_ends_in_exactly_the_rows_it_announced():
    started = process_time()
    reading = read_file(messy_csv(), "aios.csv", program_format="intervision")

    assert process_time() - started < 5
    assert reading.problems == ()
    assert len(reading.rows) == ROWS
    assert Counter(next(iter(row.errors.values()))[0].code for row in reading.bad) == EXPECTED
    assert len(reading.good) == EXPECTED_GOOD
    assert len(reading.same_person) == EXPECTED_PAIRS
    assert reading.ignored == ("Kleur", "Kamernummer")
    assert reading.absent == ("grid", "personnel_number")
    assert all(found.message for row in reading.bad for errors in row.errors.values() for found in errors)


def test_an_undecodable_line_is_named_and_the_others_go_on():
    content = f"{HEADER}\n{ROW}\nAn Smit;an@huis.nl;2;;Z?;\n{ROW.replace('zoe', 'zo')}\n".encode()

    reading = read_file(content.replace(b"?", b"\xff\xfe"), "list.csv", program_format="intervision")

    assert [row.is_good for row in reading.rows] == [True, False, True]
    assert reading.bad[0].errors["row"][0].message.startswith("Line 3 has characters that cannot be read")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends_are_found_out(encoding, separator, line_end):
    text = f"{HEADER}\n{ROW}\n".replace(";", separator).replace("\n", line_end)

    row = only(read_file(text.encode(encoding), "list.csv", program_format="intervision"))

    assert (row.values.name, row.values.training_year, row.values.department) == ("Zoë Bakker", 3, "North")


def test_dutch_headers_in_any_order_with_others_ignored():
    row_text = "Jaar;Schoenmaat;E-mailadres;Personeelsnummer;NAAM;Dagdelen;Opleiders"

    reading = read(f"{row_text}\nPGY-2;43;an@huis.nl;0017;An Smit;ma-o nooit;a@huis.nl | Bo Wit|a@huis.nl\n")

    values = only(reading).values
    assert (values.name, values.training_year, values.personnel_number) == ("An Smit", 2, "0017")
    assert values.supervisors == ("a@huis.nl", "Bo Wit")
    assert values.grid == "n-------------"
    assert reading.ignored == ("Schoenmaat",)
    assert reading.absent == ("specialty", "department")


def test_a_workshop_asks_the_discipline_and_no_training_year():
    row = only(
        read(
            "naam;e-mail;beroep;opleidingsjaar\nAn Smit;an@huis.nl;verloskundige;x\n", "error_coping_workshop"
        )
    )

    assert row.is_good
    assert (row.values.discipline, row.values.training_year) == ("verloskundige", None)


def test_missing_and_doubled_columns_are_named():
    reading = read("name;naam;jaar\nAn;An;3\n")

    assert problems(reading) == ["column_twice", "missing_column"]
    assert [problem.message for problem in reading.problems] == [
        "The column “naam” is there twice. Remove one of them.",
        "The column “e-mail” is missing. Add it to the first row.",
    ]
    assert reading.rows == ()


def test_a_line_break_inside_quotes_belongs_to_the_row():
    reading = read(f'{HEADER}\n"Zoë\nBakker";zoe@huis.nl;3;"a ""b"" c";5" pipe;\nAn Smit;an@huis.nl;x;;;\n')

    assert [row.number for row in reading.rows] == [2, 4]
    assert reading.rows[0].values.name == "Zoë Bakker"
    assert (reading.rows[0].values.specialty, reading.rows[0].values.department) == ('a "b" c', '5" pipe')
    assert codes(reading.rows[1]) == {"training_year": ["not_a_year"]}


def test_a_doubled_mark_at_the_end_of_a_line_does_not_close_the_cell():
    row = only(read(f'{HEADER}\nAn Smit;an@huis.nl;3;"5""\npipe";;\n'))

    assert (row.is_good, row.values.specialty) == (True, '5" pipe')


def test_a_forgotten_quotation_mark_spoils_one_row_only():
    rest = "".join(f"Person {word};p{n}@huis.nl;3;;;\n" for n, word in enumerate(("Alpha", "Beta", "Gamma")))

    reading = read(f'{HEADER}\n"Zoë;zoe@huis.nl;3;;;\n{rest}')

    assert [row.is_good for row in reading.rows] == [False, True, True, True]
    assert codes(reading.rows[0]) == {"row": ["open_quote"]}
    assert reading.rows[0].cells["email"] == "zoe@huis.nl"


@pytest.mark.parametrize("cell", ["=1+1", "+31 6", "-3", "@x", "\t=1", " =1", "＝1", "\u200b=1"])
def test_a_cell_that_could_be_a_formula_is_refused_and_named(cell):
    reading = read_file(
        f'{HEADER}\nAn Smit;an@huis.nl;3;;"{cell}";'.encode(), "x", program_format="intervision"
    )

    assert codes(only(reading)) == {"department": ["formula"]}
    assert "Cell E2 begins with" in only(reading).errors["department"][0].message


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        ("name", "", "required"),
        ("name", "an@huis.nl", "name_is_email"),
        ("name", "7", "not_a_name"),
        ("name", "x" * 151, "longer_than"),
        ("name", "An\x07Smit", "control_character"),
        ("email", "-", "required"),
        ("email", "an@huis", "not_an_email"),
        ("email", "an@huis.nl\nBcc: all@huis.nl", "not_an_email"),
        ("email", "an@huis.nl, bo@huis.nl", "not_an_email"),
        ("training_year", "", "required"),
        ("training_year", "0", "not_a_year"),
        ("training_year", "13", "not_a_year"),
        ("training_year", "٣", "not_a_year"),
        ("supervisors", "a|=cmd", "not_a_name"),
        ("supervisors", f"Bo Wit|{'x' * 151}", "longer_than"),
        ("supervisors", "an@huis.nl", "own_supervisor"),
        (
            "supervisors",
            "|".join(f"Name {chr(97 + n)}{chr(97 + n)}" for n in range(21)),
            "too_many_supervisors",
        ),
        ("grid", "ma misschien", "not_a_grid"),
        ("personnel_number", "1" * 41, "longer_than"),
    ],
)
def test_what_is_wrong_in_a_cell_is_said_at_its_field(field, cell, code):
    typed = {"name": "An Smit", "email": "an@huis.nl", "training_year": "3", field: cell}

    row = read_row(2, typed, program_format="intervision")

    assert codes(row) == {field: [code]}
    message = row.errors[field][0].message
    assert message
    assert "\n" not in message


@pytest.mark.parametrize("cell", ["3", "PGY3", "pgy-3", "year 3", "jaar 3", "3e jaar", "3rd year", " 3 "])
def test_training_years_are_read_as_people_write_them(cell):
    typed = {"name": "An Smit", "email": "An Smit <An@HUIS.nl>", "training_year": cell}

    row = read_row(2, typed, program_format="intervision")

    assert row.is_good
    assert (row.values.training_year, row.values.email) == (3, "An@huis.nl")


def test_the_same_address_twice_names_the_first_row_and_mending_it_helps():
    reading = read(f"{HEADER}\n{ROW}\n{ROW.replace('zoe@', 'ZOE@')}\n")
    first, second = reading.rows

    mended = read_row(3, {**second.cells, "email": "other@huis.nl"}, program_format="intervision")

    assert codes(second) == {"email": ["duplicate_email"]}
    assert second.errors["email"][0].message == "Row 2 has the same e-mail address. One person, one row."
    assert all(row.is_good for row in recheck([first, mended]))
    assert [row.is_good for row in recheck([second])] == [True]
    assert [(pair.one, pair.other, pair.why) for pair in pairs_in([first, mended])] == [(2, 3, "same_name")]


def test_the_same_personnel_number_twice_is_refused():
    reading = read("name;email;year;personnel number\nAn Smit;a@huis.nl;3;7\nBo Wit;b@huis.nl;3;7\n")

    assert [codes(row) for row in reading.bad] == [{"personnel_number": ["duplicate_personnel_number"]}]


def test_pasting_from_a_spreadsheet_and_a_told_separator_work():
    pasted = read_pasted("naam\tmail\tjaar\nAn Smit\tan@huis.nl\t3", program_format="peer_support")
    told = read("sep=,\nname,email,year\nAn Smit,an@huis.nl,3\n")

    assert only(pasted).values == only(told).values


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n \n;;\n", "empty"),
        (HEADER.encode(), "no_rows"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_a_table"),
        (b"x" * (5 * 1024 * 1024 + 1), "too_big"),
        (b"\xd0\xcf\x11\xe0 old", "old_excel"),
        (b"PK\x03\x04 half", "broken_workbook"),
        (HEADER.encode() + b"\nx" * 20_001, "too_many_rows"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_as_a_whole(content, code):
    reading = read_file(content, "list.csv", program_format="intervision")

    assert problems(reading) == [code]
    assert reading.good == ()


def test_a_line_longer_than_any_row_is_named():
    reading = read(f"{HEADER}\n{'x' * 200_000}\n{ROW}\n")

    assert [codes(row) for row in reading.rows] == [{"row": ["too_long"]}, {}]


@pytest.mark.parametrize("line", ['"' + "a" * 250, '"a""' * 62])
def test_a_hostile_file_takes_seconds_at_most(line):
    content = f"{HEADER}\n{chr(10).join([line] * 19_000)}".encode()[: 5 * 1024 * 1024]
    started = process_time()

    read_file(content, "x.csv", program_format="intervision")

    assert process_time() - started < 15


@settings(deadline=None)
@given(
    st.binary(),
    st.sampled_from(["x.csv", "x.xlsx", ""]),
    st.sampled_from(["intervision", "error_coping_workshop"]),
)
def test_reading_never_raises_for_any_bytes(content, filename, program_format):
    reading = read_file(content, filename, program_format=program_format)

    assert reading.problems or reading.rows


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.text(st.sampled_from('a"=;,\t\n\r\x00\x85\u2028\ufeffé@.|- 3'), max_size=8), max_size=7),
        max_size=6,
    )
)
def test_reading_never_raises_for_rows_under_a_good_header(rows):
    text = HEADER + "\n" + "\n".join(";".join(row) for row in rows)

    for reading in (read(text), read_pasted(text, program_format="intervision")):
        assert reading.problems or reading.rows
        for row in reading.rows:
            assert all(found.message for errors in row.errors.values() for found in errors)
            assert "\n" not in row.values.name + row.values.email


def test_reading_is_not_fooled_by_a_byte_order_mark_alone():
    assert problems(read_file(BytesIO(b"\xef\xbb\xbf").getvalue(), "x", program_format="intervision")) == [
        "empty"
    ]
