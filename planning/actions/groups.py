"""A proposal put into effect: groups made, people seated, leads assigned, one way back."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from planning import compose, composing
from programs.actions import groups, seats, undo
from programs.locking import lock_program
from programs.models import Group, Guide, Program
from sessions.actions.occupations import follow_guides


@transaction.atomic
def propose_groups(program: Program, *, by: User, on: dt.date, seed: int = 1) -> compose.Proposal:
    """Seat everybody who has no seat yet; whoever sits already stays, and so does who leads.

    Raises a ProgramsError, having changed nothing, when the database refuses what was proposed.
    """
    lock_program(program.pk)
    picture = composing.read(program, on)
    proposal = compose.propose(composing.request(picture), seed=seed)
    made_groups: list[str] = []
    made_guides: list[str] = []
    before = {str(row.pk): None for row in picture.memberships if row.group_id is None}
    for proposed in proposal.groups:
        if not proposed.members:
            continue
        group = next((row for row in picture.groups if row.pk == proposed.key), None)
        if group is None:
            group = groups.add_group(program)
            made_groups.append(str(group.pk))
        made_guides += [str(row.pk) for row in _lead(picture, group, proposed, on)]
        _seat(picture, group, proposed, on)
        follow_guides(group)
    groups.remember(program)
    undo.note(program, "proposal", {"seats": before, "groups": made_groups, "guides": made_guides}, by=by)
    return proposal


def _lead(
    picture: composing.Picture, group: Group, proposed: compose.ProposedGroup, on: dt.date
) -> list[Guide]:
    already = {guide.user_id for guide in picture.guides.get(group.pk, [])}
    people = composing.user_by_id(picture)
    new = [people[person] for person in proposed.guides if person not in already]
    roles = [Guide.Role.CO if already else Guide.Role.LEAD, *[Guide.Role.CO] * len(new)]
    return [
        groups.assign_guide(group, user, role=role, from_on=on)
        for user, role in zip(new, roles, strict=False)
    ]


def _seat(picture: composing.Picture, group: Group, proposed: compose.ProposedGroup, on: dt.date) -> None:
    for row in picture.memberships:
        if row.user_id in proposed.members and row.group_id is None:
            seats.place(row, group, on=on)
