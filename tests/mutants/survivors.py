"""Mutants that no test can notice, or need not, each with its reason."""

REASONS: dict[str, str] = {}
