"""Before what people wrote for themselves leaves, they are offered to take it along."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from catalogue import retention
from programs import offers
from programs.models import LearningGoal, Preparation, Program, StageChange
from sessions.models import PrivateLine


def offer(*, at: dt.datetime) -> int:
    """Tell members of programs that ended what is due by ``at``; how many messages that were."""
    return sum(offers.offer(program, at=at) for program in concerned(at))


def concerned(at: dt.datetime) -> QuerySet[Program]:
    """Programs that ended not long ago, and older ones of which a text is still kept."""
    since = min(retention.cutoff(kind, at) for kind in offers.TEXTS)
    lately = StageChange.objects.filter(program=OuterRef("pk"), created_at__gte=since)
    kept = Q(Exists(lately))
    for text in (LearningGoal, Preparation, PrivateLine):
        kept |= Q(Exists(text.objects.filter(membership__program=OuterRef("pk"))))
    return Program.objects.filter(kept, stage__in=offers.OVER).select_related("institution").order_by("pk")
