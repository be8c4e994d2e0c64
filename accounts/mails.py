"""What this room tells by mail, made from the rows of the moment when it is sent."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import links
from accounts.models import PersonalLink, User
from outbox import kinds
from outbox.mail import Gone, Mail


def register() -> None:
    kinds.register("link-again", link_again, label=gettext_lazy("A link, asked for again"))


def link_again(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    link = PersonalLink.objects.filter(pk=about_id, user=recipient).first()
    if link is None or not link.is_open(at):
        return Gone("link ended")
    button = {"button_url": links.address_of(link), "button_label": _("Open your page")}
    return Mail(_("Your link"), "emails/accounts/link_again", button)
