"""One person into and out of a program, by hand."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from programs.actions import people_check, people_store, undo
from programs.errors import AlreadyInvited
from programs.models import Membership, PeopleImport, Program, UndoableStep
from programs.people.reading import Reading, pairs_in, read_row

REMOVED = "person_removed"


@transaction.atomic
def add_person(program: Program, cells: Mapping[str, str], *, by: User) -> PeopleImport:
    """A list of one row. Stored at once unless it has mistakes or a question; the caller looks at its state."""
    row = read_row(1, cells, program_format=program.format)
    reading = Reading(rows=(row,), same_person=pairs_in([row]))
    people_import = people_check.begin(program, reading, by=by)
    outcome = people_check.evaluate(people_import)
    if outcome.questions or outcome.bad:
        return people_import
    return people_store.store(people_import)


@transaction.atomic
def remove_person(membership: Membership, *, by: User) -> UndoableStep:
    """Take somebody out who was not invited yet. What is known of the person stays.

    Raises AlreadyInvited, having changed nothing.
    """
    found = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    if found.invited_at is not None:
        raise AlreadyInvited
    before = {
        "user": str(found.user_id),
        "group": str(found.group_id) if found.group_id else None,
        "given_name": found.given_name,
        "given_email": found.given_email,
    }
    step = undo.note(found.program, REMOVED, before, by=by)
    found.delete()
    return step
