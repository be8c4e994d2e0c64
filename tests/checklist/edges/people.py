"""Edges of who guides, of who evaluates whom, and of who is in the groups."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

from checklist.rows import GuideRow
from tests.checklist.by_hand import Known, group, guide, member, members
from tests.checklist.edges import NO_MEMBER, NO_SESSION, NO_TIME, Edge, edges, gives, gives_early, of

GONE = {"left_on": dt.date(2026, 11, 1)}
#: In the first hour of this day they are gone, though by UTC it is the day before.
GONE_THAT_DAY = {"left_on": dt.date(2026, 10, 25)}
PAIR = (guide("a"), guide("b"))
OF_GUIDES = {"clock": NO_TIME, "moved": NO_SESSION, "left": NO_MEMBER}
PSYCHOLOGIST = guide("p", kind="psychologist", cbt=True)
COACH = guide("c", kind="coach")
ALUMNUS = guide("a", kind="alumnus")


def along(kind: str) -> GuideRow:
    return guide("x", leads=False, kind=kind)


def years(*found: int | None, **gone):
    """Of each member; ``gone`` is the last one's."""
    rows = members(*found, training_years=4)
    last = member(len(found), year=found[-1], training_years=4, **gone)
    return group(members=(*rows[:-1], last))


def disciplines(*names: str, **gone):
    rows = [member(number, discipline=name) for number, name in enumerate(names)]
    return of(*rows[:-1], member(len(names), discipline=names[-1], **gone))


PEOPLE: Mapping[str, Mapping[str, Edge]] = {
    "evaluator_guides": edges(
        nothing=gives(None, of(member(1))),
        none=gives(0, of(member(1), guides=PAIR)),
        one=gives(1, of(member(1), member(2), guides=PAIR), independence=Known(("a", "u1"), ("a", "u2"))),
        all=gives(2, of(member(1), member(2), guides=PAIR), independence=Known(("a", "u1"), ("b", "u2"))),
        clock=gives_early(0, of(member(1, **GONE_THAT_DAY), guides=PAIR), independence=Known(("a", "u1"))),
        moved=NO_SESSION,
        left=gives(0, of(member(1, **GONE), member(2), guides=PAIR), independence=Known(("a", "u1"))),
    ),
    "evaluator_members": edges(
        nothing=gives(None, group()),
        none=gives(0, of(member(1), member(2))),
        one=gives(1, of(member(1), member(2)), independence=Known(("u1", "u2"))),
        all=gives(2, of(member(1), member(2)), independence=Known(("u1", "u2"), ("u2", "u1"))),
        clock=gives_early(0, of(member(1, **GONE_THAT_DAY), member(2)), independence=Known(("u1", "u2"))),
        moved=NO_SESSION,
        left=gives(0, of(member(1), member(2, **GONE)), independence=Known(("u1", "u2"))),
    ),
    "evaluator_content_access": edges(
        nothing=gives(None, group(guides=PAIR), coordinators=("k",)),
        none=gives(0, of(member(1), guides=PAIR), coordinators=("k",)),
        one=gives(1, of(member(1), guides=PAIR), coordinators=("k",), independence=Known(("k", "u1"))),
        all=gives(
            3,
            of(member(1), guides=PAIR),
            coordinators=("k",),
            independence=Known(("k", "u1"), ("a", "u1"), ("b", "u1")),
        ),
        clock=gives_early(
            0, of(member(1, **GONE_THAT_DAY), member(2)), coordinators=("k",), independence=Known(("k", "u1"))
        ),
        moved=NO_SESSION,
        left=gives(0, of(member(1, **GONE), member(2)), coordinators=("k",), independence=Known(("k", "u1"))),
    ),
    "guide_training_hours_min": edges(
        nothing=gives(None, group(guides=(guide("x", leads=False, hours=8),))),
        none=gives(0, group("g1", guides=(guide("a"),)), group("g2", guides=(guide("b"),))),
        one=gives(0, group("g1", guides=(guide("a", hours=8),)), group("g2", guides=(guide("b"),))),
        all=gives(3, group("g1", guides=(guide("a", hours=8),)), group("g2", guides=(guide("b", hours=3),))),
        **OF_GUIDES,
    ),
    "lead_psych_cbt": edges(
        nothing=gives(None, group()),
        none=gives(False, group(guides=(COACH,))),
        one=gives(False, group("g1", guides=(PSYCHOLOGIST,)), group("g2", guides=(COACH,))),
        all=gives(True, group("g1", guides=(PSYCHOLOGIST,)), group("g2", guides=(PSYCHOLOGIST,))),
        **OF_GUIDES,
    ),
    "lead_is_alumni": edges(
        nothing=gives(None, group()),
        none=gives(False, group(guides=(COACH,))),
        one=gives(False, group("g1", guides=(ALUMNUS,)), group("g2", guides=(COACH,))),
        all=gives(True, group("g1", guides=(ALUMNUS,)), group("g2", guides=(ALUMNUS,))),
        clock=gives_early(
            True, of(member(1, **GONE_THAT_DAY), guides=(ALUMNUS,)), independence=Known(("a", "u1"))
        ),
        moved=NO_SESSION,
        left=gives(True, of(member(1, **GONE), guides=(ALUMNUS,)), independence=Known(("a", "u1"))),
    ),
    "mental_health_cofacilitator": edges(
        nothing=gives(None, group()),
        none=gives(False, group(guides=(COACH,))),
        one=gives(False, group("g1", guides=(COACH, along("psychologist"))), group("g2", guides=(COACH,))),
        all=gives(True, group(guides=(COACH, along("psychologist"), guide("y", leads=False, kind="coach")))),
        **OF_GUIDES,
    ),
    "steering_training_share": edges(
        nothing=gives(None, group()),
        none=gives(0, group(guides=PAIR)),
        one=gives(Fraction(1, 2), group(guides=(guide("a", steering=True), guide("b", leads=False)))),
        all=gives(1, group(guides=(guide("a", steering=True),))),
        **OF_GUIDES,
    ),
    "group_size_planned": edges(
        nothing=gives(None, target_size=None),
        none=gives(0, group(), stage="running"),
        one=gives(1, group(members=members(1)), stage="running"),
        all=gives(6, group(members=members(*[1] * 6))),
        clock=gives_early(5, years(*[1] * 6, **GONE_THAT_DAY)),
        moved=NO_SESSION,
        left=gives(5, years(*[1] * 6, **GONE)),
    ),
    "training_years_distinct": edges(
        nothing=gives(None, group()),
        none=gives(None, years(None, None)),
        one=gives(1, years(2, 2, 2)),
        all=gives(4, years(1, 2, 3, 4)),
        clock=gives_early(1, years(1, 1, 2, **GONE_THAT_DAY)),
        moved=NO_SESSION,
        left=gives(1, years(1, 1, 2, **GONE)),
    ),
    "training_years_share": edges(
        nothing=gives(None, group()),
        none=gives(None, years(1, None)),
        one=gives(Fraction(1, 4), years(3, 3)),
        all=gives(1, years(1, 2, 3, 4)),
        clock=gives_early(Fraction(1, 4), years(1, 1, 2, **GONE_THAT_DAY)),
        moved=NO_SESSION,
        left=gives(Fraction(3, 4), years(1, 2, 3, 4, **GONE)),
    ),
    "same_phase_peer_share": edges(
        nothing=gives(None, group()),
        none=gives(0, years(1, 2, 3)),
        one=gives(Fraction(2, 3), years(1, 1, 3)),
        all=gives(1, years(1, 1, 3, 3)),
        clock=gives_early(0, years(1, 2, 2, **GONE_THAT_DAY)),
        moved=NO_SESSION,
        left=gives(0, years(1, 2, 2, **GONE)),
    ),
    "cohort_disciplines": edges(
        nothing=gives(None, group()),
        none=gives(None, disciplines("nurse", "")),
        one=gives(1, disciplines("nurse", "NURSE")),
        all=gives(3, disciplines("nurse", "midwife", "surgeon")),
        clock=gives_early(1, disciplines("nurse", "surgeon", **GONE_THAT_DAY)),
        moved=NO_SESSION,
        left=gives(1, disciplines("nurse", "surgeon", **GONE)),
    ),
}
