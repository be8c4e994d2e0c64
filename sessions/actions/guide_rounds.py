"""What the guide of a group is asked about their own work: asked, reminded of, answered, corrected until it closes."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

import outbox
from accounts.models import User
from intervision import clock
from programs.models import Group, Guide
from sessions.errors import QuestionsClosed
from sessions.models import GuideRound

REMINDER = "guide-questions"
#: The worklist says it at once; a mail only comes when that was not enough.
AFTER, BEFORE = dt.timedelta(days=3), dt.timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to ask, as ids of the catalogue's items, and when."""

    kind: GuideRound.Kind
    questions: Sequence[str]
    opens_at: dt.datetime
    closes_at: dt.datetime


@transaction.atomic
def ask(group: Group, asked: Asked, *, at: dt.datetime) -> GuideRound | None:
    """The round of this moment; called again it follows the plan until somebody answered. None if nothing is asked."""
    row = GuideRound.objects.select_for_update(no_key=True).filter(group=group, kind=asked.kind).first()
    if row is None:
        if not asked.questions or asked.closes_at <= at:
            return None
        row = GuideRound.objects.create(
            group=group,
            kind=asked.kind,
            questions=list(asked.questions),
            opens_at=asked.opens_at,
            closes_at=asked.closes_at,
        )
    elif row.answered_at is None and (row.opens_at, row.closes_at) != (asked.opens_at, asked.closes_at):
        row.opens_at, row.closes_at = asked.opens_at, asked.closes_at
        row.save(update_fields=["opens_at", "closes_at"])
        outbox.cancel(about_id=row.pk, reason="moved")
    if row.answered_at is None:
        _remind(row, at)
    return row


def _remind(row: GuideRound, at: dt.datetime) -> None:
    """Written early for whoever leads now, judged when it leaves; not what is past already."""
    leads = Guide.objects.active().filter(group=row.group_id, role=Guide.Role.LEAD).select_related("user")
    for guide in leads:
        for due in (row.opens_at + AFTER, row.closes_at - BEFORE):
            if due > at:
                key = f"{REMINDER}:{row.pk}:{guide.user_id}:{int(due.timestamp())}"
                outbox.enqueue(REMINDER, about_id=row.pk, to=guide.user, key=key, at=at, due_at=due)


@transaction.atomic
def answer(row: GuideRound, answers: Mapping[str, int], *, by: User) -> GuideRound:
    """Keep the answers under the name of ``by``, or change them. Raises QuestionsClosed, having changed nothing."""
    now = clock.now()
    kept = GuideRound.objects.select_for_update().get(pk=row.pk)
    if not kept.is_open(now):
        raise QuestionsClosed
    kept.answers, kept.answered_by, kept.answered_at = dict(answers), by, now
    kept.save(update_fields=["answers", "answered_by", "answered_at"])
    outbox.cancel(about_id=kept.pk, reason="answered")
    return kept
