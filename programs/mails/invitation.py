"""The invitation to a program, and word that it does not go on."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from outbox import kinds
from outbox.mail import Gone, Mail, link
from programs.actions import stages
from programs.mails.intakes import live_place, place_address
from programs.models import IntakeSlot, Membership, Program

#: Stands in a preview where the receiver's own link will be.
PREVIEW_PATH = "/link/"


def register() -> None:
    kinds.register(stages.INVITATION, invitation, label=gettext_lazy("The invitation"))
    kinds.register(stages.CANCELLED, program_cancelled, label=gettext_lazy("The program does not go on"))


def invitation(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    place = live_place(about_id)
    if place is None:
        return Gone("no longer invited")
    if place.accepted_at:
        return Gone("answered")
    slot = IntakeSlot.objects.filter(membership=place, starts_at__gt=at).select_related("room").first()
    return invitation_mail(place.program, address=place_address(place, at), slot=slot)


def invitation_mail(program: Program, *, address: str, slot: IntakeSlot | None = None) -> Mail:
    context: dict[str, Any] = {
        "program": program,
        "institution": program.institution,
        "slot": slot,
        "before_slot": slot is not None and slot.is_before_closing(program),
        "address": address,
        "minutes": int((slot.ends_at - slot.starts_at).total_seconds() // 60) if slot else None,
        "help_url": help_url(program),
    }
    return Mail(_("An invitation"), "emails/programs/invitation", context, program.institution.zone)


def preview(program: Program) -> Mail:
    """The invitation as somebody without a reserved time gets it; its link leads nowhere."""
    return invitation_mail(program, address=link(PREVIEW_PATH))


def help_url(program: Program) -> str:
    return link(reverse("accounts:help", args=[program.institution.slug]))


def program_cancelled(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    """To somebody with a place, then ``about_id`` is the place; to who guides, then it is the program."""
    ended = Program.objects.filter(stage=Program.Stage.CANCELLED).select_related("institution")
    places = Membership.objects.live().filter(pk=about_id)
    program = ended.filter(Q(pk=about_id) | Q(pk__in=places.values("program"))).first()
    if program is None:
        return Gone("no longer in it")
    context = {"program": program, "institution": program.institution, "help_url": help_url(program)}
    subject = _("A program does not go on")
    return Mail(subject, "emails/programs/program_cancelled", context, program.institution.zone)
