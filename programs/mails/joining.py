"""Messages about coming in, a seat that is offered or given, and changes of a group."""

import datetime as dt
import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import links
from accounts.models import User
from outbox import kinds
from outbox.mail import Gone, Mail
from programs import join_links
from programs.actions import joining, running, waiting
from programs.mails import intakes as mails
from programs.models import GroundRulesConfirmation, Group, JoinRequest, Membership


def register() -> None:
    kinds.register(joining.LINK, join_link, label=gettext_lazy("A link to come in by"))
    kinds.register(joining.INVITE, join_open, label=gettext_lazy("The next round is open"))
    kinds.register(waiting.SEATED, seat_given, label=gettext_lazy("A place in a group"))
    kinds.register(waiting.OFFER, seat_offer, label=gettext_lazy("A place is held for you"))
    kinds.register(running.JOINED, somebody_joined, label=gettext_lazy("The group has changed"))
    kinds.register(running.LEFT, left, label=gettext_lazy("You have left"))


def join_link(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    return way_in(about_id, at, _("Your link to come in by"), "join_link")


def join_open(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    return way_in(about_id, at, _("The next round is open"), "join_open")


def way_in(about_id: uuid.UUID, at: dt.datetime, subject: str, template: str) -> Mail | Gone:
    request = JoinRequest.objects.select_related("program__institution").filter(pk=about_id).first()
    if request is None or not request.program.is_open_to_join or not request.is_open(at):
        return Gone("closed")
    context = {"program": request.program, "address": join_links.address_of(request)}
    return Mail(subject, f"emails/programs/{template}", context, request.program.institution.zone)


def seat_given(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    place = mails.live_place(about_id)
    if place is None or place.group_id is None:
        return Gone("changed")
    return mails.mail(_("You have a place"), "seat_given", place, {"address": mails.place_address(place, at)})


def seat_offer(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    place = mails.live_place(about_id)
    offer = waiting.open_offer(place) if place else None
    if place is None or offer is None:
        return Gone("changed")
    address = mails.place_address(place, at)
    return mails.mail(
        _("A place is held for you"), "seat_offer", place, {"address": address, "until": offer.offer_until}
    )


def somebody_joined(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    """To members and guides alike, without saying who; ``about_id`` is the group."""
    group = Group.objects.select_related("program__institution").filter(pk=about_id).first()
    if group is None:
        return Gone("closed")
    place = Membership.objects.seated().filter(group=group, user=recipient).first()
    rules = group.ground_rules.first()
    asked = (
        rules is not None
        and not GroundRulesConfirmation.objects.filter(ground_rules=rules, user=recipient).exists()
    )
    if place is None and not group.guides.active().filter(user=recipient).exists():
        return Gone("left")
    context = {"program": group.program, "asked": asked and place is not None}
    context["address"] = mails.place_address(place, at) if place else guide_address(group, recipient, at)
    return Mail(
        _("Your group has changed"), "emails/programs/group_changed", context, group.program.institution.zone
    )


def guide_address(group: Group, guide: User, at: dt.datetime) -> str:
    """The personal link to the group's page, whose name belongs to a higher room."""
    return links.address(
        guide,
        purpose="guide",
        about_id=group.pk,
        path=reverse("sessions:group", args=[group.pk]),
        expires_at=mails.link_ends(group.program, at),
    )


def left(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    places = Membership.objects.filter(pk=about_id, state=Membership.State.LEFT)
    place = places.select_related("program__institution", "user").first()
    if place is None:
        return Gone("taken back")
    return mails.mail(_("You do not take part any more"), "left", place, {})
