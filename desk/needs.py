"""What needs somebody, as sentences with the form that settles each."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Appointment, User
from concerns.models import LeakReport
from desk import queries
from desk.queries import Found
from intervision import clock
from intervision.addresses import address
from programs import steps
from programs.models import Program

Role = Appointment.Role


@dataclass(frozen=True, slots=True)
class Need:
    """One line: what it is, why it matters or where, and the button that leads to the exact form."""

    kind: str
    text: str
    detail: str
    url: str
    action: str
    at: dt.datetime | None = None


class Part(NamedTuple):
    """Where somebody takes part, and the pages that are their own there."""

    title: str
    group: str
    url: str
    goals: str


def of(user: User, programs: dict[UUID, Program], house: UUID | None) -> tuple[list[Need], list[Part]]:
    """Everything that needs ``user``, most pressing first, and where they take part. One statement."""
    parts = [queries.MEMBER]
    if programs:
        parts.append(queries.COORDINATOR)
    if Role.INTERVISOR in user.roles:
        parts.append(queries.GUIDE)
    if Role.ADMINISTRATOR in user.roles and house:
        parts.append(queries.ADMINISTRATOR)
    reports = []
    if Role.INDEPENDENT in user.roles:
        parts.append(queries.INDEPENDENT)
        mine = LeakReport.objects.to_look_into_by(user).exclude(state__in=LeakReport.SETTLED)
        reports = list(mine.values_list("pk", flat=True)[: queries.MOST])
    values = {"user": user.pk, "house": house, "now": clock.now(), "today": clock.today()}
    found = queries.ask(parts, programs=list(programs), reports=reports, **values)
    places = sorted((one for one in found if one.kind == "mine"), key=lambda one: (one.title, one.about))
    return say([one for one in found if one.kind != "mine"], programs), [part(one) for one in places]


def part(row: Found) -> Part:
    return Part(
        row.title, row.name, address("programs:my-place", row.about), address("programs:my-goals", row.about)
    )


def say(found: list[Found], programs: dict[UUID, Program]) -> list[Need]:
    return [SAY[row.kind](row, programs) for row in sorted(found, key=_pressing)]


def _pressing(row: Found) -> tuple[int, float, str]:
    return list(SAY).index(row.kind), row.at.timestamp() if row.at else 0.0, row.title


def _day(at: Any) -> str:
    return str(date_format(localtime(at), "D j F")) if at else ""


def _moment(at: Any) -> str:
    return str(date_format(localtime(at), "D j F, H:i"))


def answer(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("You are asked to take part in “%(program)s”") % {"program": row.title}
    return Need(row.kind, text, _answer_by(row), address("programs:my-place", row.about), _("See and answer"))


def _answer_by(row: Found) -> str:
    if row.number:
        return _("Please answer before your intake interview, %(moment)s.") % {"moment": _moment(row.at)}
    return _("Please answer by %(day)s.") % {"day": _day(row.at)} if row.at else ""


#: What questions are about, by the kind of their window: two may be open at once.
ABOUT: dict[str, Callable[[], str]] = {
    "questions_enrol": lambda: _("At sign-up"),
    "questions_hoped": lambda: _("How you are, at sign-up"),
    "questions_first": lambda: _("After the first session"),
    "questions_pulse": lambda: _("About the latest session"),
    "questions_midway": lambda: _("Half way"),
    "questions_end": lambda: _("At the end"),
    "questions_gained": lambda: _("How you are, at the end"),
    "questions_call": lambda: _("After the coaching call"),
}


def questions(row: Found, programs: dict[UUID, Program]) -> Need:
    text = ngettext("%(count)s question from %(group)s", "%(count)s questions from %(group)s", row.number) % {
        "count": row.number,
        "group": row.name,
    }
    detail = _("%(about)s. %(program)s. Nobody sees what you answer. Open until %(day)s.") % {
        "about": ABOUT[row.kind](),
        "program": row.title,
        "day": _day(row.at),
    }
    return Need("questions", text, detail, reverse("surveys:answer", args=[row.about]), _("Answer now"))


def code(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("Show the questions of session %(number)s to %(group)s") % {
        "number": row.number,
        "group": row.name,
    }
    detail = _("%(program)s. Everybody scans the code; it takes a minute.") % {"program": row.title}
    return Need(row.kind, text, detail, reverse("surveys:show", args=[row.about]), _("Show the code"))


def offer(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("A place came free for you in “%(program)s”") % {"program": row.title}
    detail = _("We keep it for you until %(day)s.") % {"day": _day(row.at)}
    return Need(
        row.kind,
        text,
        detail,
        address("joining:groups", row.about),
        _("See the place"),
    )


def keep_time(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("A time is reserved for you: %(moment)s") % {"moment": _moment(row.at)}
    detail = _("%(program)s. Keep it, or choose another.") % {"program": row.title}
    return Need(row.kind, text, detail, address("programs:my-time", row.about), _("Keep or change"))


def choose_time(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("Choose a time for your intake interview")
    return Need(row.kind, text, row.title, address("programs:my-time", row.about), _("Choose a time"))


def rules(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("Read and confirm the ground rules of your group")
    return Need(row.kind, text, row.title, address("programs:my-rules", row.about), _("Read"))


def share_again(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("Somebody else guides %(group)s: do you share your goal with that person?") % {"group": row.name}
    detail = _("%(program)s. Until you say so, only you read it.") % {"program": row.title}
    return Need(row.kind, text, detail, address("programs:my-goals", row.about), _("Choose"))


def texts_leave(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("What you wrote leaves on %(day)s: take it along") % {"day": _day(row.at)}
    detail = _("“%(program)s” is over. After that day nobody can bring it back.") % {"program": row.title}
    return Need(row.kind, text, detail, reverse("desk:my-data"), _("Take it along"))


def log(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("Log session %(number)s of %(group)s") % {"number": row.number, "group": row.name}
    detail = _("%(program)s, %(day)s. It takes two minutes.") % {"program": row.title, "day": _day(row.at)}
    return Need(row.kind, text, detail, address("sessions:log", row.about), _("Log"))


def own_questions(row: Found, programs: dict[UUID, Program]) -> Need:
    text = ngettext(
        "%(count)s question for you about %(group)s",
        "%(count)s questions for you about %(group)s",
        row.number,
    ) % {"count": row.number, "group": row.name}
    detail = _("%(program)s. Under your name; open until %(day)s.") % {
        "program": row.title,
        "day": _day(row.at),
    }
    return Need(row.kind, text, detail, address("sessions:guide-round", row.about), _("Answer now"))


def attendance_said(row: Found, programs: dict[UUID, Program]) -> Need:
    text = ngettext(
        "%(count)s member of %(group)s says otherwise about who was there",
        "%(count)s members of %(group)s say otherwise about who was there",
        row.number,
    ) % {"count": row.number, "group": row.name}
    detail = _("%(program)s. The log stays as it is until you decide.") % {"program": row.title}
    return Need(row.kind, text, detail, reverse("sessions:attendance-said", args=[row.about]), _("Look"))


def outcome(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("Say how the intake with %(name)s went") % {"name": row.name}
    detail = _("%(program)s, %(day)s.") % {"program": row.title, "day": _day(row.at)}
    return Need(row.kind, text, detail, address("sessions:intake-outcome", row.about), _("Note it"))


def offer_times(row: Found, programs: dict[UUID, Program]) -> Need:
    text = ngettext(
        "%(count)s person of %(group)s has no time for the intake",
        "%(count)s people of %(group)s have no time for the intake",
        row.number,
    ) % {"count": row.number, "group": row.name}
    detail = _("%(program)s. You have no free times left.") % {"program": row.title}
    url = address("programs:guide-intakes", row.program)
    return Need(row.kind, text, detail, url, _("Offer times"))


def declare(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("Say whether you evaluate anybody in %(group)s") % {"group": row.name}
    return Need(row.kind, text, row.title, address("programs:declare", row.about), _("Give your answer"))


def suspended(row: Found, programs: dict[UUID, Program]) -> Need:
    text = ngettext(
        "%(count)s assignment is suspended, because somebody now evaluates a group member",
        "%(count)s assignments are suspended, because somebody now evaluates a group member",
        row.number,
    ) % {"count": row.number}
    url = address("programs:suspended", row.program)
    return Need(row.kind, text, row.title, url, _("Resolve"))


def leak(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("Something left %(group)s: choose how it goes on") % {"group": row.name}
    url = reverse("concerns:confirmed", args=[row.program])
    return Need(row.kind, text, row.title, url, _("Choose"))


def report(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("A report about %(group)s waits for your next step") % {"group": row.name}
    detail = _("Since %(day)s.") % {"day": _day(row.at)}
    return Need(row.kind, text, detail, reverse("concerns:report", args=[row.about]), _("Look into it"))


def undelivered(row: Found, programs: dict[UUID, Program]) -> Need:
    text = ngettext(
        "%(count)s message was not delivered", "%(count)s messages were not delivered", row.number
    ) % {"count": row.number}
    return Need(row.kind, text, row.title, address("sessions:messages", row.program), _("Look"))


def no_lead(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("%(group)s has nobody to lead it") % {"group": row.name}
    url = address("planning:group", row.program, row.about)
    return Need(row.kind, text, row.title, url, _("Choose a guide"))


def no_room(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("Session %(number)s of %(group)s has no room") % {"number": row.number, "group": row.name}
    detail = _("%(program)s, %(day)s.") % {"program": row.title, "day": _day(row.at)}
    return Need(row.kind, text, detail, address("sessions:room", row.about), _("Choose a room"))


def wait_intake(row: Found, programs: dict[UUID, Program]) -> Need:
    text = ngettext(
        "%(count)s person waits for an intake time",
        "%(count)s people wait for an intake time",
        row.number,
    ) % {"count": row.number}
    url = address("programs:intakes", row.program)
    return Need(row.kind, text, row.title, url, _("See the times"))


def wait_group(row: Found, programs: dict[UUID, Program]) -> Need:
    text = ngettext(
        "%(count)s person waits for a place in a group",
        "%(count)s people wait for a place in a group",
        row.number,
    ) % {"count": row.number}
    return Need(row.kind, text, row.title, address("planning:groups", row.program), _("See the groups"))


def unseated(row: Found, programs: dict[UUID, Program]) -> Need:
    text = ngettext("%(count)s person has no group", "%(count)s people have no group", row.number) % {
        "count": row.number
    }
    return Need(row.kind, text, row.title, address("planning:groups", row.program), _("Place them"))


def log_late(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("The log of session %(number)s of %(group)s is missing") % {
        "number": row.number,
        "group": row.name,
    }
    detail = _("%(program)s, %(day)s. The guide was reminded.") % {"program": row.title, "day": _day(row.at)}
    return Need(row.kind, text, detail, address("desk:group", row.about), _("See the group"))


def start(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("“%(program)s” begins on %(day)s") % {"program": row.title, "day": _day(row.at)}
    detail = _("Look at the check and start it.")
    return Need(row.kind, text, detail, address("programs:start", row.program), _("To the start"))


def go_on(row: Found, programs: dict[UUID, Program]) -> Need:
    step = steps.first_open(programs[row.about])
    text = _("Go on planning “%(program)s”") % {"program": row.title}
    detail = _("Next step: %(step)s.") % {"step": step.label}
    return Need(row.kind, text, detail, step.url, _("Go on"))


def no_help(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("The help page has no number for an emergency")
    detail = _("No program can start before it has one.")
    return Need(row.kind, text, detail, reverse("accounts:new-contact", args=[row.name]), _("Add it"))


def no_independent(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("Nobody is appointed as independent person")
    detail = _("They look into reports that something left a group; never a coordinator or a director.")
    return Need(row.kind, text, detail, reverse("accounts:invite", args=[row.name]), _("Appoint somebody"))


def no_officer(row: Found, programs: dict[UUID, Program]) -> Need:
    text = _("Nobody is appointed as privacy officer")
    detail = _("They see who opened which text, never a text; nobody who runs programs or guides.")
    return Need(row.kind, text, detail, reverse("accounts:invite", args=[row.name]), _("Appoint somebody"))


def invitation(row: Found, programs: dict[UUID, Program]) -> Need:
    text = ngettext(
        "%(count)s invitation ran out unused", "%(count)s invitations ran out unused", row.number
    ) % {"count": row.number}
    return Need(row.kind, text, row.title, reverse("accounts:people", args=[row.name]), _("Send again"))


def say_again(row: Found, programs: dict[UUID, Program]) -> Need:
    text = ngettext(
        "%(count)s answer on the checklist is over a year old",
        "%(count)s answers on the checklist are over a year old",
        row.number,
    ) % {"count": row.number}
    detail = _("%(program)s. After a year and a half it no longer counts.") % {"program": row.title}
    return Need(row.kind, text, detail, address("checklist:answers", row.program), _("Answer again"))


#: By kind, the most pressing first.
SAY: dict[str, Callable[[Found, dict[UUID, Program]], Need]] = {
    "suspended": suspended,
    "code": code,
    **dict.fromkeys(ABOUT, questions),
    "leak": leak,
    "report": report,
    "offer": offer,
    "keep_time": keep_time,
    "answer": answer,
    "choose_time": choose_time,
    "log": log,
    "own_questions": own_questions,
    "outcome": outcome,
    "attendance_said": attendance_said,
    "offer_times": offer_times,
    "no_help": no_help,
    "no_independent": no_independent,
    "no_officer": no_officer,
    "no_lead": no_lead,
    "undelivered": undelivered,
    "wait_intake": wait_intake,
    "wait_group": wait_group,
    "no_room": no_room,
    "unseated": unseated,
    "start": start,
    "log_late": log_late,
    "declare": declare,
    "rules": rules,
    "share_again": share_again,
    "texts_leave": texts_leave,
    "say_again": say_again,
    "go_on": go_on,
    "invitation": invitation,
}
