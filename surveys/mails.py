"""Mails that lead to questions, made when they leave. They never look at who has answered."""

import datetime as dt
import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import links
from accounts.models import User
from outbox import kinds
from outbox.mail import Gone, Mail, link
from programs.models import Program
from surveys import invitations, rules
from surveys.actions import climate
from surveys.actions.telling import CLOSING, OPENED
from surveys.models import ClimateInvitation, Window

SILENT = (Program.Stage.DRAFT, Program.Stage.PAUSED, Program.Stage.CANCELLED)


def register() -> None:
    kinds.register(OPENED, opened, label=gettext_lazy("A few questions are open"), promise="at_most_once")
    kinds.register(
        CLOSING, closing, label=gettext_lazy("Reminder: questions close tomorrow"), promise="at_most_once"
    )
    kinds.register(
        climate.ASKED,
        climate_asked,
        label=gettext_lazy("Questions about the climate"),
        promise="at_most_once",
    )
    kinds.register(
        climate.CLOSING,
        climate_closing,
        label=gettext_lazy("Reminder: questions about the climate"),
        promise="at_most_once",
    )


def opened(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    return _mail(_("A few questions for you"), "opened", about_id, recipient, at)


def closing(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    return _mail(_("You can answer until tomorrow"), "closing", about_id, recipient, at)


def _mail(subject: str, template: str, about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    windows = Window.objects.open_at(at).exclude(group__program__stage__in=SILENT)
    window = windows.select_related("group__program__institution").filter(pk=about_id).first()
    if window is None or window.group.paused_at:
        return Gone("closed")
    place = rules.seat(recipient, window)
    if place is None:
        return Gone("left")
    if place.is_asked:
        return Gone("not answered")
    path = reverse("surveys:answer", args=[window.pk])
    address = links.address(
        recipient, purpose="take_part", about_id=place.pk, path=path, expires_at=window.closes_at
    )
    context = {
        "window": window,
        "program": window.group.program,
        "count": len(window.questions),
        "address": address,
        "help_url": link("/help/"),
    }
    return Mail(subject, f"emails/surveys/{template}", context, window.institution.zone)


def climate_asked(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    return _about_climate(_("Questions about working here"), "climate", about_id, at)


def climate_closing(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    return _about_climate(_("You can still answer"), "climate_closing", about_id, at)


def _about_climate(subject: str, template: str, about_id: uuid.UUID, at: dt.datetime) -> Mail | Gone:
    rows = ClimateInvitation.objects.select_related("stratum__round__institution")
    invitation = rows.filter(pk=about_id).first()
    if invitation is None or not invitation.stratum.round.is_open(at):
        return Gone("closed")
    house = invitation.stratum.round.institution
    context = {
        "round": invitation.stratum.round,
        "house": house,
        "count": len(invitation.stratum.questions),
        "address": invitations.address_of(invitation),
        "help_url": link(reverse("accounts:help", args=[house.slug])),
    }
    return Mail(subject, f"emails/surveys/{template}", context, house.zone)
