"""Turns the name of a broken database rule into the refusal a user understands."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from programs.errors import CoordinatesTheProgram, EvaluatorInGroup, GroupFull, ProgramsError

BY_RULE: dict[str, type[ProgramsError]] = {
    "no_evaluator_in_group": EvaluatorInGroup,
    "programs_group_not_over_full": GroupFull,
    "coordinator_does_not_guide": CoordinatesTheProgram,
}


def broken_rule(error: IntegrityError) -> str:
    """The name of the constraint that refused, or an empty string."""
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "")


@contextmanager
def refusals(**by_rule: type[ProgramsError]) -> Iterator[None]:
    """Run a block in a savepoint; raise the refusal that belongs to the rule it breaks.

    ``by_rule`` adds to the rules every room knows. Another IntegrityError passes unchanged.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        refusal = (BY_RULE | by_rule).get(broken_rule(error))
        if refusal is None:
            raise
        raise refusal from error
