"""Messages about sessions, made from the rows of the moment when they leave. Neutral: no names, no content."""

import datetime as dt
import uuid
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import links
from accounts.models import User
from outbox import kinds
from outbox.mail import Gone, Mail, link
from programs.models import Program
from sessions import rules
from sessions.actions import guide_rounds, messages
from sessions.models import GroupSession, GuideRound

#: A link outlives its session by this: the log stays open for 14 days.
AFTER = dt.timedelta(days=30)
SILENT = (*messages.SILENT, Program.Stage.PAUSED)


def register() -> None:
    kinds.register(
        messages.IN_14_DAYS,
        in_14_days,
        label=gettext_lazy("Reminder: a session in 14 days"),
        promise="at_most_once",
    )
    kinds.register(
        messages.IN_2_DAYS,
        in_2_days,
        label=gettext_lazy("Reminder: a session in 2 days"),
        promise="at_most_once",
    )
    kinds.register(messages.CHANGED, changed, label=gettext_lazy("A session has changed"))
    kinds.register(messages.ADDED, added, label=gettext_lazy("A session has been added"))
    kinds.register(messages.CANCELLED, cancelled, label=gettext_lazy("A session is cancelled"))
    kinds.register(
        messages.LOG_MISSING,
        log_missing,
        label=gettext_lazy("Reminder: a session is not logged"),
        promise="at_most_once",
    )
    kinds.register(
        guide_rounds.REMINDER,
        guide_questions,
        label=gettext_lazy("Reminder: questions for the guide"),
        promise="at_most_once",
    )
    kinds.register(messages.SUBSTITUTE, stands_in, label=gettext_lazy("Standing in for one session"))


def in_14_days(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    return _coming(_("Your group meets in two weeks"), "in_14_days", about_id, recipient, at)


def in_2_days(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    return _coming(_("Your group meets soon"), "in_2_days", about_id, recipient, at)


def changed(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    return _coming(_("Your session has changed"), "changed", about_id, recipient, at)


def added(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    return _coming(_("There is one more session"), "added", about_id, recipient, at)


def cancelled(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    session = _session(about_id)
    if session is None or not session.is_cancelled or session.is_over(at):
        return Gone("changed")
    return _mail(_("Your session does not take place"), "cancelled", session, recipient, at)


def log_missing(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    session = _session(about_id)
    if session is None or session.is_cancelled or session.is_logged or not session.log_is_open(at):
        return Gone("logged")
    if not rules.can_log(recipient, session):
        return Gone("no longer guides")
    about = session.pk if rules.stands_in(recipient, session) else session.group_id
    path = reverse("sessions:log", args=[session.pk])
    address = _guide_link(recipient, about, path, session)
    return _compose(_("A session is waiting for its log"), "log_missing", session, address)


def guide_questions(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    rows = GuideRound.objects.to_answer(at).select_related("group__program__institution")
    row = rows.filter(pk=about_id).first()
    if row is None:
        return Gone("answered")
    if not rules.guides(recipient, row.group):
        return Gone("no longer guides")
    path = reverse("sessions:guide-round", args=[row.pk])
    program = row.group.program
    context = {
        "count": len(row.questions),
        "closes_at": row.closes_at,
        "program": program,
        "address": links.address(
            recipient, purpose="guide", about_id=row.group_id, path=path, expires_at=row.closes_at
        ),
        "help_url": link("/help/"),
    }
    subject = _("A few questions for you")
    return Mail(subject, "emails/sessions/guide_questions", context, program.institution.zone)


def stands_in(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    session = _session(about_id)
    if session is None or session.is_cancelled or session.is_over(at):
        return Gone("changed")
    if not rules.stands_in(recipient, session):
        return Gone("changed")
    return _mail(_("You stand in for one session"), "stands_in", session, recipient, at)


def _session(about_id: uuid.UUID) -> GroupSession | None:
    rows = GroupSession.objects.exclude(group__program__stage__in=SILENT).exclude(
        group__paused_at__isnull=False
    )
    return rows.select_related("group__program__institution", "room").filter(pk=about_id).first()


def _coming(
    subject: str, template: str, about_id: uuid.UUID, recipient: User, at: dt.datetime
) -> Mail | Gone:
    session = _session(about_id)
    if session is None or not session.is_open or session.starts_at <= at:
        return Gone("changed")
    return _mail(subject, template, session, recipient, at)


def _mail(
    subject: str, template: str, session: GroupSession, recipient: User, at: dt.datetime
) -> Mail | Gone:
    address = _address(session, recipient)
    return _compose(subject, template, session, address) if address else Gone("left")


def _address(session: GroupSession, recipient: User) -> str | None:
    """Where the recipient sees the session; None for whoever is not concerned any more."""
    group_page = reverse("sessions:group", args=[session.group_id])
    on = session.group.program.institution.on_day(session.starts_at)
    if place := session.group.memberships.taking_part(on).filter(user=recipient).first():
        return links.address(
            recipient,
            purpose="take_part",
            about_id=place.pk,
            path=group_page,
            expires_at=session.ends_at + AFTER,
        )
    if rules.guides(recipient, session.group):
        return _guide_link(recipient, session.group_id, group_page, session)
    if rules.stands_in(recipient, session):
        return _guide_link(recipient, session.pk, reverse("sessions:session", args=[session.pk]), session)
    return None


def _guide_link(recipient: User, about_id: uuid.UUID, path: str, session: GroupSession) -> str:
    expires_at = session.ends_at + AFTER
    return links.address(recipient, purpose="guide", about_id=about_id, path=path, expires_at=expires_at)


def _compose(subject: str, template: str, session: GroupSession, address: str) -> Mail:
    context: dict[str, Any] = {
        "session": session,
        "program": session.group.program,
        "address": address,
        "help_url": link("/help/"),
    }
    return Mail(subject, f"emails/sessions/{template}", context, session.group.program.institution.zone)
