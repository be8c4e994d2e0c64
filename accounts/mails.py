"""What this room tells by mail, made from the rows of the moment when it is sent."""

import datetime as dt
import uuid

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import invitations, links
from accounts.models import Invitation, PersonalLink, User
from outbox import kinds
from outbox.mail import Gone, Mail, link


def register() -> None:
    kinds.register("link-again", link_again, label=gettext_lazy("A link, asked for again"))
    kinds.register("account-invitation", account_invitation, label=gettext_lazy("Invitation to sign in"))
    kinds.register("password-reset", password_reset, label=gettext_lazy("A new password, asked for"))
    kinds.register("sign-in-changed", sign_in_changed, label=gettext_lazy("Signing in was changed"))


def link_again(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    row = PersonalLink.objects.filter(pk=about_id, user=recipient).first()
    if row is None or not row.is_open(at):
        return Gone("link ended")
    button = {"button_url": links.address_of(row), "button_label": _("Open your page")}
    return Mail(_("Your link"), "emails/accounts/link_again", button)


def account_invitation(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    invitation = Invitation.objects.select_related("institution", "user").filter(pk=about_id).first()
    if invitation is None or not invitations.is_open(invitation):
        return Gone("invitation over")
    institution = invitation.institution
    context = {
        "institution": institution,
        "help_url": link(reverse("accounts:help", args=[institution.slug])),
        "expires_at": invitation.expires_at,
        "button_url": invitations.address_of(invitation),
        "button_label": _("Accept the invitation"),
    }
    return Mail(_("Your invitation"), "emails/accounts/invitation", context, zone=institution.zone)


def password_reset(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    if not recipient.has_usable_password():
        return Gone("cannot sign in")
    key = {"uidb36": user_pk_to_url_str(recipient), "key": default_token_generator.make_token(recipient)}
    button = {
        "button_url": link(reverse("account_reset_password_from_key", kwargs=key)),
        "button_label": _("Choose a new password"),
    }
    return Mail(_("A new password"), "emails/accounts/password_reset", button)


def sign_in_changed(about_id: uuid.UUID, recipient: User, at: dt.datetime) -> Mail | Gone:
    button = {
        "button_url": link(reverse("account_reset_password")),
        "button_label": _("It was not me: choose a new password"),
    }
    return Mail(_("Signing in was changed"), "emails/accounts/sign_in_changed", button)
