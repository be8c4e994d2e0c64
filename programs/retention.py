import datetime as dt
import uuid
from collections.abc import Collection

from django.db.models import Max, Q

from catalogue import retention
from catalogue.retention import House, Old
from intervision import batches
from programs import offers
from programs.actions import joining
from programs.models import LearningGoal, PeopleImport, Preparation, Program, StageChange

#: How long a list of people may wait to be confirmed; the coordinator has the file.
LISTS_FOR = dt.timedelta(days=30)


def old(*, at: dt.datetime, houses: Collection[House] = ()) -> Old:
    """Own texts of programs long over, once their owners were told twice to take them along."""
    places = offers.may_leave(at).values("pk")
    return {
        kind: [
            model.objects.filter(membership__in=places, membership__program__in=over_since(kind, at, houses))
        ]
        for kind, model in (("goal", LearningGoal), ("preparation", Preparation))
    }


def purge(*, at: dt.datetime, houses: Collection[House] = ()) -> dict[str, int]:
    """Delete old texts, and what was typed by or about people who never came in."""
    unfinished = (PeopleImport.State.CHECKED, PeopleImport.State.FAILED)
    lists = PeopleImport.objects.filter(state__in=unfinished, created_at__lt=at - LISTS_FOR)
    texts = batches.delete_all(old(at=at, houses=houses))
    return texts | {"part": joining.forget(at=at) + lists.exclude(rows=[]).update(rows=[])}


def over_since(kind: str, at: dt.datetime, houses: Collection[House] = ()) -> list[uuid.UUID]:
    """Programs that were over so long before ``at`` that ``kind`` of theirs is no longer kept.

    A program is over since its last change of stage; one that somebody goes on with afterwards is not over.
    """
    over = Program.objects.filter(stage__in=(Program.Stage.COMPLETED, Program.Stage.CANCELLED))
    long_over = Q(last__lt=retention.cutoff(kind, at))
    for house, before in retention.shorter(kind, at, houses):
        long_over |= Q(program__institution=house.id, last__lt=before)
    changes = StageChange.objects.filter(program__in=over).order_by().values("program")
    last = changes.annotate(last=Max("created_at")).filter(long_over)
    return list(last.values_list("program", flat=True))
