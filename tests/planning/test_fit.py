"""Groups to join are shown best fit first."""

from planning.fit import Candidate, Fit, best_fit_first, fit


def test_the_worst_half_day_decides_and_equals_keep_their_order():
    answers = "ffn-rr--------"  # Monday fine, Tuesday morning never, Wednesday rather not
    groups = [
        Candidate("never", 0b111),
        Candidate("rather not", 1 << 4),
        Candidate("not known", None),
        Candidate("fine", 0b11),
        Candidate("fine too", 0b01),
    ]

    ordered = best_fit_first(groups, answers)

    assert [group.id for group, _ in ordered] == ["fine", "fine too", "not known", "rather not", "never"]
    assert [found for _, found in ordered] == [Fit.FINE, Fit.FINE, Fit.NOT_KNOWN, Fit.RATHER_NOT, Fit.NEVER]


def test_without_a_grid_every_group_is_not_known():
    assert fit(0b1, "-" * 14) == Fit.NOT_KNOWN
