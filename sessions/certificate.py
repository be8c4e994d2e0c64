"""The proof that somebody took part: hours and sessions, never what about. A PDF that a screen reader can read."""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from intervision import paper
from programs.models import Membership
from sessions.models import Attendance, GroupSession


def attended(place: Membership) -> list[GroupSession]:
    """The logged sessions at which ``place`` was, in order of time."""
    there = Attendance.objects.filter(membership=place, state=Attendance.State.PRESENT)
    return list(GroupSession.objects.took_place().filter(pk__in=there.values("session")))


def places_logged(user: User) -> QuerySet[Any]:
    """Places of ``user``, also ended ones, of which a session was logged; with ``was_there``, at least once."""
    logged = Attendance.objects.filter(
        membership=OuterRef("pk"), session__in=GroupSession.objects.took_place()
    )
    mine = user.memberships.filter(Exists(logged)).select_related("program__institution", "user")
    return mine.annotate(was_there=Exists(logged.filter(state=Attendance.State.PRESENT)))


def places_with_one(user: User) -> QuerySet[Any]:
    """Those with at least one session to certify."""
    return places_logged(user).filter(was_there=True)


def hours(sessions: list[GroupSession]) -> str:
    """To the quarter, downward: nobody gets more than they sat."""
    quarters = sum(session.minutes for session in sessions) // 15
    return number_format(quarters / 4, decimal_pos=2 if quarters % 2 else 1 if quarters % 4 else 0)


def words(place: Membership, *, at: dt.datetime) -> dict[str, Any]:
    """Everything on the page, in the active language."""
    sessions, house = attended(place), place.program.institution
    days = [house.on_day(session.starts_at) for session in sessions]
    took_part = {"program": place.program.title, "institution": house.name}
    return {
        "title": _("Certificate of taking part"),
        "language": get_language() or "en",
        "name": place.user.name,
        "sentence": _("took part in %(program)s, a program of %(institution)s.") % took_part,
        "what": _("What"),
        "how_much": _("How much"),
        "rows": [
            [_("Sessions attended"), str(len(sessions))],
            [_("Hours"), hours(sessions)],
            [_("First session"), spoken(days[0])],
            [_("Last session"), spoken(days[-1])],
        ],
        "silent": _("It says nothing of what was talked about. Only the person named here can make it."),
        "made": _("Made on %(day)s from the guide's log.") % {"day": spoken(house.on_day(at))},
    }


def spoken(day: dt.date) -> str:
    return date_format(day, "j F Y")


def pdf(place: Membership, *, at: dt.datetime) -> bytes:
    """``place`` has at least one session."""
    return paper.pdf("sessions/certificate.typ", words(place, at=at), at=at)
