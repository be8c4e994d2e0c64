"""What this room keeps about one person, and how it lets go of it."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue import load
from catalogue.kept import Section, section
from programs.models import Membership
from programs.own import opened
from sessions.models import Attendance, GroupSession, GuideRound, PrivateLine, SessionLog


def export_own(user: User) -> Iterator[Section]:
    """When ``user`` was there, and, of those who guide, which sessions they logged or stood in for."""
    there = Attendance.objects.filter(membership__user=user)
    there = there.select_related("session__group__program").order_by("session__starts_at")
    yield section(
        "attendance",
        "attendance",
        _("Sessions, and whether you were there"),
        {
            "program": _("Program"),
            "group": _("Group"),
            "session": _("Session"),
            "starts": _("Start"),
            "ends": _("Ends at"),
            "state": _("State"),
            "left_early": _("left early"),
            "says": _("What you say"),
        },
        (
            {
                "program": row.session.group.program.title,
                "group": row.session.group.name,
                "session": row.session.number,
                "starts": row.session.starts_at,
                "ends": row.session.ends_at,
                "state": str(row.get_state_display()),
                "left_early": row.left_early,
                "says": str(row.get_says_display()),
            }
            for row in there
        ),
    )
    columns = {"program": _("Program"), "group": _("Group"), "session": _("Session"), "at": _("When")}
    logs = SessionLog.objects.filter(logged_by=user).select_related("session__group__program")
    yield section(
        "attendance",
        "logs",
        _("Sessions you logged"),
        columns,
        (_place(row.session) | {"at": row.logged_at} for row in logs.order_by("logged_at")),
    )
    rounds = GuideRound.objects.filter(answered_by=user).select_related("group__program")
    yield section(
        "attendance",
        "guide_rounds",
        _("What you answered about your own work as a guide"),
        {
            "program": _("Program"),
            "group": _("Group"),
            "question": _("Question"),
            "answer": _("Answer"),
            "at": _("When"),
        },
        (answered for row in rounds.order_by("answered_at") for answered in _answered(row)),
    )
    stood_in = GroupSession.objects.filter(substitute=user).select_related("group__program")
    yield section(
        "attendance",
        "stood_in",
        _("Sessions you stood in for"),
        columns,
        (_place(row) | {"at": row.starts_at} for row in stood_in),
    )
    lines = list(PrivateLine.objects.filter(vault__owner=user).select_related("session__group__program"))
    yield section(
        "private_line",
        "private_lines",
        _("A line for yourself after a session"),
        {"program": _("Program"), "group": _("Group"), "session": _("Session"), "line": _("Line")},
        ({**_place(row.session), **text} for row, text in zip(lines, opened(user, lines), strict=True)),
    )


def _place(session: GroupSession) -> dict[str, str | int]:
    return {
        "program": session.group.program.title,
        "group": session.group.name,
        "session": session.number,
    }


def _answered(row: GuideRound) -> Iterator[dict[str, str | int | dt.datetime | None]]:
    known = load().items
    for key, given in row.answers.items():
        yield {
            "program": row.group.program.title,
            "group": row.group.name,
            "question": str(known[key].measure.words) if key in known else key,
            "answer": given,
            "at": row.answered_at,
        }


def erase_own(user: User, *, at: dt.datetime) -> None:
    """Take back what ``user`` said of sessions to come. Who was there stays, by a membership without a name."""
    for place in Membership.objects.filter(user=user):
        forget_coming(place, at=at)
    PrivateLine.objects.filter(vault__owner=user).delete()
    GroupSession.objects.filter(substitute=user, ends_at__gt=at).update(substitute=None)


def forget_coming(place: Membership, *, at: dt.datetime) -> None:
    """What somebody said of sessions that are still to come."""
    Attendance.objects.filter(membership=place, session__ends_at__gt=at).delete()
