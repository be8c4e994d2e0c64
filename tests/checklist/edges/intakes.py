"""Edges of the intake interviews and of the ground rules."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from checklist.rows import GroupRow, MemberRow
from tests.checklist.by_hand import group, guide, member, on, session
from tests.checklist.edges import NO_SESSION, NO_TIME, Edge, edges, gives

FIRST = on(2026, 9, 1)
BEFORE = FIRST - dt.timedelta(days=7)
AUTUMN = on(2026, 10, 25)
#: That morning, and the moment it ended.
THAT_DAY, ITS_END = AUTUMN.replace(hour=10), AUTUMN.replace(hour=16, minute=45)
#: Session 1 was to be on 25 August; what was done on the 27th is in time since it moved.
BETWEEN = on(2026, 8, 27)
AFTERWARDS = {"left_on": dt.date(2026, 10, 1)}
INTAKE = {"intake_at": BEFORE, "intake_by": "g"}


def met(*rows: MemberRow, at: dt.datetime = FIRST, **fields: Any) -> GroupRow:
    """A group whose first session was ``at``."""
    return group(members=rows, sessions=(session(at),), **fields)


def met_later(*rows: MemberRow, **fields: Any) -> GroupRow:
    moved = session(FIRST, first_planned_at=on(2026, 8, 25))
    return group(members=rows, sessions=(moved,), **fields)


def before(**fields: Any) -> dict[str, Any]:
    return INTAKE | fields


INTAKES: Mapping[str, Mapping[str, Edge]] = {
    "intake_offered_share": edges(
        nothing=gives(None, group(members=(member(1, slot_at=BEFORE),))),
        none=gives(0, met(member(1), member(2, slot_at=FIRST))),
        one=gives(Fraction(1, 3), met(member(1, slot_at=BEFORE), member(2), member(3))),
        all=gives(1, met(member(1, slot_at=BEFORE), member(2, intake_at=BEFORE))),
        clock=gives(1, met(member(1, slot_at=THAT_DAY), at=AUTUMN)),
        moved=gives(1, met_later(member(1, slot_at=BETWEEN))),
        left=gives(0, met(member(1), member(2, slot_at=BEFORE, **AFTERWARDS))),
    ),
    "intake_held_share": edges(
        nothing=gives(None, met()),
        none=gives(0, met(member(1), member(2, intake_at=FIRST))),
        one=gives(Fraction(1, 3), met(member(1, intake_at=BEFORE), member(2), member(3))),
        all=gives(1, met(member(1, intake_at=BEFORE), member(2, intake_at=BEFORE))),
        clock=gives(1, met(member(1, intake_at=THAT_DAY), at=AUTUMN)),
        moved=gives(1, met_later(member(1, intake_at=BETWEEN))),
        # They were at session 1, so they count to the end.
        left=gives(Fraction(1, 2), met(member(1), member(2, intake_at=BEFORE, **AFTERWARDS))),
    ),
    "intake_frame_share": edges(
        nothing=gives(None, met()),
        none=gives(0, met(member(1, **before()), member(2, framed=True))),
        one=gives(Fraction(1, 2), met(member(1, **before(framed=True)), member(2, **before()))),
        all=gives(1, met(member(1, **before(framed=True)))),
        clock=gives(1, met(member(1, intake_at=THAT_DAY, framed=True), at=AUTUMN)),
        moved=gives(1, met_later(member(1, intake_at=BETWEEN, framed=True))),
        left=gives(Fraction(1, 2), met(member(1), member(2, **before(framed=True), **AFTERWARDS))),
    ),
    "learning_goal_share": edges(
        nothing=gives(None, met()),
        none=gives(0, met(member(1, **before()), member(2, goal=True, intake_at=FIRST))),
        one=gives(Fraction(1, 2), met(member(1, **before(goal=True)), member(2, **before()))),
        all=gives(1, met(member(1, **before(goal=True)), member(2, goal_on=FIRST.date()))),
        clock=gives(
            Fraction(1, 2),
            met(member(1, goal_on=AUTUMN.date()), member(2, goal_on=dt.date(2026, 10, 26)), at=AUTUMN),
        ),
        moved=gives(1, met_later(member(1, goal_on=BETWEEN.date()))),
        left=gives(Fraction(1, 2), met(member(1), member(2, goal_on=BEFORE.date(), **AFTERWARDS))),
    ),
    "intake_own_guide_share": edges(
        nothing=gives(None, met(member(1), guides=(guide("g"),))),
        none=gives(0, met(member(1, **before(intake_by="other")), guides=(guide("g"),))),
        one=gives(
            Fraction(1, 2),
            met(member(1, **before()), member(2, **before(intake_by="other")), guides=(guide("g"),)),
        ),
        all=gives(1, met(member(1, **before()), member(2, **before()), guides=(guide("g"),))),
        clock=NO_TIME,
        moved=NO_SESSION,
        left=gives(
            1,
            met(
                member(1, **before()),
                member(2, **before(intake_by="other"), **AFTERWARDS),
                guides=(guide("g"),),
            ),
        ),
    ),
    "ground_rules_share": edges(
        nothing=gives(None, group(members=(member(1, confirmed_at=BEFORE),))),
        none=gives(0, met(member(1), guides=(guide("g"),))),
        one=gives(Fraction(1, 2), met(member(1, confirmed_at=BEFORE), guides=(guide("g"),))),
        all=gives(1, met(member(1, confirmed_at=BEFORE), guides=(guide("g", confirmed_at=BEFORE),))),
        clock=gives(1, met(member(1, confirmed_at=ITS_END), at=AUTUMN)),
        moved=gives(1, met_later(member(1, confirmed_at=BETWEEN))),
        left=gives(Fraction(1, 2), met(member(1), member(2, confirmed_at=BEFORE, **AFTERWARDS))),
    ),
}
