"""Periods touch mornings and afternoons of a week."""

from datetime import datetime

import pytest

from planning.half_days import in_order, touched


@pytest.mark.parametrize(
    ("starts", "ends", "half_days"),
    [
        ("05T09:00", "05T13:00", [2]),
        ("05T12:00", "05T13:30", [2, 3]),
        ("05T13:00", "05T17:00", [3]),
        ("05T23:00", "06T01:00", [3]),
    ],
)
def test_a_period_touches_the_half_days_it_lies_in(starts, ends, half_days):
    tuesday = "2027-01-"

    mask = touched(datetime.fromisoformat(tuesday + starts), datetime.fromisoformat(tuesday + ends))

    assert in_order(mask) == half_days
