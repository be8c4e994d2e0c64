"""Messages about the intake's time, made from the rows of the moment when they leave."""

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
from programs.actions import intake_messages
from programs.models import Intake, IntakeSlot, Membership, Program

#: A link outlives the program by this, so that one's own page can still be read.
AFTER = dt.timedelta(days=30)
#: ... and lives this long where the program's last day is not known.
UNKNOWN_END = dt.timedelta(days=120)


def register() -> None:
    kinds.register(intake_messages.RESERVED, reserved_time, label=gettext_lazy("A reserved time"))
    kinds.register(intake_messages.BOOKED, intake_booked, label=gettext_lazy("A booked time"))
    kinds.register(intake_messages.CANCELLED, intake_cancelled, label=gettext_lazy("A cancelled time"))
    kinds.register(
        intake_messages.TOMORROW,
        intake_tomorrow,
        label=gettext_lazy("Reminder: your time is tomorrow"),
        promise="at_most_once",
    )
    kinds.register(
        intake_messages.NOT_BOOKED,
        intake_not_booked,
        label=gettext_lazy("Reminder: a time waits for your answer"),
        promise="at_most_once",
    )
    kinds.register(intake_messages.LIST, intake_list, label=gettext_lazy("The guide's list has changed"))


def reserved_time(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    place = live_place(about_id)
    slot = coming_time(place, at)
    if slot is None or slot.kept_at:
        return Gone("changed")
    return about_time(_("A time is reserved for you"), "reserved_time", slot, at)


def intake_booked(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    slot = coming_time(live_place(about_id), at)
    if slot is None:
        return Gone("changed")
    return about_time(_("Your time is booked"), "intake_booked", slot, at)


def intake_tomorrow(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    slot = coming_time(live_place(about_id), at)
    if slot is None or slot.starts_at > at + 2 * intake_messages.DAY:
        return Gone("changed")
    return about_time(_("Your appointment is soon"), "intake_tomorrow", slot, at)


def intake_not_booked(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    slot = coming_time(live_place(about_id), at)
    if slot is None or slot.kept_at:
        return Gone("answered")
    return about_time(_("A time waits for your answer"), "intake_not_booked", slot, at)


def intake_cancelled(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    place = live_place(about_id)
    if place is None or coming_time(place, at):
        return Gone("changed")
    subject = _("Your appointment does not go ahead")
    return mail(subject, "intake_cancelled", place, {"address": place_address(place, at)})


def intake_list(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    """To a guide: who comes when has changed. No names in the mail; they stand behind the link."""
    program = Program.objects.guided_by(recipient).select_related("institution").filter(pk=about_id).first()
    group = program and program.groups.guided_by(recipient).first()
    if program is None or group is None:
        return Gone("no longer guides")
    path = reverse("programs:guide-intakes", args=[program.pk])
    address = links.address(
        recipient, purpose="guide", about_id=group.pk, path=path, expires_at=link_ends(program, at)
    )
    template = "emails/programs/intake_list"
    context = {"address": address} | of_house(program)
    return Mail(_("Your list of appointments has changed"), template, context, program.institution.zone)


def live_place(about_id: uuid.UUID) -> Membership | None:
    """The membership, if its person still takes part and the program goes on."""
    closed = (Program.Stage.COMPLETED, Program.Stage.CANCELLED, Program.Stage.PAUSED)
    places = Membership.objects.live().exclude(program__stage__in=closed)
    return places.select_related("program__institution", "user").filter(pk=about_id).first()


def coming_time(place: Membership | None, at: dt.datetime) -> IntakeSlot | None:
    if place is None or Intake.objects.filter(membership=place, state__in=("held", "held_late")).exists():
        return None
    slots = IntakeSlot.objects.filter(membership=place, starts_at__gt=at)
    return slots.select_related(
        "room", "guide", "membership__program__institution", "membership__user"
    ).first()


def about_time(subject: str, template: str, slot: IntakeSlot, at: dt.datetime) -> Mail | Gone:
    place = slot.membership
    if place is None:
        return Gone("changed")
    minutes = int((slot.ends_at - slot.starts_at).total_seconds() // 60)
    context = {"slot": slot, "minutes": minutes, "address": place_address(place, at)}
    return mail(subject, template, place, context)


def mail(subject: str, template: str, place: Membership, context: dict[str, Any]) -> Mail:
    context |= of_house(place.program)
    return Mail(subject, f"emails/programs/{template}", context, place.program.institution.zone)


def of_house(program: Program) -> dict[str, Any]:
    """What every mail of a program says about its house."""
    house = program.institution
    return {
        "program": program,
        "institution": house,
        "help_url": link(reverse("accounts:help", args=[house.slug])),
    }


def place_address(place: Membership, at: dt.datetime) -> str:
    """The personal link to the member's own page."""
    path = reverse("programs:my-place", args=[place.pk])
    return links.address(
        place.user,
        purpose="take_part",
        about_id=place.pk,
        path=path,
        expires_at=link_ends(place.program, at),
    )


def link_ends(program: Program, at: dt.datetime) -> dt.datetime:
    if program.ends_on is None:
        return at + UNKNOWN_END
    last = dt.datetime.combine(program.ends_on, dt.time(), program.institution.zone) + AFTER
    return max(last, at + AFTER)
