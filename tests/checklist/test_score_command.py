"""``manage.py score FILE``: what scripts rely on."""

import json
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import CommandError

import catalogue

CASES = Path(__file__).parents[1] / "evidence" / "cases.yaml"
WRITTEN = yaml.safe_load(CASES.read_text(encoding="utf-8"))["cases"]
KNOWN = catalogue.load()
#: Small on paper; written out, thousands of millions.
LAUGHS = "format: intervision\na0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 32)
)
MERGED_LAUGHS = "format: intervision\na0: &a0 {x: 1}\n" + "".join(
    f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 32)
)


def run(file: Path, **options: str) -> str:
    out = StringIO()
    call_command("score", file, stdout=out, **options)
    return out.getvalue()


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_case_comes_out_of_the_command_as_it_was_worked_out_by_hand():
    printed = {group["id"]: group for group in json.loads(run(CASES, format="json"))}

    assert list(printed) == [case["id"] for case in WRITTEN]
    for case in WRITTEN:
        found, expect = printed[case["id"]], case.get("expect")
        if case.get("type") == "marginals":
            assert found["counts"] == {row["item"]: row["expect"] for row in case["expect_counts"]}
            continue
        totals = expect["totals"]
        items = KNOWN.items_of(case["format"])
        assert {item.key: found["items"][item.key] for item in items} == {
            item.key: expect.get("items", {}).get(
                item.key, expect["by_kind"].get(item.measure.kind, "unknown")
            )
            for item in items
        }
        assert found["layers"] == pytest.approx({key: totals[key] for key in found["layers"]}, abs=5e-4)
        assert found["coverage"] == pytest.approx(totals["coverage"], abs=5e-4)
        assert found["overall"] == pytest.approx(totals["overall"], abs=5e-4)
        assert found["range"] == (totals.get("range") and pytest.approx(totals["range"], abs=5e-4))
        assert (found["status"], found["flags"]) == (totals["status"], expect["flags"])
        assert found["limited_by"] == totals.get("limited_by")
        assert found["band"] == totals.get("band")


def test_json_lists_every_item_and_factor_of_the_catalogue_unrounded():
    groups = {group["id"]: group for group in json.loads(run(CASES, format="json"))}

    unsafe = groups["c04-good-plan-unsafe-room"]
    assert list(unsafe) == [
        "id", "items", "factors", "layers", "coverage", "overall", "range", "status", "limited_by", "band",
        "shown", "readiness", "flags",
    ]  # fmt: skip
    assert set(unsafe["items"]) == set(KNOWN.items)
    assert set(unsafe["factors"]) == set(KNOWN.factors)
    others = [item.key for item in KNOWN.items.values() if item not in KNOWN.items_of("intervision")]
    assert {unsafe["items"][key] for key in others} == {"not_applicable"}
    assert unsafe["factors"]["safety"] == pytest.approx(2.975 / 12, abs=1e-15)
    assert (unsafe["shown"], unsafe["readiness"], unsafe["limited_by"]) == (35, 95, "minimal+15")


def test_one_case_alone_is_one_object(tmp_path: Path):
    file = written(tmp_path, "format: intervision\nfacts: {evaluator_guides: 1}\n")

    result = json.loads(run(file, format="json"))

    assert result["flags"] == ["prep-guide-independent"]
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
        ("format: intervision\nresident_feedback: {prep-interval: {mean: 4, n: 6}}\n", "is not known from"),
        ("format: intervision\nresident_feedback: {no-such: {mean: 4, n: 6}}\n", "unknown item no-such"),
        ("format: intervision\nresident_feedback: {min-safety-felt: {mean: '4', n: 6}}\n", "is no mean"),
        ("format: intervision\nresident_feedback: {min-safety-felt: {mean: true, n: 6}}\n", "is no mean"),
        ("format: intervision\nresident_feedback: {min-safety-felt: {mean: 4, n: 5.5}}\n", "5.5 answers"),
        ("format: intervision\nresident_feedback: {min-safety-felt: {mean: .nan, n: 6}}\n", "(?i)nan"),
        ("format: intervision\nfacts: {onsite_share: .inf}\n", "(?i)inf"),
        ("format: intervision\nfacts: {onsite_share: 1.2}\n", "onsite_share: 1.2 is no ratio"),
        ("format: intervision\nfacts: {onsite_share: 1, onsite_share: 0}\n", "onsite_share is here twice"),
        ("format: intervision\nfacts: {onsite_share: 2026-13-40}\n", "month must be"),
        ("format: intervision\nmin_n: few\n", "min_n: few is no int"),
        ("format: intervision\nmin_n: 3\n", "fewer than 4"),
        ("format: intervision\nextended: maybe\n", "extended: maybe is no bool"),
        (
            "format: intervision\nclimate: {clim-work-pressure: {patients: {mean: 4, n: 6}}}\n",
            "nobody is asked as patients",
        ),
        ("format: intervision\nfacts: &a {onsite_share: *a}\n", "refers to itself"),
        ("format: intervision\nfacts: &a {<<: *a}\n", "refers to itself"),
        ("format: " + "[" * 100 + "]" * 100, "nested more than 30 deep"),
        ("format: intervision\nid: " + "x" * 1_000_001, "larger than 1000000 bytes"),
        (LAUGHS, "more than 100000 values"),
        (MERGED_LAUGHS, "more than 100000 values"),
        ("\x00", "."),
        ("", "not a mapping"),
        ("cases: [{format: intervision, type: marginals}]\n", "expect_counts' is missing"),
        ("cases: 3\n", "not a list"),
        ("cases: []\n", "no case"),
    ],
)
def test_a_file_that_cannot_be_scored_is_refused_in_one_line(tmp_path: Path, text: str, words: str):
    with pytest.raises(CommandError, match=words) as refused:
        run(written(tmp_path, text))

    assert "\n" not in str(refused.value)
    assert refused.value.returncode == 2


def test_no_answer_at_all_is_not_yet_known(tmp_path: Path):
    text = "format: intervision\nresident_feedback: {min-safety-felt: {mean: 4, n: 0}}\n"

    result = json.loads(run(written(tmp_path, text), format="json"))

    assert result["items"]["min-safety-felt"] == "unknown"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "nothing.yaml")
