"""People and sessions of a group as its coordinator sees them, in plain values: never who was there."""

import datetime as dt
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from intervision.addresses import address
from programs.models import Intake, Membership
from sessions.models import GroupSession

State = GroupSession.State
COLOURS: dict[str, str] = {State.LOGGED: "success", State.CANCELLED: "danger"}


class Person(NamedTuple):
    name: str
    year: str
    state: str
    suspended: bool
    paused: bool
    #: Its state, "" for none yet; None where the format has no intakes.
    intake: str | None
    #: Whether they confirmed the newest ground rules.
    agreed: bool


def person(membership: Membership, today: dt.date, *, intakes: bool) -> Person:
    """``membership`` as ``people_of`` asks it, with ``year`` and ``agreed``."""
    row: Any = membership
    return Person(
        str(row.name),
        str(row.year or ""),
        str(Membership.State(row.state).label),
        row.suspended_from is not None,
        row.paused_from is not None and row.paused_from <= today,
        _intake(row) if intakes else None,
        row.agreed,
    )


def _intake(membership: Any) -> str:
    held = getattr(membership, "intake", None)
    return str(Intake.State(held.state).label) if held else ""


class Held(NamedTuple):
    room: str
    state: str
    colour: str
    present: str


class Session(NamedTuple):
    url: str
    number: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    row: Held


def session(one: Any, now: dt.datetime) -> Session:
    """``one`` as ``sessions_of`` asks it, with ``present`` and ``listed``."""
    room = one.room.name if one.room else ""
    held = Held(room, *_state(one, now), _present(one))
    return Session(address("sessions:session", one.pk), str(one.number), one.starts_at, one.ends_at, held)


def _state(one: GroupSession, now: dt.datetime) -> tuple[str, str]:
    if one.state not in COLOURS and one.ends_at < now:
        return _("log missing"), "warning"
    return str(State(one.state).label), COLOURS.get(one.state, "info")


def _present(one: Any) -> str:
    if one.state != State.LOGGED:
        return "–"
    return _("%(present)s of %(listed)s") % {"present": one.present, "listed": one.listed}
