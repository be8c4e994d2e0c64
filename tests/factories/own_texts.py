from typing import Any

import vault
from programs.models import Guide, LearningGoal, Membership, Preparation


def written(
    kind: type[LearningGoal] | type[Preparation],
    membership: Membership,
    shared_with: Guide | None = None,
    **texts: str,
) -> Any:
    """A sealed row of ``membership``'s own person."""
    row = kind(membership=membership, shared_with=shared_with)
    if isinstance(row, LearningGoal):
        row.number = membership.goals.count() + 1
    vault.write(membership.user, row, texts)
    return row


def goal(membership: Membership, text: str = "Say no in time", **more: Any) -> LearningGoal:
    row: LearningGoal = written(LearningGoal, membership, goal=text, **more)
    return row


def preparation(membership: Membership, text: str = "A quiet room", **more: Any) -> Preparation:
    row: Preparation = written(Preparation, membership, expectations=text, **more)
    return row
