"""The half-day grid as text in a file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.people.half_days import Grid, read_grid


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("", "-" * 14),
        ("mon-am never, tue rather not", "n-rr----------"),
        ("ma-o nooit; di liever niet", "n-rr----------"),
        ("ma kan|MA-M  Nooit", "fn------------"),
        ("vr-m: kan / zo nooit", "---------f--nn"),
    ],
)
def test_a_grid_is_read_in_both_languages(text, answers):
    assert read_grid(text).answers == answers


@pytest.mark.parametrize(
    "text", ["mon-m never", "ma-am kan", "someday never", "ma misschien", "ma", "-", "nooit"]
)
def test_an_entry_that_is_not_clear_is_refused_by_name(text):
    with pytest.raises(ValueError, match=f"^{text}$"):
        read_grid(f"di kan, {text}")


@given(st.text("frn-", min_size=14, max_size=14), st.sampled_from(["en", "nl"]))
def test_what_is_written_reads_back(answers, language):
    assert read_grid(Grid(answers).as_text(language)).answers == answers
