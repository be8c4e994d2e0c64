"""Sealed texts: the resident's own, and what a named guide may open. No personal link opens any of it."""

from typing import Any

from programs.models import LearningGoal, Preparation
from tests.access.programs_taking_part import place, program
from tests.access.sessions import over
from tests.access.table import FORBIDDEN, NOT_FOUND, REDIRECT, Row, own_page
from tests.access.world import House
from tests.factories import own_texts


def with_preparation(house: House) -> dict[str, Any]:
    at = place(house)
    if not Preparation.objects.filter(membership=house.membership).exists():
        own_texts.preparation(house.membership, shared_with=house.guide)
    return at


def with_goal(house: House) -> dict[str, Any]:
    at = place(house)
    goal(house)
    return at


def goal(house: House) -> LearningGoal:
    place(house)
    known = house.membership.goals.first()
    return known or own_texts.goal(house.membership, shared_with=house.guide)


def own_goal(house: House) -> dict[str, Any]:
    return {"pk": goal(house).pk}


def own(name: str, right: int = 200, **changes: Any) -> Row:
    """For everybody else it does not exist, also for the guide who may read it elsewhere."""
    defaults = {"at": place, "by": "resident", "wrong": "intervisor", "wrong_role": NOT_FOUND, "right": right}
    return Row(f"programs:{name}", **(defaults | changes))


WORDS = {"share": "", "goal": "To say no in time", "progress": ""}

ROWS = [
    own("my-preparation", at=with_preparation),
    own("my-preparation", method="post", right=REDIRECT, wrong="coordinator"),
    own("my-goals", at=with_goal),
    own("my-goals", at=with_goal, wrong="coordinator"),
    own("new-goal"),
    own("new-goal", method="post", right=422),
    own("keep-goal", method="post", right=REDIRECT),
    own("my-goal", at=own_goal),
    own("my-goal", at=own_goal, wrong="coordinator"),
    own("my-goal", at=own_goal, method="post", data=lambda house: WORDS, right=REDIRECT),
    own("share-text", at=own_goal, method="post", right=REDIRECT),
    own("remove-goal", at=own_goal),
    own("remove-goal", at=own_goal, method="post", right=REDIRECT),
    own_page("programs:opened-by"),
    own_page("programs:still-here"),
    Row("programs:shared", at=program, by="intervisor", wrong="resident"),
    Row("programs:shared", at=program, by="intervisor", wrong="coordinator"),
    Row("programs:read-shared", at=with_goal, by="intervisor", wrong="resident", wrong_role=NOT_FOUND),
    Row("programs:read-shared", at=with_goal, by="intervisor", wrong="coordinator", wrong_role=NOT_FOUND),
    Row(
        "programs:read-shared",
        at=with_goal,
        by="intervisor",
        wrong="director",
        wrong_role=NOT_FOUND,
        method="post",
    ),
    Row("sessions:line", at=over, by="resident", wrong="intervisor", wrong_role=FORBIDDEN),
    Row("sessions:line", at=over, by="resident", wrong="coordinator", wrong_role=FORBIDDEN),
    Row(
        "sessions:line",
        at=over,
        by="resident",
        wrong="stranger",
        wrong_role=NOT_FOUND,
        method="post",
        right=REDIRECT,
    ),
]
