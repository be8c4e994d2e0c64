"""What the papers for privacy officers say is what the program does, in both languages."""

import re
from pathlib import Path

import pytest

from catalogue import retention

PAPERS = Path(__file__).parents[2] / "docs" / "privacy"
LANGUAGES = ["en", "nl"]


def texts(language):
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((PAPERS / language).glob("*.md"))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_periods_on_paper_are_those_the_program_deletes_by(language):
    table = [line for line in texts(language)["retention.md"].splitlines() if line.startswith("| ")][1:]

    assert table == [
        f"| {getattr(one.name, language)} | {getattr(one.reads, language)} | {getattr(one.until, language)} |"
        for one in (kind.of_others for kind in retention.load().values())
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shortest_periods_on_paper_are_those_an_institution_may_choose(language):
    kinds = [one.of_others for one in retention.load().values() if one.least]
    least = "; ".join(f"{getattr(one.name, language)} {getattr(one.least.words, language)}" for one in kinds)

    assert f": {least}." in texts(language)["retention.md"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_other_paper_names_a_period_that_could_differ(language):
    others = {name: text for name, text in texts(language).items() if name != "retention.md"}
    period = re.compile(r"\d+ (days?|months?|years?|dag|dagen|maand|maanden|jaar)\b")

    assert {name: period.findall(text) for name, text in others.items() if period.search(text)} == {}


def test_every_paper_is_there_in_both_languages_and_called_a_draft():
    assert list(texts("en")) == list(texts("nl"))
    drafts = {"record.md", "assessment.md", "works-council.md", "external-guides.md", "breach.md"}
    assert all("A draft for your own use" in texts("en")[name] for name in drafts)
    assert all("Een concept voor eigen gebruik" in texts("nl")[name] for name in drafts)


def test_every_paper_a_paper_leads_to_is_there():
    for path in PAPERS.rglob("*.md"):
        for target in re.findall(r"\]\(([^)#]+\.md)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} -> {target}"
