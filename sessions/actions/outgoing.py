"""What a program has sent and will send: looked through, taken back, tried again."""

import re

from django.db.models import CharField, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone, translation

from accounts import links
from intervision import clock
from outbox import kinds
from outbox.mail import Gone, Mail
from outbox.models import Message
from outbox.models.message import MessageQuerySet
from outbox.rendering import get_plain, receiver
from programs.models import Group, IntakeSlot, Membership, Program
from sessions.models import GroupSession

State = Message.State
BY_HAND = "by hand"
#: A personal link opens somebody's own page: nobody else gets to see it whole.
PERSONAL_LINK = re.compile(r"(/link/)[^/\s]+")


def messages_of(program: Program) -> MessageQuerySet:
    """Every message about the program, its people, groups, intakes and sessions."""
    about = Q(about_id=program.pk)
    for rows in (
        Membership.objects.filter(program=program),
        Group.objects.filter(program=program),
        IntakeSlot.objects.filter(program=program),
        GroupSession.objects.filter(group__program=program),
    ):
        about |= Q(about_id__in=rows.order_by().values("pk"))
    return Message.objects.filter(about)


def to_whom(messages: MessageQuerySet, program: Program) -> MessageQuerySet:
    """Each with ``to``: the name of its receiver as it is shown in ``program``, or the address."""
    names = Subquery(program.memberships.shown_names("recipient")), "recipient__name", "address"
    return messages.select_related("recipient").annotate(to=Coalesce(*names, output_field=CharField()))


def search(messages: MessageQuerySet, program: Program, text: str) -> MessageQuerySet:
    """Those to somebody whose name or address, as they are shown in ``program``, holds ``text``."""
    members = program.memberships.order_by()
    others = Q(recipient__name__icontains=text) | Q(recipient__email__icontains=text)
    others &= ~Q(recipient__in=members.values("user"))
    found = Q(recipient__in=members.search(text).values("user"))
    return messages.filter(found | others | Q(address__icontains=text))


def take_back(message: Message) -> bool:
    """Do not send it after all. False when it has left, or is leaving, already."""
    planned = Message.objects.filter(pk=message.pk, state=State.PENDING)
    return bool(planned.update(state=State.CANCELLED, lease_until=None, error_class=BY_HAND))


def put_back(message: Message) -> bool:
    """Undo ``take_back``, as long as its time has not come."""
    taken = Message.objects.filter(pk=message.pk, state=State.CANCELLED, error_class=BY_HAND)
    return bool(taken.filter(due_at__gt=clock.now()).update(state=State.PENDING, error_class=""))


def preview(message: Message) -> tuple[str, str]:
    """Subject and text as things stand now, in the receiver's language, without their personal link.

    Both are empty when there is nothing left to tell.
    """
    kind = kinds.find(message.kind)
    if kind is None:
        return "", ""
    to = receiver(message)
    with links.withheld(), translation.override(to.language):
        told = kind.render(message.about_id, to, clock.now())
        subject, words = ("", "") if isinstance(told, Gone) else _words(told)
    return subject, PERSONAL_LINK.sub(r"\1…", words)


def _words(told: Mail) -> tuple[str, str]:
    with timezone.override(told.zone):
        return told.subject, get_plain(told.template, dict(told.context))
