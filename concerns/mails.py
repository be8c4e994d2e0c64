"""Messages about reports. Neutral: no group, no name, no kind; what it is about stands on the page behind the link."""

import datetime as dt
import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from concerns import actions
from concerns.models import LeakReport
from outbox import kinds
from outbox.mail import Gone, Mail, link
from programs.models import Program


def register() -> None:
    kinds.register(actions.REPORTED, reported, label=gettext_lazy("A report for the independent person"))
    kinds.register(
        actions.WAITS, waits, label=gettext_lazy("Reminder: a report waits"), promise="at_most_once"
    )
    kinds.register(actions.NEWS, news, label=gettext_lazy("News about a report"))
    kinds.register(actions.CONFIRMED, confirmed, label=gettext_lazy("A choice about a group"))


def reported(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    return _to_independent("reported", about_id, recipient)


def waits(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    return _to_independent("waits", about_id, recipient)


def _to_independent(template: str, about_id: uuid.UUID, recipient: User) -> Mail | Gone:
    report = LeakReport.objects.to_look_into_by(recipient).filter(pk=about_id).first()
    if report is None:
        return Gone("not theirs")
    if report.is_settled:
        return Gone("settled")
    context = {"address": link(reverse("concerns:report", args=[report.pk]))}
    return Mail(_("Something is waiting for you"), f"emails/concerns/{template}", context)


def news(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    if not LeakReport.objects.made_by(recipient).filter(pk=about_id).exists():
        return Gone("forgotten")
    context = {"address": link(reverse("concerns:mine")), "by_code": link(reverse("concerns:follow"))}
    return Mail(_("There is news for you"), "emails/concerns/news", context)


def confirmed(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    program = (
        Program.objects.coordinated_by(recipient).select_related("institution").filter(pk=about_id).first()
    )
    if program is None:
        return Gone("no longer coordinates")
    if not LeakReport.objects.confirmed().filter(group__program=program).exists():
        return Gone("repaired")
    context = {"program": program, "address": link(reverse("concerns:confirmed", args=[program.pk]))}
    zone = program.institution.zone
    return Mail(_("A choice is needed in a program"), "emails/concerns/confirmed", context, zone)
