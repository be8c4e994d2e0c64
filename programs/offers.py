"""Texts leave some time after a program ends. Before that everybody in it is told twice to take theirs along.

Everybody alike, whether they wrote anything or not: who gets the message says nothing about that.
"""

import datetime as dt

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

import outbox
from accounts import periods
from accounts.models import Institution, User
from outbox.models import Message
from programs.models import Membership, Program, StageChange

ENDED, LEAVING = "program-ended", "texts-leave"
#: The second offer goes out so long before the texts leave, and they never leave sooner after it.
NOTICE = dt.timedelta(days=7)
TEXTS = ("goal", "preparation", "private_line")
OVER = (Program.Stage.COMPLETED, Program.Stage.CANCELLED)
#: Places whose pages were open to their person, who may have written there, also before a no or a goodbye.
KNOWN = Q(invited_at__isnull=False) | Q(accepted_at__isnull=False)
ON_THE_WAY = (Message.State.PENDING, Message.State.LEASED)


def end_of(program: Program) -> StageChange | None:
    """The change that ended ``program``; none while it goes on, also when it was taken up again."""
    return program.stage_changes.order_by("created_at").last() if program.is_over else None


def leaves_at(house: Institution, ended: dt.datetime) -> dt.datetime:
    """When the first texts of a program of ``house`` that ended at ``ended`` are no longer kept."""
    kept = [kind.period for key, kind in periods.table(house).items() if key in TEXTS]
    return min(period.after(ended) for period in kept if period)


def offer(program: Program, *, at: dt.datetime) -> int:
    """Tell whom it concerns what is due and was not told; how many that were. May run at any time.

    Where the second offer is due already, the first is not made up for.
    """
    end = end_of(program)
    if end is None:
        return 0
    due = at >= leaves_at(program.institution, end.created_at) - NOTICE
    kind = LEAVING if due else ENDED
    told = Message.objects.filter(kind=kind, about_id=program.pk, created_at__gte=end.created_at)
    people = to_tell(program).exclude(pk__in=told.values("recipient"))
    for person in people:
        outbox.enqueue(kind, about_id=program.pk, to=person, key=f"{kind}:{end.pk}:{person.pk}", at=at)
    return len(people)


def to_tell(program: Program) -> QuerySet[User]:
    """Everybody who knew of ``program`` and is not erased, once each."""
    places = program.memberships.filter(KNOWN).order_by()
    people: QuerySet[User] = User.objects.filter(pk__in=places.values("user"), erased_at=None).order_by("pk")
    return people


def may_leave(at: dt.datetime) -> QuerySet[Membership]:
    """Places whose texts wait for no offer at ``at``: the second was made, or tried in vain, ``NOTICE`` before."""
    changes = StageChange.objects.filter(program=OuterRef("program")).order_by().values("program")
    made = Message.objects.exclude(state__in=ON_THE_WAY).filter(
        Q(created_at__gte=OuterRef("ended_at")),
        kind=LEAVING,
        about_id=OuterRef("program"),
        recipient=OuterRef("user"),
    )
    long_ago = made.annotate(settled_at=Coalesce(F("sent_at"), F("due_at"))).filter(
        settled_at__lte=at - NOTICE
    )
    places = Membership.objects.annotate(
        ended_at=Subquery(changes.annotate(last=Max("created_at")).values("last"))
    )
    return places.filter(~KNOWN | Exists(long_ago))
