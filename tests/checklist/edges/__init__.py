"""The edges of every fact, each from rows written by hand.

``nothing``: no row to count. ``none``, ``one`` and ``all`` of several have it. ``clock``: on the day the clock changes.
``moved``: a session that moved. ``left``: a member who left. Where an edge cannot be, there is the reason instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from checklist.inputs import Fact
from checklist.rows import GroupRow, MemberRow, Scope
from tests.checklist.by_hand import group, on, scope

EDGES = ("nothing", "none", "one", "all", "clock", "moved", "left")
#: In the night before, the clock of the house goes back; by UTC it is still the day before.
EARLY_ON_THE_DAY = on(2026, 10, 25, 0, 30)

NO_TIME = "it counts neither days nor hours"
NO_SESSION = "it counts no session"
NO_MEMBER = "it counts no member"
YES_OR_NO = "it is of the whole program: yes or no"


@dataclass(frozen=True)
class Case:
    rows: Scope
    value: Fact


Edge = Case | str


def gives(value: Fact, *groups: GroupRow, **frame: Any) -> Case:
    return Case(scope(*groups, **frame), value)


def gives_early(value: Fact, *groups: GroupRow, **frame: Any) -> Case:
    """Asked in the first hour of the day the clock changes."""
    return Case(replace(scope(*groups, **frame), at=EARLY_ON_THE_DAY), value)


def of(*members: MemberRow, **fields: Any) -> GroupRow:
    return group(members=members, **fields)


def edges(**found: Edge) -> Mapping[str, Edge]:
    return found
