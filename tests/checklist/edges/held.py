"""Edges of the sessions that took place."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from checklist.rows import GroupRow, LogRow, SessionRow
from tests.checklist.by_hand import group, member, members, on, session, took_place
from tests.checklist.edges import NO_MEMBER, NO_TIME, Edge, edges, gives, of

FIRST, SECOND, THIRD = on(2026, 7, 21), on(2026, 9, 1), on(2026, 10, 13)
AUTUMN = on(2026, 10, 25)
WEEK, FORTNIGHT = dt.timedelta(weeks=1), dt.timedelta(weeks=2)
SUNDAYS = {"working_days": (7,)}
TWO = (member(1), member(2))
#: Between the first session and the second.
GONE = {"left_on": dt.date(2026, 8, 1)}
UNLOGGED = session(FIRST, state="held")


def moved(at: dt.datetime, *present: str, by: dt.timedelta = WEEK, **fields: Any) -> SessionRow:
    return took_place(at, *present, first_planned_at=at - by, **fields)


def logs(*found: LogRow) -> GroupRow:
    return group(sessions=tuple(took_place(FIRST + WEEK * n, log=log) for n, log in enumerate(found)))


def ticked(name: str) -> Mapping[str, Edge]:
    yes = LogRow(**{name: True})
    return edges(
        nothing=gives(None, group(sessions=(UNLOGGED,))),
        none=gives(0, logs(LogRow(), LogRow())),
        one=gives(Fraction(1, 2), logs(yes, LogRow())),
        all=gives(1, logs(yes, yes)),
        clock=NO_TIME,
        moved=gives(1, group(sessions=(moved(FIRST, log=yes, by=FORTNIGHT * 2),))),
        left=NO_MEMBER,
    )


def themed(theme: str) -> Mapping[str, Edge]:
    tagged = LogRow(themes=(theme,))
    return edges(
        nothing=gives(None, group(sessions=(UNLOGGED,))),
        none=gives(0, logs(LogRow(themes=("other",)))),
        one=gives(1, logs(tagged, LogRow())),
        all=gives(3, logs(tagged, tagged, tagged)),
        clock=NO_TIME,
        moved=gives(1, group(sessions=(moved(FIRST, log=tagged, by=FORTNIGHT * 2),))),
        left=NO_MEMBER,
    )


HELD: Mapping[str, Mapping[str, Edge]] = {
    "interval_weeks_actual": edges(
        nothing=gives(None, group()),
        none=gives(None, group(sessions=(UNLOGGED, session(SECOND, state="held")))),
        one=gives(6, group(sessions=(took_place(FIRST), took_place(SECOND)))),
        all=gives(6, group(sessions=(took_place(FIRST), took_place(SECOND), took_place(THIRD)))),
        clock=gives(2, group(sessions=(took_place(AUTUMN - WEEK), took_place(AUTUMN + WEEK)))),
        moved=gives(7, group(sessions=(took_place(FIRST), moved(SECOND + WEEK)))),
        left=NO_MEMBER,
    ),
    "duration_minutes_actual": edges(
        nothing=gives(None, group(sessions=(UNLOGGED,))),
        none=gives(None, group(sessions=(took_place(FIRST, started_at=None, ended_at=None),))),
        one=gives(150, group(sessions=(took_place(FIRST, minutes=150),))),
        all=gives(155, group(sessions=(took_place(FIRST, minutes=150), took_place(SECOND, minutes=160)))),
        clock=gives(150, group(sessions=(took_place(on(2026, 10, 25, 1), minutes=150),))),
        moved=gives(150, group(sessions=(moved(FIRST, minutes=150, by=FORTNIGHT * 2),))),
        left=NO_MEMBER,
    ),
    "working_hours_share_actual": edges(
        nothing=gives(None, group(sessions=(UNLOGGED,))),
        none=gives(0, group(sessions=(took_place(FIRST.replace(hour=18)),))),
        one=gives(Fraction(1, 2), group(sessions=(took_place(FIRST), took_place(SECOND.replace(hour=7))))),
        all=gives(1, group(sessions=(took_place(FIRST), took_place(SECOND)))),
        clock=gives(1, group(sessions=(took_place(AUTUMN.replace(hour=15, minute=15)),)), **SUNDAYS),
        moved=gives(0, group(sessions=(moved(on(2026, 9, 5)),))),  # to a Saturday
        left=NO_MEMBER,
    ),
    "held_share": edges(
        nothing=gives(None, group(sessions=(session(on(2027, 1, 5)), UNLOGGED))),
        none=gives(0, group(sessions=(session(FIRST, state="cancelled"),))),
        one=gives(Fraction(1, 2), group(sessions=(took_place(FIRST), session(SECOND, state="cancelled")))),
        all=gives(1, group(sessions=(took_place(FIRST), took_place(SECOND)))),
        # Fourteen days, of which one has twenty-five hours.
        clock=gives(1, group(sessions=(moved(AUTUMN + WEEK, by=FORTNIGHT),))),
        moved=gives(0, group(sessions=(moved(SECOND, by=FORTNIGHT + dt.timedelta(days=1)),))),
        left=NO_MEMBER,
    ),
    "attendance_rate": edges(
        nothing=gives(None, of(*TWO, sessions=(UNLOGGED,))),
        none=gives(0, of(*TWO, sessions=(took_place(FIRST),))),
        one=gives(Fraction(1, 2), of(*TWO, sessions=(took_place(FIRST, "m2"),))),
        all=gives(1, of(*TWO, sessions=(took_place(FIRST, "m1", "m2"),))),
        # Whoever leaves that day is not expected that day.
        clock=gives(
            1,
            of(
                member(1),
                member(2, left_on=AUTUMN.date()),
                sessions=(took_place(AUTUMN.replace(hour=0), "m1"),),
            ),
        ),
        # Expected are those of the day it took place, not of the day it was planned for.
        moved=gives(
            1, of(member(1), member(2, **GONE), sessions=(moved(on(2026, 8, 4), "m1", by=FORTNIGHT),))
        ),
        left=gives(
            1,
            of(
                member(1),
                member(2, **GONE),
                sessions=(took_place(FIRST, "m1", "m2"), took_place(SECOND, "m1")),
            ),
        ),
    ),
    "interference_per_attendance": edges(
        nothing=gives(None, group(sessions=(took_place(FIRST, interruptions=2),))),
        none=gives(0, group(sessions=(took_place(FIRST, "m1", "m2"),))),
        one=gives(Fraction(1, 2), group(sessions=(took_place(FIRST, "m1", "m2", interruptions=1),))),
        all=gives(1, group(sessions=(took_place(FIRST, "m1", "m2", interruptions=2),))),
        clock=NO_TIME,
        moved=gives(1, group(sessions=(moved(FIRST, "m1", interruptions=1, by=FORTNIGHT * 2),))),
        left=gives(
            Fraction(1, 2),
            of(member(1), member(2, **GONE), sessions=(took_place(FIRST, "m1", "m2", interruptions=1),)),
        ),
    ),
    "group_size_actual": edges(
        nothing=gives(None, of(*TWO, sessions=(UNLOGGED,))),
        none=gives(0, of(*TWO, sessions=(took_place(FIRST),))),
        one=gives(1, of(*TWO, sessions=(took_place(FIRST, "m1"),))),
        all=gives(2, of(*TWO, sessions=(took_place(FIRST, "m1", "m2"),))),
        clock=NO_TIME,
        moved=gives(2, of(*TWO, sessions=(moved(FIRST, "m1", "m2", by=FORTNIGHT * 2),))),
        left=gives(
            Fraction(3, 2),
            of(
                member(1),
                member(2, **GONE),
                sessions=(took_place(FIRST, "m1", "m2"), took_place(SECOND, "m1")),
            ),
        ),
    ),
    "roster_continuity": edges(
        nothing=gives(None, of(*TWO, sessions=(UNLOGGED,))),
        none=gives(
            0,
            of(
                member(1, **GONE),
                member(2, joined_on=dt.date(2026, 8, 2)),
                sessions=(took_place(FIRST, "m1"), took_place(SECOND, "m2")),
            ),
        ),
        one=gives(
            Fraction(1, 2), of(member(1), member(2, **GONE), sessions=(took_place(FIRST), took_place(SECOND)))
        ),
        all=gives(1, of(*TWO, sessions=(took_place(FIRST), took_place(SECOND)))),
        clock=gives(
            Fraction(1, 2),
            of(
                member(1),
                member(2, left_on=AUTUMN.date()),
                sessions=(took_place(FIRST), took_place(AUTUMN.replace(hour=0))),
            ),
        ),
        # Planned for before they left, it took place after.
        moved=gives(
            Fraction(1, 2),
            of(
                member(1),
                member(2, **GONE),
                sessions=(took_place(FIRST), moved(on(2026, 8, 4), by=FORTNIGHT)),
            ),
        ),
        left=gives(
            Fraction(5, 6),
            group(
                members=(*members(*[1] * 5), member(6, **GONE)),
                sessions=(took_place(FIRST), took_place(SECOND)),
            ),
        ),
    ),
    "own_case_share": ticked("own_case"),
    "next_step_share": ticked("next_step"),
    "recovery_theme_sessions": themed("recovery_and_recharge"),
    "early_signs_theme_sessions": themed("early_signs_of_burnout"),
    "confidentiality_incidents": edges(
        nothing=gives(None, group(sessions=(UNLOGGED,))),
        none=gives(0, group(sessions=(took_place(FIRST),))),
        one=gives(1, group("g1", sessions=(took_place(FIRST),)), group("g2", incidents=1)),
        all=gives(2, group("g1", incidents=1), group("g2", incidents=1)),
        clock=NO_TIME,
        moved=gives(0, group(sessions=(moved(FIRST, by=FORTNIGHT * 2),))),
        left=NO_MEMBER,
    ),
}
