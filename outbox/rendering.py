"""From a row to an e-mail, with the data and in the language of the moment."""

import datetime as dt
from email.utils import format_datetime
from functools import cache
from typing import Any

from css_inline import CSSInliner
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation

from outbox.kinds import Kind
from outbox.mail import Gone, Mail
from outbox.models import Message

#: Asks machines not to answer, so that nobody's "out of office" comes back to us.
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def render(message: Message, kind: Kind, *, at: dt.datetime) -> EmailMultiAlternatives | Gone:
    """The e-mail as things stand at ``at``, in its recipient's language, or why there is none."""
    recipient = receiver(message)
    if not recipient.is_active:
        return Gone("inactive")
    with translation.override(recipient.language):
        told = kind.render(message.about_id, recipient, at)
        return told if isinstance(told, Gone) else compose(told, message, to=recipient.email, at=at)


def receiver(message: Message) -> Any:
    """Whichever AUTH_USER_MODEL, with language, email and is_active; an unsaved one for a mere address."""
    return message.recipient or get_user_model()(email=message.address, language=message.language)


def compose(told: Mail, message: Message, *, to: str, at: dt.datetime) -> EmailMultiAlternatives:
    subject = " ".join(told.subject.split())  # a line break here would begin another header
    context = {**told.context, "subject": subject, "language": translation.get_language()}
    with timezone.override(told.zone):
        text = get_plain(told.template, context)
        html = get_template(f"{told.template}.html").render(context)
    email = EmailMultiAlternatives(
        subject,
        text,
        to=[to],
        reply_to=[settings.REPLY_TO_EMAIL] if settings.REPLY_TO_EMAIL else None,
        headers=AUTOMATIC | {"Message-ID": f"<{message.message_id}>", "Date": format_datetime(at)},
    )
    email.attach_alternative(inliner().inline(html), "text/html")
    return email


def get_plain(name: str, context: dict[str, Any]) -> str:
    """The text part. It is not HTML, so an apostrophe in a name stays one."""
    template: Any = get_template(f"{name}.txt")
    return str(template.template.render(Context(context, autoescape=False))).strip() + "\n"


@cache
def inliner() -> CSSInliner:
    """Moves the frame's styles onto its elements: many mail programs drop <style>."""
    return CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)
