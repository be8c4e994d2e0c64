"""The one table of who reads what and until when."""

import datetime as dt
import re

import pytest
from django.utils import translation

from catalogue import retention
from catalogue.files import CatalogueError
from catalogue.retention import Period


def test_each_field_says_who_reads_it_and_until_when_in_both_languages():
    for kind in retention.load().values():
        assert "{" not in kind.sentence.en + kind.sentence.nl
        assert kind.sentence.en.startswith(kind.reads.en)
        assert kind.sentence.nl.startswith(kind.reads.nl)

    with translation.override("nl"):
        assert (
            str(retention.of("goal").until) == "Het wordt 30 dagen na het einde van het traject verwijderd."
        )


def test_who_is_not_the_person_it_is_about_is_not_spoken_to_as_that_person():
    to_you = re.compile(r"\b(you|yours?|yourself|jij|je|jou|jouw|jezelf)\b", re.IGNORECASE)

    for kind in retention.load().values():
        said = kind.of_others
        words = [said.name, said.reads, said.until, said.shortened(1).until]
        assert not [text for text in words if to_you.search(f"{text.en} {text.nl}")], kind.key
        assert (said.period, said.least) == (kind.period, kind.least)

    account = retention.of("accounts").of_others.shortened(6)
    assert account.until.en == "It is deleted 6 months after the person's last role or group ends."
    assert retention.of("messages").of_others.reads == retention.of("messages").reads


def test_a_shorter_period_of_an_institution_stands_in_the_sentence():
    assert (
        retention.of("messages").until_after(Period(months=1)).en
        == "They are kept for 1 month after sending."
    )


@pytest.mark.parametrize(
    ("period", "at", "before"),
    [
        (Period(days=30), dt.date(2026, 3, 1), dt.date(2026, 1, 30)),
        (Period(months=6), dt.date(2026, 8, 31), dt.date(2026, 2, 28)),
        (Period(months=36), dt.date(2028, 2, 29), dt.date(2025, 2, 28)),
        (Period(months=2), dt.date(2026, 1, 15), dt.date(2025, 11, 15)),
    ],
)
def test_what_is_older_than_its_period_goes(period, at, before):
    assert period.before(at) == before


@pytest.mark.parametrize(
    "line",
    [
        "name: {en: A}",
        "reads: {en: A, nl: ''}",
        "until: {en: 'kept', nl: 'bewaard'}",
        "days: 0",
        "after: someday",
        "who: me",
        "months: 3",
        "least: 31",
        "least: 0",
        "least: x",
        "others: told",
        "others: {who: {en: A, nl: B}}",
        "others: {reads: {en: A}}",
        "others: {until: {en: 'kept', nl: 'bewaard'}}",
    ],
)
def test_a_table_that_is_wrong_is_refused_with_its_line(tmp_path, line):
    good = {
        "name": "name: {en: A, nl: B}",
        "reads": "reads: {en: A, nl: B}",
        "until": "until: {en: 'after {period}', nl: 'na {period}'}",
        "days": "days: 30",
        "after": "after: written",
        "least": "least: 14",
    }
    lines = good | {line.partition(":")[0]: line}
    (tmp_path / "retention.yaml").write_text("thing:\n" + "".join(f"  {text}\n" for text in lines.values()))

    with pytest.raises(CatalogueError, match=r"retention\.yaml:"):
        retention.load_from(tmp_path)


@pytest.mark.parametrize(
    ("key", "number", "allowed"),
    [
        ("goal", 13, False),
        ("goal", 14, True),
        ("goal", 30, True),
        ("goal", 31, False),
        ("released", 1, False),
    ],
)
def test_a_period_may_be_chosen_between_the_least_and_the_table(key, number, allowed):
    assert retention.of(key).allows(number) is allowed


@pytest.mark.parametrize(("number", "days"), [(None, 30), (31, 30), (30, 30), (20, 20)])
def test_a_period_is_never_lengthened(number, days):
    assert retention.of("goal").shortened(number).period == Period(days=days)
    assert retention.of("released").shortened(number) == retention.of("released")
