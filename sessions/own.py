"""What this room keeps about one person, and how it lets go of it."""

import datetime as dt
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue import load
from catalogue.kept import Row, Section, section
from programs.models import Membership
from programs.own import opened
from sessions.forms.log import AGREEMENT
from sessions.models import Attendance, GroupSession, GuideRound, Interruption, PrivateLine, SessionLog

PLACE = {"program": _("Program"), "group": _("Group"), "session": _("Session")}
ANSWER = {
    "question": _("Question"),
    "answer": _("Answer"),
    "words": _("In words"),
    "at": _("When"),
}


def export_own(user: User) -> Iterator[Section]:
    """When ``user`` was there, and, of those who guide, what they logged and answered. Nobody else is named."""
    yield _attended(user)
    yield from _logged(user)
    yield _asked(user)
    yield _stood_in(user)
    yield _lines(user)


def _attended(user: User) -> Section:
    there = Attendance.objects.filter(membership__user=user)
    there = there.select_related("session__group__program").order_by("session__starts_at")
    return section(
        "attendance",
        "attendance",
        _("Sessions, and whether you were there"),
        PLACE
        | {
            "starts": _("Start"),
            "ends": _("Ends at"),
            "state": _("State"),
            "left_early": _("left early"),
            "says": _("What you say"),
        },
        (
            {
                **_place(row.session),
                "starts": row.session.starts_at,
                "ends": row.session.ends_at,
                "state": str(row.get_state_display()),
                "left_early": row.left_early,
                "says": str(row.get_says_display()),
            }
            for row in there
        ),
    )


def _logged(user: User) -> Iterator[Section]:
    """Logs as ``user`` left them, without who was there: that is each member's own."""
    logs = SessionLog.objects.filter(logged_by=user).select_related("session__group__program")
    rows = list(logs.prefetch_related("session__interruptions").order_by("logged_at"))
    columns = PLACE | {
        "at": _("When"),
        "began": _("Began at"),
        "ended": _("Ended at"),
        "own_case": _("Somebody brought a situation of their own"),
        "next_step": _("We found a next step"),
        "themes": _("What it was about"),
    }
    interrupted = {kind.value: kind.label for kind in Interruption.Kind}
    yield section(
        "attendance", "logs", _("Sessions you logged"), columns | interrupted, (_log(row) for row in rows)
    )
    yield section(
        "attendance",
        "log_answers",
        _("What you answered in those logs"),
        PLACE | ANSWER,
        (
            {**_place(row.session), **answer, "at": row.logged_at}
            for row in rows
            for answer in _answers(row.answers)
        ),
    )


def _log(row: SessionLog) -> Row:
    themes, counted = load().themes, {one.kind: one.count for one in row.session.interruptions.all()}
    return {
        **_place(row.session),
        "at": row.logged_at,
        "began": row.session.started_at,
        "ended": row.session.ended_at,
        "own_case": row.own_case,
        "next_step": row.next_step,
        "themes": "; ".join(str(themes[key]) if key in themes else key for key in row.themes),
        **{kind: counted.get(kind, 0) for kind in Interruption.Kind.values},
    }


def _asked(user: User) -> Section:
    rounds = GuideRound.objects.filter(answered_by=user).select_related("group__program")
    return section(
        "attendance",
        "guide_rounds",
        _("What you answered about your own work as a guide"),
        {"program": _("Program"), "group": _("Group")} | ANSWER,
        (
            {"program": row.group.program.title, "group": row.group.name, **answer, "at": row.answered_at}
            for row in rounds.order_by("answered_at")
            for answer in _answers(row.answers)
        ),
    )


def _stood_in(user: User) -> Section:
    stood_in = GroupSession.objects.filter(substitute=user).select_related("group__program")
    return section(
        "attendance",
        "stood_in",
        _("Sessions you stood in for"),
        PLACE | {"at": _("When")},
        ({**_place(row), "at": row.starts_at} for row in stood_in),
    )


def _lines(user: User) -> Section:
    lines = list(PrivateLine.objects.filter(vault__owner=user).select_related("session__group__program"))
    return section(
        "private_line",
        "private_lines",
        _("A line for yourself after a session"),
        PLACE | {"line": _("Line")},
        ({**_place(row.session), **text} for row, text in zip(lines, opened(user, lines), strict=True)),
    )


def _place(session: GroupSession) -> dict[str, str | int]:
    return {
        "program": session.group.program.title,
        "group": session.group.name,
        "session": session.number,
    }


def _answers(given: Mapping[str, int]) -> Iterator[dict[str, str | int]]:
    """Each answer with the words of its question and its own; a question that is no longer asked by its key."""
    known, words = load().items, dict(AGREEMENT)
    for key, answer in given.items():
        yield {
            "question": str(known[key].measure.words) if key in known else key,
            "answer": answer,
            "words": str(words.get(str(answer), "")),
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
