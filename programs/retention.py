import datetime as dt
import uuid

from django.db.models import Max

from catalogue import retention
from intervision import batches
from programs.actions import joining
from programs.models import LearningGoal, PeopleImport, Preparation, Program, StageChange

#: How long a list of people may wait to be confirmed; the coordinator has the file.
LISTS_FOR = dt.timedelta(days=30)


def purge(*, at: dt.datetime) -> dict[str, int]:
    """Delete own texts of programs long over, and what was typed by or about people who never came in."""
    unfinished = (PeopleImport.State.CHECKED, PeopleImport.State.FAILED)
    lists = PeopleImport.objects.filter(state__in=unfinished, created_at__lt=at - LISTS_FOR)
    texts = {
        kind: batches.delete(model.objects.filter(membership__program__in=over_since(kind, at)))
        for kind, model in (("goal", LearningGoal), ("preparation", Preparation))
    }
    return texts | {"part": joining.forget(at=at) + lists.exclude(rows=[]).update(rows=[])}


def over_since(kind: str, at: dt.datetime) -> list[uuid.UUID]:
    """Programs that were over so long before ``at`` that ``kind`` of theirs is no longer kept.

    A program is over since its last change of stage; one that somebody goes on with afterwards is not over.
    """
    over = Program.objects.filter(stage__in=(Program.Stage.COMPLETED, Program.Stage.CANCELLED))
    changes = StageChange.objects.filter(program__in=over).order_by().values("program")
    last = changes.annotate(last=Max("created_at")).filter(last__lt=retention.cutoff(kind, at))
    return list(last.values_list("program", flat=True))
