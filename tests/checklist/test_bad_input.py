"""What no fact, answer or file can be is refused in one line, or not yet known; never a number that looks right."""

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

import catalogue
from catalogue.validation import MOST
from checklist.casetext import MOST_BYTES

KNOWN = catalogue.load()
START = "format: intervision\n"
SAFE = "resident_feedback: {min-safety-felt: %s}\n"


def refusal(path: Path) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("score", path, stdout=StringIO())
    said = str(refused.value)
    assert refused.value.returncode == 2
    assert said.isprintable(), "one line, and nothing that moves a cursor"
    return said


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str | bytes) -> Path:
        path = tmp_path / "case.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("purpose_limits_parts: 3", "purpose_limits_parts: more than 2 parts"),
        ("duration_minutes_planned: 20000", "duration_minutes_planned: more than 10080 minutes"),
        ("interval_weeks_planned: 1.0e+300", "interval_weeks_planned: more than 5200 weeks"),
        ("interval_weeks_planned: {min: 3, max: 9999}", "more than 5200 weeks"),
        ("evaluator_guides: -1", "evaluator_guides: -1 is no int"),
        ("group_size_planned: true", "group_size_planned: True is no int"),
        ("group_size_planned: '6'", "group_size_planned: 6 is no int"),
        ("group_size_planned: 2026-01-01", "group_size_planned: 2026-01-01 is no int"),
        ("interval_weeks_planned: -.inf", "interval_weeks_planned: -inf is no number"),
        ("interval_weeks_planned: .nan", "interval_weeks_planned: nan is no number"),
        ("interval_weeks_planned: {min: 3, max: .inf}", "interval_weeks_planned: inf is no number"),
        ("interval_weeks_planned: {min: '3', max: 4}", "interval_weeks_planned"),
        ("interval_weeks_planned: {min: 3}", "interval_weeks_planned: max is missing"),
        ("interval_weeks_planned: {min: 3, max: 4, mean: 3}", "mean is not one of max, min"),
        ("interval_weeks_planned: {min: 5, max: 4}", "ends before it starts"),
        ("coaching_mode: [optional]", "coaching_mode"),
        ("? {a: 1}\n: 2", "a key is no single value"),
        ("ﬁgure: 1", "unknown fact ﬁgure"),
    ],
)
def test_a_fact_outside_its_unit_or_range_is_refused_by_name(written, fact: str, words: str):
    body = f"facts:\n  {fact}\n" if not fact.startswith("?") else "facts:\n  ? {a: 1}\n  : 2\n"

    assert words in refusal(written(START + body))


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ("{mean: 5.1, n: 6}", "outside 1 to 5"),
        ("{mean: 0.9, n: 6}", "outside 1 to 5"),
        ("{mean: .nan, n: 6}", "min-safety-felt: nan is no number"),
        ("{mean: .inf, n: 6}", "min-safety-felt: inf is no number"),
        ("{mean: '4', n: 6}", "is no mean"),
        ("{mean: 4, n: true}", "there cannot be True answers"),
        ("{mean: 4, n: -1}", "there cannot be -1 answers"),
        ("{mean: 4}", "min-safety-felt: n is missing"),
        ("{mean: 4, n: 6, sd: 1}", "min-safety-felt: sd is not one of mean, n"),
        ("4", "min-safety-felt: what was answered is not a mapping"),
        ("[4, 6]", "min-safety-felt: what was answered is not a mapping"),
    ],
)
def test_answers_that_nobody_can_give_are_refused_by_name(written, answers: str, words: str):
    assert words in refusal(written(START + SAFE % answers))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("resident_feedback: [1]", "resident_feedback is not a mapping"),
        ("facts: 3", "facts is not a mapping"),
        ("climate: {clim-speak-up: 4}", "clim-speak-up is not a mapping"),
        ("climate: {clim-speak-up: {mean: 4, n: 6}}", "nobody is asked as mean, n"),
        ("declared: {min-help-route: [yes]}", "min-help-route: [True] is not yes, partly or no"),
        ("declared_default: maybe", "maybe is not yes, partly or no"),
        ("resident_feedback_default: 4", "what was answered is not a mapping"),
        ("facts: {sessions_held: -2}", "there cannot be -2 sessions held"),
        ("facts: {sessions_held: true}", "sessions_held: True is no int"),
        ("id: {a: 1}", "the id is no single value"),
        (
            "type: marginals\nexpect_counts: [{item: prep-interval, groups: [[-3, {}]]}]",
            "there cannot be -3 groups",
        ),
        ("? [a, b]\n: 1", "a key is no single value"),
        ("\tfacts: 1", "cannot start any token"),
        ("--- {}", "single document"),
        ("x: !!python/object/apply:os.system [true]", "could not determine a constructor"),
        ("id: 1" + ":1" * 300_000, "longer than 10000 characters"),
        ("id: " + "9" * 5000, "4300 digits"),
        ("id: 1" + ":1" * 4900, "4300 digits"),
    ],
)
def test_a_case_of_another_shape_is_refused(written, text: str, words: str):
    assert words in refusal(written(START + text + "\n"))


def test_what_would_move_the_cursor_of_a_terminal_is_not_printed(written):
    assert refusal(written('format: "\\e[31mred"\n')) == "case: unknown format ?[31mred"


def test_a_file_says_its_name_once(written):
    path = written("x" * (MOST_BYTES + 1))
    assert refusal(path) == f"{path}: the file is larger than {MOST_BYTES} bytes"


def test_no_more_is_read_than_may_be_scored(tmp_path: Path):
    """A device tells no size, and never ends."""
    assert "larger than" in refusal(Path("/dev/zero"))
    assert "not a mapping" in refusal(Path(os.devnull))
    assert "Is a directory" in refusal(tmp_path)
    assert "null byte" in refusal(Path("a\0b"))
    refusal(tmp_path / ("a" * 5000))


@pytest.mark.parametrize("text", [b"\xff\xfef\x00", b"format: \x80", b"\x00"])
def test_a_file_that_is_no_text_is_refused(written, text: bytes):
    refusal(written(text))


def test_what_nobody_answered_or_told_is_not_yet_known(written):
    path = written(
        START
        + SAFE % "{mean: 4, n: 0}"
        + "facts: {interval_weeks_planned:, onsite_share: {min: 0, max: 1}}\n"
    )
    out = StringIO()
    call_command("score", path, format="json", stdout=out)
    items = json.loads(out.getvalue())["items"]

    assert set(items.values()) == {"unknown", "not_applicable"}


def test_every_number_with_a_unit_has_a_most():
    numbers = {key for key, spec in KNOWN.facts.items() if spec.type in ("int", "number")}
    assert {key for key in numbers if KNOWN.facts[key].most is None} == set()
    assert {KNOWN.facts[key].most for key in numbers} == set(MOST.values())
