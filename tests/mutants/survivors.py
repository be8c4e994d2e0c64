"""Mutants that no test can notice, or need not, each with its reason."""

REASONS: dict[str, str] = {
    "surveys.releasing:word: other bound: people >= MEDIAN_FROM": "of five answers, median and majority say the same",
}
