"""``manage.py score FILE``: what scripts rely on."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

CASES = Path(__file__).parents[1] / "evidence" / "cases.yaml"


def run(file: Path, **options: str) -> str:
    out = StringIO()
    call_command("score", file, stdout=out, **options)
    return out.getvalue()


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_json_gives_every_group_with_its_layers_items_and_flags():
    groups = {group["id"]: group for group in json.loads(run(CASES, format="json"))}

    assert set(groups) == {
        "c02-textbook-plan", "c04-good-plan-unsafe-room", "c06-evening-booster", "c09-jain-recommended",
        "c13-too-few-answers",
    }  # fmt: skip
    unsafe = groups["c04-good-plan-unsafe-room"]
    assert (unsafe["overall"], unsafe["shown"], unsafe["limited_by"]) == (0.398, 35, "minimal+15")
    assert unsafe["layers"]["minimal"]["factors"]["safety"]["score"] == 0.248
    assert unsafe["items"]["min-safety-felt"] == 0.2


def test_one_case_alone_is_one_object(tmp_path: Path):
    file = written(tmp_path, "format: intervision\nfacts: {evaluator_guides: 1}\n")

    result = json.loads(run(file, format="json"))

    assert result["flags"] == [{"item": "prep-guide-independent", "critical": "hard"}]
    assert result["items"]["prep-interval"] == "unknown"


def test_the_text_states_the_finding_first():
    assert "Held down by safety; preparation is strong." in run(CASES)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- one\n- two\n", "not a mapping"),
        ("format: [", "while parsing"),
        ("facts: {}\n", "format is missing"),
        ("format: speed_dating\n", "unknown format"),
        ("format: intervision\nfacts: {nonsense: 1}\n", "unknown fact nonsense"),
        ("format: intervision\nfacts: {sessions_held: many}\n", "sessions_held"),
        ("format: intervision\nfacts: {group_size_planned: {min: 3}}\n", "max"),
        ("format: intervision\nfacts: [1, 2]\n", "case"),
        ("format: intervision\nresident_feedback: {min-safety-felt: {mean: 9, n: 6}}\n", "outside 1 to 5"),
        ("format: intervision\nresident_feedback: {min-safety-felt: high}\n", "case"),
        ("cases: 3\n", "not a list"),
        ("cases: []\n", "no case"),
    ],
)
def test_a_file_that_cannot_be_scored_is_refused_in_one_line(tmp_path: Path, text: str, words: str):
    with pytest.raises(CommandError, match=words) as refused:
        run(written(tmp_path, text))

    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "nothing.yaml")
