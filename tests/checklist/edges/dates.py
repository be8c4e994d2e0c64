"""Edges of the sessions that are planned."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

from checklist.rows import RoomRow, SessionRow
from tests.checklist.by_hand import group, member, on, session
from tests.checklist.edges import NO_MEMBER, Edge, edges, gives, of

FIRST = on(2027, 1, 5)
SIX_WEEKS = dt.timedelta(weeks=6)
SPRING = on(2027, 3, 28)
WEEK = dt.timedelta(weeks=1)
HERE, AWAY = RoomRow(onsite=True), RoomRow(onsite=False)
BARE, LIGHT, BOTH = RoomRow(), RoomRow(daylight=True), RoomRow(daylight=True, temperature=True)
A_ROOM_STAYS = "a room is the same whatever the clock says"
SNACKS_STAY = "they are ordered for a session, whatever the clock says"
SUNDAYS = {"working_days": (7,)}


def series(count: int, **fields) -> tuple[SessionRow, ...]:
    return tuple(session(FIRST + SIX_WEEKS * n, **fields) for n in range(count))


def moved(row: SessionRow, *, days: int) -> SessionRow:
    """To where it is, from ``days`` before."""
    first = row.starts_at - dt.timedelta(days=days)
    return session(row.starts_at, id=row.id, first_planned_at=first, ends_at=row.ends_at, room=row.room)


def in_rooms(*rooms: RoomRow | None) -> object:
    return group(sessions=tuple(session(FIRST + WEEK * n, room=room) for n, room in enumerate(rooms)))


def snacks(*shares: bool) -> object:
    rows = enumerate(shares)
    return group(sessions=tuple(session(FIRST + WEEK * n, refreshments=share) for n, share in rows))


def at(*moments: dt.datetime, **fields) -> object:
    return group(sessions=tuple(session(moment) for moment in moments), **fields)


def clashing(*clashes: int) -> object:
    """One member whose duties are known until then."""
    rows = series(2)
    ids = frozenset(rows[number].id for number in clashes)
    return of(member(1, clashes=ids, duties_until=on(2027, 12, 1)), sessions=rows)


DATES: Mapping[str, Mapping[str, Edge]] = {
    "interval_weeks_planned": edges(
        nothing=gives(None, group()),
        none=gives(None, group(sessions=series(2)), interval_weeks=4, sessions_total=9),
        one=gives(6, group(sessions=series(3))),
        all=gives(6, group(sessions=series(9))),
        clock=gives(1, at(SPRING - WEEK, SPRING, SPRING + WEEK)),
        # 49 and 35 days instead of 42 and 42
        moved=gives(
            6,
            group(
                sessions=(*series(1), moved(session(FIRST + WEEK * 7), days=7), session(FIRST + WEEK * 12))
            ),
        ),
        left=NO_MEMBER,
    ),
    "trajectory_months_planned": edges(
        nothing=gives(None, group()),
        none=gives(None, group(sessions=series(1)), interval_weeks=6, sessions_total=9),
        one=gives(Fraction(42) / Fraction("30.44"), group(sessions=series(2))),
        all=gives(Fraction(378) / Fraction("30.44"), group(sessions=series(10))),
        clock=gives(Fraction(2) / Fraction("30.44"), at(on(2027, 3, 27, 23), on(2027, 3, 29, 0, 30))),
        moved=gives(
            Fraction(49) / Fraction("30.44"),
            group(sessions=(*series(1), moved(session(FIRST + WEEK * 7), days=7))),
        ),
        left=NO_MEMBER,
    ),
    "duration_minutes_planned": edges(
        nothing=gives(None, group()),
        none=gives(165, group(), session_minutes=165),
        one=gives(150, group(sessions=series(1, minutes=150)), session_minutes=165),
        all=gives(
            160,
            group(
                sessions=(
                    *series(2, minutes=150),
                    session(SPRING, minutes=170),
                    session(SPRING + WEEK, minutes=180),
                )
            ),
        ),
        clock=gives(120, group(sessions=(session(on(2027, 3, 28, 1), minutes=120),))),
        moved=gives(165, group(sessions=(moved(session(SPRING), days=20),))),
        left=NO_MEMBER,
    ),
    "onsite_share": edges(
        nothing=gives(None, in_rooms(None)),
        none=gives(0, in_rooms(AWAY, AWAY)),
        one=gives(Fraction(1, 2), in_rooms(HERE, AWAY, None)),
        all=gives(1, in_rooms(HERE, HERE)),
        clock=A_ROOM_STAYS,
        moved=gives(1, group(sessions=(moved(session(FIRST, room=HERE), days=20),))),
        left=NO_MEMBER,
    ),
    "room_comfort_share": edges(
        nothing=gives(None, in_rooms(None)),
        none=gives(0, in_rooms(BARE, BARE)),
        one=gives(Fraction(1, 4), in_rooms(LIGHT, BARE)),
        all=gives(1, in_rooms(BOTH, BOTH)),
        clock=A_ROOM_STAYS,
        moved=gives(Fraction(1, 2), group(sessions=(moved(session(FIRST, room=LIGHT), days=20),))),
        left=NO_MEMBER,
    ),
    "refreshments_share": edges(
        nothing=gives(None, group(), refreshments=None),
        none=gives(0, snacks(False, False), refreshments=True),
        one=gives(Fraction(1, 2), snacks(True, False)),
        all=gives(1, snacks(True, True), refreshments=False),
        clock=SNACKS_STAY,
        moved=gives(0, group(sessions=(moved(session(FIRST), days=20),)), refreshments=True),
        left=NO_MEMBER,
    ),
    "working_hours_share_planned": edges(
        nothing=gives(None, group()),
        none=gives(0, at(on(2027, 1, 5, 18), on(2027, 1, 12, 7))),
        one=gives(Fraction(1, 2), at(on(2027, 1, 5, 15, 15), on(2027, 1, 12, 15, 16))),
        all=gives(1, at(on(2027, 1, 5, 8), on(2027, 1, 12, 15, 15))),
        clock=gives(1, at(on(2027, 3, 28, 8), on(2026, 10, 25, 15, 15)), **SUNDAYS),
        moved=gives(0, group(sessions=(moved(session(on(2027, 1, 9)), days=4),))),
        left=NO_MEMBER,
    ),
    "duty_clash_share": edges(
        nothing=gives(None, group(sessions=series(2))),
        none=gives(0, clashing()),
        one=gives(Fraction(1, 2), clashing(0)),
        all=gives(1, clashing(0, 1)),
        # What is known reaches to the end of the session, to the minute.
        clock=gives(0, of(member(1, duties_until=on(2027, 3, 28, 16, 45)), sessions=(session(SPRING),))),
        moved=gives(
            1,
            of(
                member(1, clashes=frozenset({"moved"})),
                sessions=(session(FIRST, id="moved", first_planned_at=FIRST - WEEK),),
            ),
        ),
        left=gives(
            0,
            of(
                member(1, duties_until=on(2027, 12, 1)),
                member(2, clashes=frozenset({series(1)[0].id}), left_on=dt.date(2026, 11, 1)),
                sessions=series(1),
            ),
        ),
    ),
    "group_closed": edges(
        nothing=gives(None),
        none=gives(False, group("g1"), group("g2")),
        one=gives(False, group("g1", closed=True), group("g2")),
        all=gives(True, group("g1", closed=True), group("g2", closed=True)),
        clock=gives(
            True,
            of(member(1, joined_on=SPRING.date()), closed=True, sessions=(session(SPRING.replace(hour=0)),)),
        ),
        moved=gives(
            True,
            of(
                member(1, joined_on=dt.date(2027, 1, 4)),
                closed=True,
                sessions=(moved(session(FIRST), days=10),),
            ),
        ),
        left=gives(
            False,
            of(
                member(1, joined_on=dt.date(2026, 9, 2), left_on=dt.date(2026, 10, 1)),
                closed=True,
                sessions=(session(on(2026, 9, 1)),),
            ),
        ),
    ),
}
