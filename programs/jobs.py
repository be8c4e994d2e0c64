"""The long work of this room, done in a worker."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outbox import jobs
from outbox.models import Job
from outbox.progress import Progress
from programs.actions import people_store
from programs.errors import ImportStored, ProgramsError
from programs.models import PeopleImport

State = PeopleImport.State


def register() -> None:
    jobs.register(
        people_store.JOB,
        import_people,
        label=gettext_lazy("Storing a list of people"),
        page="programs:people-import",
        keeps=False,
    )


def import_people(job: Job, progress: Progress) -> dict[str, Any]:
    """Store a checked list, all of it or nothing; begun again it finds what is true by now."""
    waiting = PeopleImport.objects.filter(pk=job.about_id)
    people_import = waiting.select_related("program__institution").get()
    total = len(people_import.rows)

    def step(done: int) -> bool:
        return progress.step(min(done, total), _("%(done)s people") % {"done": done})

    try:
        stored = people_store.store(people_import, step=step)
    except ImportStored:
        return dict(PeopleImport.objects.get(pk=job.about_id).counts)
    except people_store.Stopped:
        waiting.filter(state=State.STORING).update(state=State.CHECKED)
        return {}
    except ProgramsError:
        waiting.filter(state=State.STORING).update(state=State.CHECKED)
        raise
    return dict(stored.counts)
