"""Which lock comes first, so that people who change the same program never wait for each other in a ring."""

from uuid import UUID

from programs.models import Program


def lock_program(pk: UUID) -> Program:
    """The program as it is now; whoever else changes its groups, people or steps waits.

    The order: the program, its groups, its memberships and sessions, and last the guard of independence, which each
    write of a membership, guide, coordinator, substitute or relation takes by itself. Rows that only refer to the
    program are not kept out.
    """
    return Program.objects.select_for_update(no_key=True).get(pk=pk)
